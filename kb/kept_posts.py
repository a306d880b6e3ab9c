"""What somebody wrote when their session had ended: kept, and shown again after they sign in.

A form that is sent without a session leads to the sign-in page. The texts of the form wait in the
session that the sign-in continues; afterwards the reader comes back to the page that the form stood
on, where the texts stand above it to be copied, until they are dismissed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

KEY = "kept_post"
LONGEST = 50_000
"""Characters that are kept in all; a long review has 10,000."""
_NOT_TEXTS = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}


class KeptPosts:
    """Keeps the texts of a form that led to the sign-in page, and leads back to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            request.method != "POST"
            or request.user.is_authenticated
            or not _asks_to_sign_in(response)
        ):
            return response
        page = page_of_form(request)
        if texts := texts_of(request):
            request.session[KEY] = {"page": page, "texts": texts}
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page}, safe='/')}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)


def _asks_to_sign_in(response: HttpResponse) -> bool:
    where = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and where == resolve_url(settings.LOGIN_URL)


def page_of_form(request: HttpRequest) -> str:
    """The page of this site that the form was sent from; the front page when that is not known."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def texts_of(request: HttpRequest) -> list[str]:
    """What a person may have written into the form, in order; choices and secrets left out."""
    texts = [
        value
        for name, values in request.POST.lists()
        if name not in _NOT_TEXTS
        for value in values
        if len(value.strip()) > 20 or " " in value.strip()
    ]
    kept, length = [], 0
    for text in texts:
        length += len(text)
        if length <= LONGEST:
            kept.append(text)
    return kept


def kept_post(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for the reader, once they are signed in; None for nothing."""
    if not hasattr(request, "session") or not request.user.is_authenticated:
        return None
    return request.session.get(KEY)


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """The reader has copied the texts."""
    request.session.pop(KEY, None)
    return HttpResponseRedirect(page_of_form(request))
