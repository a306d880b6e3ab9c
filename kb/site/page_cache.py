"""Answers for readers without an account, kept until anything public changes.

The one rule: an answer is kept under a key that holds the state of the public site
(`public_changes.state`), of the search index, and everything of the request that an answer may
depend on. So none is ever stale, and nothing has to be emptied. What the clock alone changes (a
deadline that passes) shows after `KB_PAGE_CACHE_SECONDS`.

Kept is nothing personal: no request with a session or a token is looked at, no answer with a cookie
or a form's token is kept, and nonces are cut out and drawn anew for each reader.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from kb.languages.middleware import COOKIE, wanted
from kb.languages.offered import bare
from kb.site.kept_parts import Shelf, note_state

LARGEST = 512 * 1024
MOST_AT_HAND = 24 * 2**20  # bytes in each process of the web server
HARMLESS_COOKIES = frozenset({"theme", COOKIE, settings.CSRF_COOKIE_NAME})
# Of the request, what answers depend on beside its address.
ASKED_BY = ("Accept", "HX-Request", "HX-Target", "HX-Boosted", "Range")
NEVER = ("/accounts/", "/admin/", "/healthz", "/static/")
# Headers that belong to one reader or one moment.
NOT_KEPT = frozenset({"RateLimit", "RateLimit-Policy", "Set-Cookie", "Date", "Content-Length"})
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


@dataclass(frozen=True)
class Kept:
    """An answer as it lies in the cache.

    place: stands where each reader gets a nonce of their own, "" where none is needed. It is drawn
    for each answer, so that nobody can write it into a text beforehand. made_at: when, in seconds
    since 1970.
    """

    body: bytes
    headers: tuple[tuple[str, str], ...]
    place: str
    made_at: float


class PageCache:
    """Answers what is kept, and keeps what may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request, note_state(request))
        if not key:
            return self.get_response(request)
        if kept := _found(key):
            return _answer(request, kept)
        # Whoever asks whether something is new makes it whole for all who come after.
        conditions = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        response = self.get_response(request)
        request.META.update(conditions)
        if made := _to_keep(request, response):
            if request.method == "GET":  # a view may leave the body of a HEAD away
                cache.set(key, made, settings.KB_PAGE_CACHE_SECONDS)
                _at_hand.keep(key, made, len(made.body))
            return _answer(request, made)
        return _if_changed(request, response)


_at_hand = Shelf(MOST_AT_HAND)
"""What this process was asked for last: a question to Valkey and what it takes to read its answer
cost more than all else about a kept page."""


def _found(key: str) -> Kept | None:
    """What is kept under the key, here or for all processes, and is not too old."""
    kept = _at_hand.find(key)
    if kept is None:
        kept = cache.get(key)
        if isinstance(kept, Kept):
            _at_hand.keep(key, kept, len(kept.body))
    if not isinstance(kept, Kept) or time.time() - kept.made_at > settings.KB_PAGE_CACHE_SECONDS:
        return None
    return kept


def forget() -> None:
    """Keep no answer any more."""
    _at_hand.forget()
    cache.clear()


def key_of(request: HttpRequest, public_state: str) -> str:
    """Under what the answer to this request is kept; "" for what is nobody else's to read."""
    if not public_state or request.method not in ("GET", "HEAD"):
        return ""
    if set(request.COOKIES) - HARMLESS_COOKIES:
        return ""
    if bare(request.path).startswith(NEVER) or "If-Match" in request.headers:
        return ""
    parts = [request.scheme, request.headers.get("Host", ""), request.get_full_path()]
    parts += [request.COOKIES.get("theme", ""), str(wanted(request))]
    parts += [request.headers.get(name, "") for name in ASKED_BY]
    digest = hashlib.sha256(repr((public_state, parts)).encode("utf-8", "surrogatepass"))
    return f"answer:{digest.hexdigest()}"


def _to_keep(request: HttpRequest, response: HttpResponse) -> Kept | None:
    """The answer without what belongs to its first reader; None when it is not for others."""
    control = response.headers.get("Cache-Control", "")
    if response.status_code != 200 or response.streaming or response.cookies:
        return None
    if "private" in control or "no-store" in control or len(response.content) > LARGEST:
        return None
    body = response.content
    if b"csrfmiddlewaretoken" in body or b"X-CSRFToken" in body:
        return None
    nonce = str(getattr(request, "_csp_nonce", None) or "")
    headers = {name: value for name, value in response.items() if name not in NOT_KEPT}
    place = secrets.token_hex(16) if nonce else ""
    headers.setdefault("ETag", _etag(body.replace(nonce.encode(), b"") if nonce else body))
    if nonce:
        body = body.replace(nonce.encode(), place.encode())
        headers = {name: value.replace(nonce, place) for name, value in headers.items()}
    return Kept(body, tuple(headers.items()), place, time.time())


def _etag(body: bytes) -> str:
    """Weak: two answers with it differ in their nonces alone."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """A kept answer for this reader: 304 if they have it, else with a nonce of their own."""
    headers = dict(kept.headers)
    if any(name in request.META for name in CONDITIONS):
        unchanged = _if_changed(request, HttpResponse(b"", headers=headers))
        if unchanged.status_code == 304:
            return unchanged
    body = kept.body
    if kept.place:
        nonce = secrets.token_urlsafe(16)
        body = body.replace(kept.place.encode(), nonce.encode())
        headers = {name: value.replace(kept.place, nonce) for name, value in headers.items()}
    return HttpResponse(body, headers=headers)


def _if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An answer that is not kept: 304 where its own ETag or date says that the reader has it."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    if response.status_code != 200 or not (etag or modified):
        return response
    seconds = parse_http_date_safe(modified) if modified else None
    decided = get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
    return decided or response  # type: ignore[return-value]
