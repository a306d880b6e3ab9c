"""Every error of the API as problem details (RFC 9457), from wherever it comes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest
from django.utils.translation import gettext, gettext_lazy, override
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kb.languages.offered import ENGLISH, of_browser
from kb.site import database_away, disk
from papers.ingest import files_away
from papers.search.words.index import Unusable

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30
TITLES = {
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Sign-in needed"),
    403: gettext_lazy("Forbidden"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Not acceptable"),
    409: gettext_lazy("Conflict"),
    410: gettext_lazy("Gone"),
    412: gettext_lazy("Precondition failed"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unsupported media type"),
    422: gettext_lazy("Cannot be processed"),
    428: gettext_lazy("Precondition required"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Internal server error"),
    503: gettext_lazy("Service unavailable"),
    507: gettext_lazy("Insufficient storage"),
}
"""Kinds of problems by status, for other languages than English, which says it as HTTP does."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ParameterError:
    """What is wrong with one query parameter. `code` is for programs, `message` for people."""

    parameter: str
    code: str
    message: str


class InvalidParameters(exceptions.APIException):
    """The query string says something that cannot be done; lists everything that is wrong."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid_parameters"

    def __init__(self, errors: list[ParameterError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors


class Refused(exceptions.APIException):
    """It cannot be done as things stand; the detail says why."""

    status_code = HTTPStatus.CONFLICT
    default_code = "not_possible"


class Gone(exceptions.APIException):
    """The record was here and was withdrawn."""

    status_code = HTTPStatus.GONE
    default_detail = "This record was withdrawn."
    default_code = "gone"


class BeingBuilt(exceptions.APIException):
    """There is no search index yet; it is built in a minute or two."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The search index is being built. Lists without conditions work meanwhile."
    default_code = "index_being_built"
    wait = RETRY_SECONDS


class DatabaseAway(exceptions.APIException):
    """PostgreSQL is being started again."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The database is starting again. Try again in a moment."
    default_code = "database_away"
    wait = database_away.RETRY_SECONDS


class FilesAway(exceptions.APIException):
    """The storage of files does not answer."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = files_away.SENTENCE
    default_code = "files_away"
    wait = files_away.RETRY_SECONDS


class DiskFull(exceptions.APIException):
    """Nothing more can be written."""

    status_code = HTTPStatus.INSUFFICIENT_STORAGE
    default_detail = disk.SENTENCE
    default_code = "disk_full"
    wait = disk.RETRY_SECONDS


def problem_response(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: problem details for every exception, unexpected ones included."""
    request = context.get("request")
    if isinstance(error, Http404):
        error = exceptions.NotFound(*error.args)
    elif isinstance(error, PermissionDenied):
        error = _denied(error, request)
    elif isinstance(error, Unusable):
        error = BeingBuilt()
    elif database_away.is_away(error):
        log.warning("The database is away: %s", error)
        error = DatabaseAway()
    elif files_away.is_away(error):
        log.warning("The storage of files is away: %s", error)
        error = FilesAway()
    elif disk.is_full(error):
        log.error("The disk is full: %s", error)
        error = DiskFull()
    elif not isinstance(error, exceptions.APIException):
        error = _unexpected(error, context)
    set_rollback()
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, int(wait)))
    headers["Vary"] = "Accept-Language"
    return Response(
        problem(error, request), error.status_code, headers=headers, content_type=MEDIA_TYPE
    )


def in_words(status: int, detail: str, request: HttpRequest | None) -> tuple[str, str]:
    """Title and detail in the language that Accept-Language prefers, as far as they are known."""
    language = of_browser(request.headers.get("Accept-Language", "")) if request else None
    phrase = HTTPStatus(status).phrase
    if language is None or language == ENGLISH:
        return phrase, detail
    with override(language.code):
        return str(TITLES.get(status, phrase)), gettext(detail) if detail else detail


def problem(error: exceptions.APIException, request: HttpRequest | None) -> dict[str, Any]:
    """The body: type, title, status, detail, instance, and `errors` for parameters."""
    title, detail = in_words(error.status_code, _detail(error), request)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": int(error.status_code),
        "detail": detail,
        "instance": request.get_full_path() if request else "",
    }
    if isinstance(error, InvalidParameters):
        body["errors"] = [asdict(part) for part in error.errors]
    elif isinstance(error.detail, dict | list):
        body["errors"] = list(_field_errors(error.detail))
    return body


def _denied(error: PermissionDenied, request: Request | None) -> exceptions.APIException:
    """403 for whoever is known; 401, and how to become known, for everybody else."""
    if request is None or request.user.is_authenticated:
        return exceptions.PermissionDenied(*error.args)
    refused = exceptions.NotAuthenticated(*error.args)
    refused.auth_header = 'Bearer realm="api"'  # type: ignore[attr-defined]
    return refused


def _field_errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """What a serializer refused, field by field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            place = pointer if name == "non_field_errors" else f"{pointer}/{name}"
            yield from _field_errors(inner, place)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, pointer)
    else:
        yield {"pointer": pointer, "code": str(detail.code), "message": str(detail)}


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error.detail, str):
        return str(error.detail)
    errors = _field_errors(error.detail)
    return " ".join(
        f"{text['pointer'].strip('/')}: {text['message']}".strip(": ") for text in errors
    )


def _unexpected(error: Exception, context: dict[str, Any]) -> exceptions.APIException:
    """Tell the log and Django's own listeners; tell the client nothing about the inside."""
    request = context.get("request")
    log.exception("unexpected error in the API", exc_info=error)
    got_request_exception.send(sender=type(context.get("view")), request=request)
    return exceptions.APIException("Something went wrong on our side. It has been logged.")
