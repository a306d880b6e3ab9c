"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST that may be sent again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import IdempotencyKey, User
from accounts.roles import scopes_of, signed_in

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location",)


class KeyReused(exceptions.APIException):
    """The key belongs to another request."""

    status_code = 422
    default_detail = "This Idempotency-Key was used with another request. Take a new one."
    default_code = "key_reused"


class RoleChanged(exceptions.PermissionDenied):
    """The account might do then what it may not do now, so that it is not told again either."""

    default_detail = "Your role has changed since this request was answered."
    default_code = "role_changed"


class InFlight(exceptions.APIException):
    """The first request with this key is still at work."""

    status_code = 409
    default_detail = "A request with this Idempotency-Key is at work. Ask again in a moment."
    default_code = "in_flight"
    wait = 1


def once(request: Request, handler: Callable[..., Response]) -> Callable[..., Response]:
    """`handler`, made to answer a repeated request as it answered the first.

    The answer is stored in the transaction of the act: a crash leaves neither, and the repeated
    request is then the first one. Refusals are not stored; their key can be used again.
    """
    key = key_of(request)
    if not key or not request.user.is_authenticated:
        return handler
    digest = _digest(request)

    def answered_once(*args: Any, **kwargs: Any) -> Response:
        return answer_once(request, key, digest, lambda: handler(*args, **kwargs))

    return answered_once


def key_of(request: Request) -> str:
    """The request's key, or ""."""
    key = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise exceptions.ParseError(
            "Idempotency-Key: 1 to 255 printable ASCII characters without spaces."
        )
    return key


def answer_once(
    request: Request, key: str, digest: str, act: Callable[[], Response], *, waits: bool = False
) -> Response:
    """The answer of `act`, or the one that an earlier request with this key and digest got.

    waits: for a request with this key that is still at work; otherwise that raises InFlight.
    Raises KeyReused when the key came with another digest.
    """
    with transaction.atomic():
        _take_lock(int(request.user.pk or 0), key, waits=waits)
        if (known := _known(signed_in(request.user), key)) is not None:
            return _again(known, digest, signed_in(request.user))
        response = act()
        if response.status_code < 400:
            _store(signed_in(request.user), key, digest, response)
        else:
            transaction.set_rollback(True)
    return response


def forget_old_keys() -> int:
    """Delete the answers that nobody needs any more."""
    return IdempotencyKey.objects.filter(made_at__lt=timezone.now() - IdempotencyKey.KEPT).delete()[
        0
    ]


def _digest(request: Request) -> str:
    """What makes two requests the same: method, address, kind of body, body."""
    head = f"{request.method} {request.get_full_path()} {request.content_type}\n"
    return hashlib.sha256(head.encode() + request._request.body).hexdigest()


def _take_lock(user_pk: int, key: str, *, waits: bool = False) -> None:
    """Ours until the transaction ends. Raises InFlight when somebody else holds it."""
    name = hashlib.sha256(f"idempotency:{user_pk}:{key}".encode()).digest()[:8]
    number = int.from_bytes(name, "big", signed=True)
    with connection.cursor() as cursor:
        if waits:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            return
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InFlight()


def _known(user: User, key: str) -> IdempotencyKey | None:
    """The stored answer, unless it is older than a day."""
    known = IdempotencyKey.objects.filter(user=user, key=key).first()
    if known and known.made_at < timezone.now() - IdempotencyKey.KEPT:
        known.delete()
        return None
    return known


def _again(known: IdempotencyKey, digest: str, user: User) -> Response:
    if known.request_sha256 != digest:
        raise KeyReused()
    if not set(known.scopes) <= set(scopes_of(user)):
        raise RoleChanged()
    headers = {**known.headers, "Idempotency-Replayed": "true"}
    return Response(known.body, known.status, headers=headers)


def _store(user: User, key: str, digest: str, response: Response) -> None:
    rendered = JSONRenderer().render(response.data)
    IdempotencyKey.objects.create(
        user_id=user.pk,
        key=key,
        request_sha256=digest,
        scopes=list(scopes_of(user)),
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body=json.loads(rendered) if rendered else None,
    )
