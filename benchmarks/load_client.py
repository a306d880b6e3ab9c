"""Readers for `benchmarks.load`: connections that ask, and know little more of HTTP than an end.

A full client takes more processor time for a request than the site takes for a kept answer, and
both share this machine.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.2  # of a reader who was told to come again


@dataclass
class Figures:
    """What came of a load: seconds of each answer, counts by status, errors."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    wall: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall if self.wall else 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds below which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0

    def note(self, status: int, seconds: float, retry: bool) -> None:
        """429 and 503 that say when to come again are no errors; all else beyond 399 is one."""
        self.seconds.append(seconds)
        self.statuses[status] += 1
        if status >= 400 and not (status in (429, 503) and retry):
            self.errors[str(status)] += 1


@dataclass(frozen=True)
class Answer:
    status: int
    retry: bool
    body: bytes


class Reader:
    """One connection, opened anew where the site closes it."""

    def __init__(self, site: str, headers: str = "") -> None:
        """headers: further lines of each request, each with its end."""
        parts = urlsplit(site)
        self.host, self.port = str(parts.hostname), parts.port or 80
        self.lines = f"Host: {self.host}:{self.port}\r\n{headers}\r\n"
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str) -> Answer:
        """The answer to GET. Raises OSError, EOFError or TimeoutError without one."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            if self.streams is None:
                self.streams = await asyncio.open_connection(self.host, self.port)
            reader, writer = self.streams
            writer.write(f"GET {address} HTTP/1.1\r\n{self.lines}".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await _body(reader, head)
        if b"\r\nconnection: close" in head:
            self.close()
        return Answer(int(head[9:12]), b"\r\nretry-after:" in head, body)

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"\r\ntransfer-encoding: chunked" in head:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        return b"".join(parts)
    _, _, rest = head.partition(b"\r\ncontent-length:")
    return await reader.readexactly(int(rest.partition(b"\r\n")[0])) if rest else b""


async def load(
    site: str,
    wanted: list[str],
    clients: int,
    seconds: float,
    *,
    most: int = 0,
    headers: str = "",
    each: Callable[[int], None] = lambda answered: None,
) -> Figures:
    """`clients` readers at once, for some seconds or until `most` answers came.

    each: called after every answer with how many there are.
    """
    figures, began = Figures(), time.perf_counter()

    async def read(place: int) -> None:
        reader = Reader(site, headers)
        while time.perf_counter() - began < seconds and not 0 < most <= len(figures.seconds):
            place += 1
            at = time.perf_counter()
            try:
                answer = await reader.get(wanted[place % len(wanted)])
            except (OSError, EOFError, TimeoutError) as error:
                reader.close()
                figures.errors[type(error).__name__] += 1
                continue
            figures.note(answer.status, time.perf_counter() - at, answer.retry)
            each(len(figures.seconds))
            if answer.retry:
                await asyncio.sleep(PAUSE_SECONDS)
        reader.close()

    await asyncio.gather(*(read(number * 7) for number in range(clients)))
    figures.wall = time.perf_counter() - began
    return figures


def one(site: str, address: str, headers: str = "") -> Answer:
    """A single answer over a connection of its own."""

    async def ask() -> Answer:
        reader = Reader(site, headers)
        try:
            return await reader.get(address)
        finally:
            reader.close()

    return asyncio.run(ask())
