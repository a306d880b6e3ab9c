"""What a reader chose: theme and language of names, kept in cookies without any account."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

THEMES = ("auto", "light", "dark")


class ReaderChoices:
    """Puts `request.theme` ('auto', 'light', 'dark') on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        theme = request.COOKIES.get("theme", "auto")
        request.theme = theme if theme in THEMES else "auto"  # type: ignore[attr-defined]
        return self.get_response(request)
