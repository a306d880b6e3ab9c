"""Open every address of the site: how many there are, what is wrong, slow, large, costly.

    python -m benchmarks.crawl                               # the data folder's, in this process
    python -m benchmarks.crawl --only papers/ --roles anonymous
    python -m benchmarks.crawl --site http://127.0.0.1:8000  # a running one, over HTTP

Addresses come from urls.py and from the database of the data folder (KB_DATA_DIR, DATABASE_URL),
which a site named with --site must share. Queries are counted, and pages opened as a member and as
a curator, only without --site: in a transaction that is rolled back. The exit code is 1 when
something is wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.crawl.visiting import Crawl, Open, Visit

LISTED = 15
ROLES = ("anonymous", "member", "curator")


def main() -> int:
    """Crawl and print; 0 when every page is good."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="", help="address of a running site")
    parser.add_argument("--only", nargs="*", default=[""], help="beginnings of patterns")
    parser.add_argument("--roles", nargs="*", default=list(ROLES), choices=ROLES)
    parser.add_argument("--all", action="store_true", help="all addresses in all roles")
    parser.add_argument("--sample", type=int, default=0, help="only so many of each pattern")
    parser.add_argument("--json", type=Path, help="write every visit here, a line each")
    wanted = parser.parse_args()
    _start_django()

    with ExitStack() as stack:
        crawl = _crawl(wanted.site, wanted.roles, stack)
        crawl.everything, crawl.sample = wanted.all, wanted.sample
        began = time.monotonic()
        _open_everything(crawl, wanted.only, wanted.json)
        print(f"{len(crawl.visits):,} addresses in {time.monotonic() - began:.0f} s\n")
    _print_kinds(crawl.visits)
    _print_extremes(crawl.visits)
    return _print_faults(crawl.visits)


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    os.environ["KB_API_RATE"], os.environ["KB_PAGE_RATE"] = "1000000/s", "0/min"
    os.environ["ALLOWED_HOSTS"] = "testserver"
    if not os.environ.get("DATABASE_URL"):
        from kb.site.postgres import embedded_database

        os.environ["DATABASE_URL"] = embedded_database().url
    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # what goes wrong is printed below


def _crawl(site: str, roles: Iterable[str], stack: ExitStack) -> Crawl:
    from tests.crawl.visiting import Crawl

    if site:
        return Crawl({"anonymous": over_http(site, stack)})
    from django.db import transaction
    from django.test import Client

    from tests.crawl.readers import clients
    from tests.crawl.visiting import opener

    stack.enter_context(transaction.atomic())
    stack.callback(transaction.set_rollback, True)
    readers: dict[str, Client] = clients()
    return Crawl({role: opener(client) for role, client in readers.items() if role in roles})


def over_http(site: str, stack: ExitStack) -> Open:
    """Opens addresses of a running site; waits where it is asked to."""
    import httpx

    from tests.crawl.visiting import Answer

    client = stack.enter_context(httpx.Client(base_url=site, timeout=120))

    def open_(address: str) -> Answer:
        while True:
            began = time.perf_counter()
            response = client.get(
                address.replace("oai:testserver:", f"oai:{client.base_url.host}:")
            )
            seconds = time.perf_counter() - began
            if response.status_code != 429:
                break
            time.sleep(float(response.headers.get("Retry-After", 5)))
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        return Answer(response.status_code, media_type, response.content, seconds, -1)

    return open_


def _open_everything(crawl: Crawl, beginnings: Iterable[str], kept: Path | None) -> None:
    from tests.crawl.visiting import crawled_routes

    for route in crawled_routes():
        if not any(route.startswith(beginning) for beginning in beginnings):
            continue
        began = time.monotonic()
        visits = crawl.route(route)
        if kept:
            with kept.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(visit)) + "\n" for visit in visits)
        if sys.stderr.isatty():
            print(f"{route} {len(visits)} {time.monotonic() - began:.1f} s", file=sys.stderr)


def _print_kinds(visits: Iterable[Visit]) -> None:
    kinds: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        kinds[visit.kind].append(visit)
    print("| kind | addresses | 5xx | over 100 kB | over 25 queries | most queries | largest kB ")
    print("| median ms | slowest ms | slowest address |\n|---|---|---|---|---|---|---|---|---|---|")
    for kind, group in kinds.items():
        slowest = max(group, key=lambda visit: visit.seconds)
        times = sorted(visit.seconds for visit in group)
        cells = [
            f"`/{kind}`".replace("|", "\\|"),
            f"{len(group):,}",
            sum(visit.status >= 500 for visit in group),
            sum("bytes" in " ".join(visit.faults) for visit in group),
            *_queries(group),
            f"{max(visit.size for visit in group) / 1000:.0f}",
            f"{times[len(times) // 2] * 1000:.0f}",
            f"{slowest.seconds * 1000:.0f}",
            f"{slowest.address[:60]} ({slowest.role})",
        ]
        print("| " + " | ".join(str(cell) for cell in cells) + " |")


def _queries(group: list[Visit]) -> tuple[object, object]:
    """Pages over the limit and the most queries; a running site does not tell either."""
    counted = [visit for visit in group if visit.queries >= 0]
    if not counted:
        return "–", "–"
    over = sum("queries" in " ".join(visit.faults) for visit in counted)
    return over, max(visit.queries for visit in counted)


def _print_extremes(visits: Iterable[Visit]) -> None:
    pages = [visit for visit in visits if visit.media_type == "text/html"]
    measures: tuple[tuple[str, Callable[[Visit], float], Iterable[Visit], str], ...] = (
        ("Slowest", lambda visit: visit.seconds * 1000, visits, "ms"),
        ("Largest pages", lambda visit: visit.size / 1000, pages, "kB"),
        ("Most queries", lambda visit: visit.queries, visits, "queries"),
    )
    for title, measure, rows, unit in measures:
        rows = [
            visit for visit in rows if measure(visit) >= 0
        ]  # queries of a running site: unknown
        if not rows:
            continue
        print(f"\n{title}")
        for visit in sorted(rows, key=measure, reverse=True)[:LISTED]:
            print(f"  {measure(visit):8,.0f} {unit}  {visit.address[:100]} ({visit.role})")


def _print_faults(visits: Iterable[Visit]) -> int:
    faulty = [visit for visit in visits if visit.faults]
    print(f"\n{len(faulty)} addresses with faults")
    for visit in faulty[:200]:
        print(f"  {visit.address} ({visit.role}) {', '.join(visit.faults)}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
