"""What addresses that take records of runs share: one file, who sends it, refusals as problems."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from accounts.models import User
from accounts.roles import NotPossible, signed_in
from kb.api.machinery.views import ReadView
from kb.pages.uploads.limits import cap_uploads
from reproductions.attested import shapes
from work.job import LeaseLost

T = TypeVar("T")


class RecordUnprocessable(exceptions.APIException):
    """What was sent is not taken; the detail says why, and what to do."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "not_taken"


class LeaseEnded(exceptions.APIException):
    """The run is not this runner's any more."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "The lease of this run has ended. Others may have it now."
    default_code = "lease_ended"


def answered(act: Callable[[], T]) -> T:
    """What `act` gives; refusals and ended leases as problems."""
    try:
        return act()
    except NotPossible as error:
        raise RecordUnprocessable(str(error)) from error
    except LeaseLost as error:
        raise LeaseEnded() from error


class TakesRecord(ReadView):
    """Takes one file of at most as many bytes as a record may have."""

    parser_classes = (MultiPartParser,)
    repeats_by_itself = True
    scope = "run"

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.watch = cap_uploads(request, shapes.MOST_BYTES)
        return super().initialize_request(request, *args, **kwargs)

    def file(self, request: Request, name: str) -> bytes:
        """The file of that field."""
        sent = request.FILES.get(name)
        if self.watch.refused:
            raise RecordUnprocessable(f"{name}: at most {shapes.MOST_BYTES // 2**20} MiB.")
        if sent is None:
            raise RecordUnprocessable(f"{name}: send a file under this name.")
        return bytes(sent.read())


def member_of(request: Request) -> User:
    """The account that asks; 401 without one."""
    if not request.user.is_authenticated:
        raise exceptions.NotAuthenticated()
    return signed_in(request.user)
