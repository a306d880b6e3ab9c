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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from papers.models import SourceVisit

LARGEST_BYTES = 8 * 2**20
TIMEOUT_SECONDS = 20.0
KEPT_SECONDS = 24 * 3600
MOST_REDIRECTS = 3
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Source:
    """Somebody we ask, and the manners they ask for. spacing_seconds: between two requests."""

    name: str
    hosts: tuple[str, ...]
    spacing_seconds: float


class SourceProblem(Exception):
    """The source gave no answer; the text names it and says that nothing was changed."""

    def __init__(self, source: Source, why: str) -> None:
        super().__init__(f"{source.name} {why} Nothing was changed.")
        self.source = source


class NotThere(SourceProblem):
    """The source answered that it does not know the work."""


transport: httpx.BaseTransport | None = None
"""Tests put recorded answers here; None is the network."""


def get(source: Source, url: str, *, accept: str = "*/*") -> bytes:
    """The body behind an address of `source`; answers of the last day are remembered.

    Raises NotThere for 404, SourceProblem for everything else that is not an answer.
    """
    key = "fetched:" + hashlib.sha256(f"{url} {accept}".encode()).hexdigest()
    known = cache.get(key)
    if isinstance(known, bytes):
        return known
    with _turn(source):
        body = _get(source, url, accept)
    cache.set(key, body, KEPT_SECONDS)
    return body


@contextlib.contextmanager
def _turn(source: Source) -> Iterator[None]:
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
            time.sleep(max(0.0, min((ready - timezone.now()).total_seconds(), PATIENCE_SECONDS)))
        try:
            yield
        finally:
            with contextlib.suppress(DatabaseError):
                SourceVisit.objects.filter(source=source.name).update(at=timezone.now())


def _get(source: Source, url: str, accept: str) -> bytes:
    target = httpx.URL(url)
    agent = "living-survey/0.1"
    if settings.KB_CONTACT_MAIL:
        agent += f" (mailto:{settings.KB_CONTACT_MAIL})"
    headers = {"User-Agent": agent, "Accept": accept}
    try:
        with httpx.Client(
            transport=transport, timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False
        ) as client:
            for _ in range(MOST_REDIRECTS + 1):
                answer, body = _one_request(client, source, target, headers)
                if answer.is_redirect:
                    target = target.join(answer.headers.get("Location", ""))
                    continue
                return _checked(source, answer, body)
    except httpx.TimeoutException as problem:
        raise SourceProblem(
            source, f"did not answer within {TIMEOUT_SECONDS:.0f} s; try again later."
        ) from problem
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        raise SourceProblem(source, "cannot be reached from here; try again later.") from problem
    raise SourceProblem(source, "sends us round in circles.")


def _one_request(
    client: httpx.Client, source: Source, target: httpx.URL, headers: dict[str, str]
) -> tuple[httpx.Response, bytes]:
    """Ask the checked address under the host's own name; stop reading when it is too much."""
    if target.scheme != "https" or target.port not in (None, 443):
        raise SourceProblem(source, "points to an address that is not asked.")
    if target.host not in source.hosts:
        raise SourceProblem(source, "points to another host, which is not asked.")
    address = public_address(source, target.host)
    request = client.build_request(
        "GET",
        target.copy_with(host=address),
        headers=headers | {"Host": target.host},
        extensions={"sni_hostname": target.host},
    )
    answer = client.send(request, stream=True)
    try:
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > LARGEST_BYTES:
                raise SourceProblem(source, "answers with more than we read.")
            parts.append(part)
    finally:
        answer.close()
    return answer, b"".join(parts)


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


def _checked(source: Source, answer: httpx.Response, body: bytes) -> bytes:
    if answer.status_code == 200:
        return body
    if answer.status_code in (404, 410):
        raise NotThere(source, "does not know this work.")
    if answer.status_code in (429, 503):
        raise SourceProblem(source, "is busy and asks us to wait; try again in a few minutes.")
    raise SourceProblem(source, f"answered with an error ({answer.status_code}).")
