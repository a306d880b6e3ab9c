"""What a request brings along: the reader's theme, and the session that opens an account."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.sessions import note_session
from kb.site import disk
from kb.site.health import healthz
from papers.ingest import files_away
from papers.search.words.index import Unusable

THEMES = ("auto", "light", "dark")


class Health:
    """Answers /healthz before anything looks at the host: load balancers ask by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return healthz(request)
        return self.get_response(request)


class ReadOnlyMirror:
    """On a mirror nothing is written: what asks for it is sent to the site that is mirrored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KB_MIRROR:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _READING or request.path == "/choices/theme":
            return self.get_response(request)
        text = "This is a read-only mirror: write to the site that it mirrors."
        return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")


_READING = ("GET", "HEAD", "OPTIONS")


class ReaderChoices:
    """Puts `request.theme` ('auto', 'light', 'dark') on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        theme = request.COOKIES.get("theme", "auto")
        request.theme = theme if theme in THEMES else "auto"  # type: ignore[attr-defined]
        return self.get_response(request)


class SessionsNoted:
    """Notes once an hour where a session is used, so that its owner can see and end it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        note_session(request)
        return response


class NothingUnstorable:
    """Nothing reaches a view with NUL, which no text in PostgreSQL can hold.

    No record has it in its address (404); in a question to a page it is left out; a form with it is
    refused (400). The API says itself which of its parameters is wrong.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            from kb.pages.site import not_found

            return not_found(request, Http404("No address has a NUL character in it."))
        if _has_nul(request.GET) and not request.path.startswith("/api/"):
            request.GET = QueryDict(request.GET.urlencode().replace("%00", ""))  # type: ignore[assignment]
        if request.content_type == _FORM and _has_nul(request.POST):
            return render(request, "400.html", {"reason": _NUL}, status=400)
        return self.get_response(request)


_NUL = "A NUL character stands in it, which no text can hold."
_FORM = "application/x-www-form-urlencoded"  # files come as another type, read by their views


def _has_nul(values: QueryDict) -> bool:
    return any("\x00" in name or "\x00" in "".join(texts) for name, texts in values.lists())


class IndexAwaited:
    """503 and Retry-After for what only the search index can answer, while there is none.

    And 507 for what could not be written, because the disk is full; 503 for what needs a file while
    the storage of files is away.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a page that raised Unusable; None for everything else."""
        if disk.is_full(error):
            return HttpResponse(
                disk.SENTENCE,
                status=507,
                headers={"Retry-After": str(disk.RETRY_SECONDS)},
                content_type="text/plain; charset=utf-8",
            )
        if files_away.is_away(error):
            return HttpResponse(
                files_away.SENTENCE,
                status=503,
                headers={"Retry-After": str(files_away.RETRY_SECONDS)},
                content_type="text/plain; charset=utf-8",
            )
        if not isinstance(error, Unusable):
            return None
        text = "The search index is being built. Try again in a minute."
        return HttpResponse(
            text,
            status=503,
            headers={"Retry-After": "30"},
            content_type="text/plain; charset=utf-8",
        )
