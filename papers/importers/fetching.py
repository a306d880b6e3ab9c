"""Asking sources outside, and nobody else: named hosts, public addresses, small answers, in turn.

The host's address is looked up once, checked, and then connected to, so that a name which changes
its mind cannot lead inside. Redirects are followed only to the same named hosts.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from papers.models import SourceVisit

LARGEST_BYTES = 8 * 2**20
TIMEOUT_SECONDS = 20.0
LONGEST_SECONDS = 90.0
"""For one whole answer: a source that sends a byte now and then must not hold a worker."""
KEPT_SECONDS = 24 * 3600
MOST_REDIRECTS = 3
PATIENCE_SECONDS = 20
LONGEST_WAIT_SECONDS = 3600


@dataclass(frozen=True)
class Source:
    """Somebody we ask, and the manners they ask for. spacing_seconds: between two requests."""

    name: str
    hosts: tuple[str, ...]
    spacing_seconds: float


class SourceProblem(Exception):
    """The source gave no answer; the text names it and says that nothing was changed.

    why: the same without the name. wait_seconds: how long it asked us to leave it alone. status: of
    its answer, 0 where there was none.
    """

    def __init__(
        self, source: Source, why: str, wait_seconds: float = 0.0, status: int = 0
    ) -> None:
        super().__init__(f"{source.name} {why} Nothing was changed.")
        self.source = source
        self.why = why
        self.wait_seconds = wait_seconds
        self.status = status


class NotThere(SourceProblem):
    """The source answered that it does not know the work."""


@dataclass(frozen=True)
class Reply:
    """What a source sent: 200 with a body, or 304 where it was asked for news only."""

    status: int
    headers: Mapping[str, str]
    body: bytes


transport: httpx.BaseTransport | None = None
"""Tests put recorded answers here; None is the network."""


def get(source: Source, url: str, *, accept: str = "*/*") -> bytes:
    """The body behind an address of `source`; answers of the last day are remembered.

    Raises NotThere for 404, SourceProblem for everything else that is not an answer.
    """
    return get_answer(source, url, accept=accept).body


@dataclass(frozen=True)
class Answer:
    """A body with those of its headers that lead on; names in small letters."""

    body: bytes
    headers: dict[str, str]


_KEPT_HEADERS = ("link", "total-results", "last-modified-version")


def get_answer(source: Source, url: str, *, accept: str = "*/*") -> Answer:
    """As `get`, with headers. A source that asks us to wait (`Backoff`) is let alone as long.

    Raises NotThere for 404, SourceProblem for everything else that is not an answer.
    """
    key = "answer:" + hashlib.sha256(f"{url} {accept}".encode()).hexdigest()
    known = cache.get(key)
    if isinstance(known, Answer):
        return known
    with _turn(source) as turn:
        reply = _ask(source, url, {"Accept": accept}, "GET")
        turn.wait_seconds = _wait_seconds(reply.headers.get("backoff", ""))
    kept = {name: reply.headers[name] for name in _KEPT_HEADERS if name in reply.headers}
    answer = Answer(reply.body, kept)
    cache.set(key, answer, KEPT_SECONDS)
    return answer


@dataclass
class _Turn:
    """What a request learnt about the next one: how long the source wants to be let alone."""

    wait_seconds: float = 0.0


class Busy(SourceProblem):
    """The source asks us to wait so many seconds."""

    def __init__(self, source: Source, seconds: float, status: int = 429) -> None:
        why = "is busy and asks us to wait; try again in a few minutes."
        super().__init__(source, why, seconds, status)
        self.seconds = seconds


def ask(
    source: Source, url: str, headers: Mapping[str, str] | None = None, *, method: str = "GET"
) -> Reply:
    """The answer of this moment, in turn with all others who ask `source`.

    headers: beside our own, as If-None-Match. Raises as `get` does.
    """
    with _turn(source):
        return _ask(source, url, dict(headers or {}), method)


@contextlib.contextmanager
def _turn(source: Source) -> Iterator[_Turn]:
    """One request at a time and not too soon, over all processes: a row lock makes them wait.

    Raises SourceProblem when others stay ahead too long.
    """
    SourceVisit.objects.get_or_create(source=source.name)
    with transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
                visit = SourceVisit.objects.select_for_update().get(source=source.name)
        except OperationalError as problem:
            raise SourceProblem(source, "is being asked by others; try in a minute.") from problem
        if visit.at:
            ready = visit.at + timedelta(seconds=source.spacing_seconds)
            wait = (ready - timezone.now()).total_seconds()
            if wait > PATIENCE_SECONDS + source.spacing_seconds:
                raise SourceProblem(source, f"asks us to wait; try again in {wait:.0f} seconds.")
            time.sleep(max(0.0, min(wait, PATIENCE_SECONDS)))
        turn = _Turn()
        try:
            yield turn
        except Busy as busy:
            turn.wait_seconds = busy.seconds
            raise
        finally:
            again = timezone.now() + timedelta(seconds=min(turn.wait_seconds, LONGEST_WAIT_SECONDS))
            with contextlib.suppress(DatabaseError):
                SourceVisit.objects.filter(source=source.name).update(at=again)


def _ask(source: Source, url: str, more: dict[str, str], method: str) -> Reply:
    target = httpx.URL(url)
    agent = "living-survey/0.1"
    if settings.KB_CONTACT_MAIL:
        agent += f" (mailto:{settings.KB_CONTACT_MAIL})"
    headers = {"User-Agent": agent, "Accept": "*/*"} | more
    try:
        with httpx.Client(
            transport=transport, timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False
        ) as client:
            for _ in range(MOST_REDIRECTS + 1):
                answer, body = _one_request(client, source, target, headers, method)
                if answer.has_redirect_location:
                    target = target.join(answer.headers["Location"])
                    if target.host not in source.hosts:
                        raise SourceProblem(
                            source,
                            "points to another host, which is not asked.",
                            status=answer.status_code,
                        )
                    continue
                return _checked(source, answer, body)
    except httpx.TimeoutException as problem:
        raise SourceProblem(
            source, f"did not answer within {TIMEOUT_SECONDS:.0f} s; try again later."
        ) from problem
    except httpx.RemoteProtocolError as problem:
        raise SourceProblem(source, "broke off in the middle of its answer.") from problem
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        raise SourceProblem(source, "cannot be reached from here; try again later.") from problem
    raise SourceProblem(source, "sends us round in circles.")


def _one_request(
    client: httpx.Client,
    source: Source,
    target: httpx.URL,
    headers: dict[str, str],
    method: str,
) -> tuple[httpx.Response, bytes]:
    """Ask the checked address under the host's own name; stop reading when it is too much."""
    if target.host not in source.hosts:
        raise SourceProblem(source, "points to another host, which is not asked.")
    if is_inside(target):
        request = client.build_request(method, target, headers=headers)
    else:
        if target.scheme != "https" or target.port not in (None, 443):
            raise SourceProblem(source, "points to an address that is not asked.")
        request = client.build_request(
            method,
            target.copy_with(host=public_address(source, target.host)),
            headers=headers | {"Host": target.host},
            extensions={"sni_hostname": target.host},
        )
    until = time.monotonic() + LONGEST_SECONDS
    answer = client.send(request, stream=True)
    try:
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > LARGEST_BYTES:
                raise SourceProblem(
                    source, "answers with more than we read.", status=answer.status_code
                )
            if time.monotonic() > until:
                raise SourceProblem(source, "answers too slowly; try again later.")
            parts.append(part)
    finally:
        answer.close()
    return answer, b"".join(parts)


def is_inside(target: httpx.URL) -> bool:
    """Whether the operator named this host and port as one of this network that may be asked."""
    return f"{target.host}:{target.port or 443}" in settings.KB_WATCH_INSIDE


def public_address(source: Source, host: str) -> str:
    """An address of `host` that is on the public internet. Raises SourceProblem."""
    try:
        addresses = resolve(host)
    except OSError as problem:
        raise SourceProblem(source, "cannot be reached from here; try again later.") from problem
    if not addresses or not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise SourceProblem(source, "leads to an address inside this network, which is not asked.")
    return addresses[0]


def resolve(host: str) -> list[str]:
    """All addresses of a name."""
    rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _checked(source: Source, answer: httpx.Response, body: bytes) -> Reply:
    if answer.status_code in (200, 206, 304):
        return Reply(answer.status_code, dict(answer.headers), body)
    if answer.status_code in (404, 410):
        raise NotThere(source, "does not know this work.", status=answer.status_code)
    if answer.status_code in (429, 503):
        wait = answer.headers.get("retry-after") or answer.headers.get("backoff", "")
        raise Busy(source, _wait_seconds(wait), answer.status_code)
    raise SourceProblem(
        source,
        f"answered with an error ({answer.status_code}).",
        status=answer.status_code,
    )


def _wait_seconds(header: str) -> float:
    """Seconds of a Retry-After or Backoff, which is a number or a date; 0 for none."""
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 7:
        return float(text)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - timezone.now()).total_seconds())
    return 0.0
