"""The language of an answer, by its address; and what language its reader would rather have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from kb.languages.addresses import found_alone
from kb.languages.offered import ENGLISH, Language, languages, of_browser, of_path

COOKIE = "language"
_P = ParamSpec("_P")
_T = TypeVar("_T")


def in_english(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """What machines read from a page is the same in all languages, addresses included."""

    @wraps(function)
    def speaking_english(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        with override(ENGLISH.code):
            return function(*args, **kwargs)

    return speaking_english


class LanguageByAddress:
    """Speaks the language that the address names, whatever account and browser say.

    So an address shows everybody the same language, can be sent to others and kept by caches.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = of_path(request.path_info)
        request.LANGUAGE_CODE = language.code  # type: ignore[attr-defined]
        with override(language.code):
            response = self.get_response(request)
        if response.status_code == 404 and language.prefix:
            response = found_alone(request) or response
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language.tag)
            patch_vary_headers(response, ["Accept-Language"])  # of the line that offers another
        return response


def wanted(request: HttpRequest) -> Language | None:
    """What the reader would rather read: said here, else in the account, else by the browser."""
    user = getattr(request, "user", None)
    code = request.COOKIES.get(COOKIE) or getattr(user, "language", "")
    for language in languages():
        if code == language.code:
            return language
    return of_browser(request.headers.get("Accept-Language", ""))
