"""How many readers the site bears: requests a second, slowest answers, long life, slow senders.

    python -m benchmarks.load --site http://127.0.0.1:8000            # one that runs
    python -m benchmarks.load --site … --peer Django=http://127.0.0.1:8001   # as ratios
    python -m benchmarks.load --site … --long 50000 --pid 1234        # memory over many requests

Readers have no account and keep their connections; each asks for the next address as soon as the
last one has answered. *kept*: answers that are kept for readers without an account; *made*: the
same pages with a cookie that keeps them from being kept, made anew for each request. 429 and 503
with Retry-After are answers to too much load; anything else beyond 399 is an error. On one
computer the readers take processor time from the site: ratios in the same run mean more than
figures. Peers: `benchmarks.peer_site`, `benchmarks.peer_datasette`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks.answers import CHANCE
from benchmarks.load_client import Figures, load, one

PAGES = {
    "home": "/",
    "paper": "/papers/{key}/",
    "list": "/papers/?q=early+exit",
    "topic": "/topics/early-exiting/",
    "numbers": "/numbers/",
    "record": "/api/v1/papers/{key}/",
}
PEERS_HAVE = ("paper", "list")
# The same list and the same page of a paper, where a peer has other addresses.
ADDRESSES = {
    "Datasette": {
        "paper": "/papers/papers/{key}",
        "list": "/papers/papers?_search=early+exit&_size=20",
    }
}
NOT_KEPT = "Cookie: a-stranger=1\r\n"
SENDERS, PROBES, PAPERS = 24, 20, 50
LONG_CLIENTS, MADE_EVERY, LOOKS = 20, 10, 10


def keys_of(site: str) -> list[str]:
    """Keys of some papers, by the API."""
    answer = httpx.get(f"{site}/api/v1/papers/?per_page={PAPERS}&select=key", timeout=60)
    return [row["key"] for row in answer.raise_for_status().json()["results"]]


def addresses(keys: list[str]) -> list[str]:
    """Each kind of page once for every key, mixed."""
    return [pattern.format(key=key) for key in keys for pattern in PAGES.values()]


def differing(site: str, keys: list[str]) -> list[str]:
    """Addresses whose kept answer has other bytes than one that is made now, nonces apart."""
    return [
        address
        for address in dict.fromkeys(addresses(keys[:5]))
        if CHANCE.sub(b"", one(site, address).body)
        != CHANCE.sub(b"", one(site, address, NOT_KEPT).body)
    ]


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
    """Bytes that a process and its children hold for themselves."""
    top, held = psutil.Process(pid), 0
    for process in (top, *top.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # a task of its own has ended since
            held += process.memory_full_info().uss
    return held


def print_row(what: str, figures: Figures) -> None:
    errors = ", ".join(f"{count} × {name}" for name, count in figures.errors.items()) or "none"
    statuses = ", ".join(f"{count:,} × {status}" for status, count in figures.statuses.items())
    print(
        f"| {what} | {figures.rate:,.0f} | {figures.quantile(0.5):,.0f} | "
        f"{figures.quantile(0.99):,.0f} | {statuses} | {errors} |",
        flush=True,
    )


@dataclass
class Side:
    """The site and its peers by name, beside each other."""

    site: str
    peers: dict[str, str]
    keys: list[str]
    seconds: float
    failed: int = 0

    def compare(self, kind: str, clients: int) -> None:
        """One kind of page: kept, made, and of each peer, with ratios to the peer."""
        ours = {
            "kept": self._row(f"{kind}, kept, {clients} clients", self.site, PAGES[kind], clients),
            "made": self._row(
                f"{kind}, made, {clients} clients", self.site, PAGES[kind], clients, NOT_KEPT
            ),
        }
        for name, url in self.peers.items() if kind in PEERS_HAVE else ():
            pattern = ADDRESSES.get(name, PAGES).get(kind, PAGES[kind])
            peer = self._row(f"— {name}: {kind}, {clients} clients", url, pattern, clients)
            ratios = (
                f"{how} {rate / peer.rate:.2f}" for how, rate in _rates(ours) if peer.rate > 0
            )
            print(f"| ratio to {name} | {', '.join(ratios)} | | | | |", flush=True)

    def _row(self, what: str, site: str, pattern: str, clients: int, headers: str = "") -> Figures:
        chosen = [pattern.format(key=key) for key in self.keys]
        if not headers:
            asyncio.run(load(site, chosen, 4, 600, most=2 * len(chosen)))  # keep them first
        figures = asyncio.run(load(site, chosen, clients, self.seconds, headers=headers))
        print_row(what, figures)
        self.failed += sum(figures.errors.values())
        return figures


def _rates(ours: dict[str, Figures]) -> list[tuple[str, float]]:
    return [(how, figures.rate) for how, figures in ours.items()]


def live_long(site: str, keys: list[str], requests: int, pid: int) -> Figures:
    """Many requests, one in MADE_EVERY of them to be made anew; prints memory along the way."""
    step = max(1, requests // LOOKS)
    memory = [memory_of(pid)]

    def look(answered: int) -> None:
        if answered % step == 0:
            memory.append(memory_of(pid))

    mixed = addresses(keys)
    # Every so many-th address was never asked for before, so nothing of it is kept.
    wanted = [
        address if place % MADE_EVERY else f"{address}{'&' if '?' in address else '?'}now={place}"
        for place, address in enumerate(mixed * (requests // len(mixed) + 1))
    ]
    figures = asyncio.run(load(site, wanted, LONG_CLIENTS, 86_400, most=requests, each=look))
    shown = ", ".join(f"{size / 2**20:,.0f}" for size in memory)
    print(f"\nMemory of {pid} and its children after each {step:,} requests, MB: {shown}\n")
    return figures


def main() -> int:
    """Measure and print; 1 when anything was answered with an error, or with other bytes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--site", required=True)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=URL")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, nargs="*", default=[50, 200])
    parser.add_argument("--long", type=int, default=0, help="so many requests, for memory")
    parser.add_argument(
        "--pid", type=int, default=0, help="`up`, or the web server's first process"
    )
    wanted = parser.parse_args()
    keys = keys_of(wanted.site)
    peers = dict(peer.split("=", 1) for peer in wanted.peer)
    other = differing(wanted.site, keys)
    print(f"Kept answers with other bytes than made ones: {', '.join(other) or 'none'}\n")
    print(
        "| load | requests/s | median ms | p99 ms | answers | errors |\n|---|---|---|---|---|---|"
    )
    side = Side(wanted.site, peers, keys, wanted.seconds)
    for clients in wanted.clients:
        for kind in PAGES:
            side.compare(kind, clients)
    print_row(f"{SENDERS} slow senders", slow_senders(wanted.site, "/"))
    if wanted.long and wanted.pid:
        figures = live_long(wanted.site, keys, wanted.long, wanted.pid)
        print_row(f"{wanted.long:,} requests", figures)
        side.failed += sum(figures.errors.values())
    print(f"\nload of the machine (1 minute) {os.getloadavg()[0]:.1f}")
    return 1 if side.failed or other else 0


if __name__ == "__main__":
    sys.exit(main())
