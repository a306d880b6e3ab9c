"""How many readers the site bears: requests a second, slowest answers, long life, slow senders.

    python -m benchmarks.load --site http://127.0.0.1:8000            # one that runs
    python -m benchmarks.load --site … --peer http://127.0.0.1:8001   # side by side, as ratios
    python -m benchmarks.load --site … --long 50000 --pid 1234        # memory over many requests

Readers have no account and keep their connections; each asks for the next address as soon as the
last one has answered. Addresses are drawn from kinds of pages as readers open them. 429 and 503
with Retry-After are answers to too much load; anything else beyond 399 is an error. On one
computer the readers take processor time from the site: ratios in the same run mean more than
figures. `benchmarks/peer_site.py` is the peer: a plain Django list with `icontains`.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import psutil

PAGES = {
    "home": "/",
    "paper": "/papers/{key}/",
    "list": "/papers/?q=early+exit",
    "topic": "/topics/early-exiting/",
    "numbers": "/numbers/",
    "record": "/api/v1/papers/{key}/",
}
SENDERS = 24
PROBES = 20


@dataclass
class Figures:
    """What came of a load: seconds of each answer, counts by status, errors."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    wall: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.wall if self.wall else 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds below which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0

    def note(self, status: int, seconds: float, retry: bool) -> None:
        self.seconds.append(seconds)
        self.statuses[status] += 1
        if status >= 400 and not (status in (429, 503) and retry):
            self.errors[str(status)] += 1


def keys_of(site: str) -> list[str]:
    """Keys of some papers, by the API."""
    answer = httpx.get(f"{site}/api/v1/papers/?per_page=50&select=key", timeout=60)
    return [row["key"] for row in answer.raise_for_status().json()["results"]]


def addresses(keys: list[str]) -> list[str]:
    """Each kind of page once for every key, mixed."""
    return [pattern.format(key=key) for key in keys for pattern in PAGES.values()]


async def load(
    site: str, wanted: list[str], clients: int, seconds: float, most: int = 0
) -> Figures:
    """`clients` readers at once, for some seconds or until `most` answers came."""
    figures, began = Figures(), time.perf_counter()
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)

    async def read(number: int, client: httpx.AsyncClient) -> None:
        place = number * 7
        while time.perf_counter() - began < seconds and not 0 < most <= len(figures.seconds):
            place += 1
            at = time.perf_counter()
            try:
                answer = await client.get(site + wanted[place % len(wanted)])
            except httpx.HTTPError as error:
                figures.errors[type(error).__name__] += 1
                continue
            retry = "Retry-After" in answer.headers
            figures.note(answer.status_code, time.perf_counter() - at, retry)
            if retry:
                await asyncio.sleep(0.2)

    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        await asyncio.gather(*(read(number, client) for number in range(clients)))
    figures.wall = time.perf_counter() - began
    return figures


def slow_senders(site: str, address: str) -> Figures:
    """How the site answers while others have sent half a request and send no more."""
    parts = urlsplit(site)
    held = []
    for _ in range(SENDERS):
        connection = socket.create_connection((parts.hostname, parts.port or 80), timeout=10)
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: {parts.hostname}\r\nX-Slow: ".encode())
        held.append(connection)
    figures, began = Figures(), time.perf_counter()
    for _ in range(PROBES):
        at = time.perf_counter()
        try:
            answer = httpx.get(site + address, timeout=15)
            figures.note(answer.status_code, time.perf_counter() - at, False)
        except httpx.HTTPError as error:
            figures.errors[type(error).__name__] += 1
            break
    figures.wall = time.perf_counter() - began
    for connection in held:
        connection.close()
    return figures


def memory_of(pid: int) -> int:
    """Bytes that a process and its children hold."""
    top = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (top, *top.children(recursive=True)))


def print_row(what: str, figures: Figures) -> None:
    errors = ", ".join(f"{count} × {name}" for name, count in figures.errors.items()) or "none"
    statuses = ", ".join(f"{count:,} × {status}" for status, count in figures.statuses.items())
    print(
        f"| {what} | {figures.rate:,.0f} | {figures.quantile(0.5):,.0f} | "
        f"{figures.quantile(0.99):,.0f} | {statuses} | {errors} |",
        flush=True,
    )


def main() -> int:
    """Measure and print; 1 when anything was answered with an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", required=True)
    parser.add_argument(
        "--peer", default="", help="another site with /papers/?q= and /papers/<key>/"
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, nargs="*", default=[50, 200])
    parser.add_argument("--long", type=int, default=0, help="so many requests, for memory")
    parser.add_argument("--pid", type=int, default=0, help="the web server's first process")
    wanted = parser.parse_args()
    keys = keys_of(wanted.site)
    print(
        "| load | requests/s | median ms | p99 ms | answers | errors |\n|---|---|---|---|---|---|"
    )
    failed = 0
    for clients in wanted.clients:
        for kind, pattern in PAGES.items():
            chosen = [pattern.format(key=key) for key in keys]
            figures = asyncio.run(load(wanted.site, chosen, clients, wanted.seconds))
            print_row(f"{kind}, {clients} clients", figures)
            failed += sum(figures.errors.values())
            if wanted.peer and kind in ("paper", "list"):
                peer = asyncio.run(load(wanted.peer, chosen, clients, wanted.seconds))
                print_row(f"— the peer's {kind}", peer)
                print(f"| ratio | {figures.rate / max(peer.rate, 0.001):.1f} | | | | |")
    print_row(f"{SENDERS} slow senders", slow_senders(wanted.site, "/"))
    if wanted.long and wanted.pid:
        before = memory_of(wanted.pid)
        figures = asyncio.run(load(wanted.site, addresses(keys), 20, 86_400, wanted.long))
        print_row(f"{wanted.long:,} requests", figures)
        grown = (memory_of(wanted.pid) - before) / 2**20
        print(f"\nMemory: {before / 2**20:,.0f} MB before, {grown:+,.0f} MB after")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
