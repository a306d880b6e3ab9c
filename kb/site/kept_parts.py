"""Parts of pages for readers without an account, kept in a process until anything public changes.

The rule is that of whole answers (`kb.site.page_cache`): a part is kept under the state of the
public site, and under all else that it depends on. It serves pages that have to be made: of readers
who ask for another page of the same list, with other words, or in another form.

The state is asked for before the request reads anything, so what is kept under it is never older
than it. In a transaction nothing is kept, because a state tells of what is committed. Kept is
nothing personal: only requests without a session and without a token look here, and no part with a
form's token or a nonce is kept. What the clock alone changes shows after `KB_PAGE_CACHE_SECONDS`.

A part that follows from what was read in this request, and from nothing else, has a finer key: the
very values that were read (`kept_of`). A change elsewhere leaves it kept, and a change of what it
shows makes other values, so it is never stale either. A part that asks the database while it is
made follows from more than these values: it is made anew each time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.utils.translation import get_language

from kb.site import public_changes
from papers.search.words import reader
from papers.search.words.index import Unusable

MOST_CHARACTERS = 12_000_000
SIZE_OF_OTHERS = 20_000  # characters that a part counts for that is no text
OVERHEAD = 300  # of a key and its place
PERSONAL = ("csrfmiddlewaretoken", "X-CSRFToken", "nonce=")
T = TypeVar("T")


def note_state(request: HttpRequest) -> str:
    """The state of the public site and of the search index, before this request reads anything.

    "" for requests that are one reader's own, and while the database does not answer or there is no
    index: for them nothing is kept.
    """
    state = ""
    if (
        settings.KB_PAGE_CACHE_SECONDS
        and request.method in ("GET", "HEAD")
        and not _is_own(request)
    ):
        try:
            view = reader.view()
            state = f"{_public_state()} {view.where.name} {view.stamp}"
        except (Error, Unusable):
            state = ""
    request.public_state = state  # type: ignore[attr-defined]
    return state


def _public_state() -> str:
    """The state by one question, which also proves the connection: so no other is asked for that.

    A connection that the server has closed is opened anew.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return public_changes.state()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return public_changes.state()


def _is_own(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers


def kept(request: HttpRequest, name: str, make: Callable[[], T], *depends_on: Hashable) -> T:
    """What `make` returns, made once while nothing public changes.

    name: of the kind of part. depends_on: what it depends on beside the data, the language and the
    address of the site. `make` reads all that it needs itself, or what was read in this request;
    what it returns must not be changed by anybody.
    """
    state = getattr(request, "public_state", "")
    if not state or connection.in_atomic_block:
        return make()
    key = (state, get_language(), request.scheme, request.get_host(), name, *depends_on)
    found = _parts.find(key)
    if found is not None:
        return found  # type: ignore[return-value]
    made = make()
    _keep(key, made)
    return made


def kept_of(
    request: HttpRequest, name: str, make: Callable[[], T], made_of: object, *depends_on: Hashable
) -> T:
    """What `make` returns, made once of the same values, whatever changes elsewhere.

    made_of: all that `make` shows of the data, as it was read in this request: values that `repr`
    writes in full, or the versions of all rows that it reads. For the rest see `kept`. What asks
    the database while it is made, but by a `Later`, or holds a part that is kept by the state of
    the site, is not kept.
    """
    if not getattr(request, "public_state", ""):
        return make()
    values = hashlib.blake2b(repr(made_of).encode("utf-8", "surrogatepass"), digest_size=24)
    key = (values.digest(), get_language(), request.scheme, request.get_host(), name, *depends_on)
    found = _parts.find(key)
    if found is not None:
        return found  # type: ignore[return-value]
    questions, looked = _Questions(), _looked(request)
    with connection.execute_wrapper(questions):
        made = make()
    if not questions.asked and looked == _looked(request):
        _keep(key, made)
    return made


def note_dependence(request: HttpRequest) -> None:
    """Say that what is being made holds a part that only the state of the site tells from others:
    then it is not kept by its values alone."""
    request.parts_of_the_state = _looked(request) + 1  # type: ignore[attr-defined]


def _looked(request: HttpRequest) -> int:
    return getattr(request, "parts_of_the_state", 0)


def _keep(key: Hashable, made: object) -> None:
    if not (isinstance(made, str) and any(mark in made for mark in PERSONAL)):
        _parts.keep(key, made, len(made) if isinstance(made, str) else SIZE_OF_OTHERS)


class _Questions:
    """Notes whether the database was asked."""

    asked = False

    def __call__(self, execute: Callable[..., object], *asked: object) -> object:
        self.asked = self.asked or not _reading.is_foreseen
        return execute(*asked)


class _Reading(threading.local):
    is_foreseen = False


_reading = _Reading()
"""Whether this thread reads what a `Later` reads: whoever gives one says what it depends on."""


class Later:
    """What a page needs only if it is not kept: read when it is first asked for, and then once."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self._make = make
        self._made: dict[str, Any] | None = None

    def values(self) -> dict[str, Any]:
        """The names and what they stand for."""
        if self._made is None:
            before, _reading.is_foreseen = _reading.is_foreseen, True
            try:
                self._made = self._make()
            finally:
                _reading.is_foreseen = before
        return self._made


class Shelf:
    """Things kept in this process by their keys; what was put there first goes where no room is
    left."""

    def __init__(self, most: int) -> None:
        """most: the sum of sizes that may be kept."""
        self.most = most
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[float, int, Any]] = {}
        self._size = 0

    def find(self, key: Hashable) -> object:
        """What was kept within the last `KB_PAGE_CACHE_SECONDS`; None else."""
        at, _, thing = self._kept.get(key, (0.0, 0, None))
        return thing if time.monotonic() - at < settings.KB_PAGE_CACHE_SECONDS else None

    def keep(self, key: Hashable, thing: object, size: int) -> None:
        """Keep it in the place of what had the key. What is larger than all the room is not."""
        size += OVERHEAD
        if size > self.most:
            return
        with self._lock:
            self._drop(key)
            self._kept[key] = (time.monotonic(), size, thing)
            self._size += size
            while self._size > self.most:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Keep nothing of what is there."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        _, size, _ = self._kept.pop(key, (0.0, 0, None))
        self._size -= size


_parts = Shelf(MOST_CHARACTERS)


def forget() -> None:
    """Keep nothing of what was made so far."""
    _parts.forget()
