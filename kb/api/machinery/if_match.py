"""If-Match on changes: nobody overwrites what they have not seen (RFC 9110, RFC 6585)."""

from __future__ import annotations

from http import HTTPStatus

from rest_framework import exceptions
from rest_framework.request import Request

from kb.api.machinery.views import ReadView, etag_of


class Unseen(exceptions.APIException):
    """The change names no state that it is based on."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag of the record as you last read it."
    default_code = "precondition_required"


class ChangedMeanwhile(exceptions.APIException):
    """The record is not what the change was based on."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "The record changed since you read it. Read it again, then change it."
    default_code = "precondition_failed"


def require_match(view: ReadView, request: Request, row: object) -> None:
    """Raise Unseen or ChangedMeanwhile unless If-Match names the row as GET shows it now.

    Call it inside a transaction, with the row locked. `*` stands for "whatever it is". The mark W/
    that compression puts before an ETag on its way is ignored.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Unseen()
    if given == "*":
        return
    now = etag_of(request, view.get_serializer(row).data)
    if now not in {tag.strip().removeprefix("W/") for tag in given.split(",")}:
        raise ChangedMeanwhile()
