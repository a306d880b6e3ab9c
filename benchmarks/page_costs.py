"""What a page costs that is made anew: processor time of the web process, and queries.

    KB_DATA_DIR=data DATABASE_URL=… python -m benchmarks.page_costs
    KB_DATA_DIR=data DATABASE_URL=… python -m benchmarks.page_costs --people 100000

The database is that of a site that runs or ran; nothing is kept between answers and nothing is
written. Each kind of page is opened for many records, through every middleware, without an account.
Processor time is that of this process (PostgreSQL's is not in it), at the median. `--people` makes
a scratch database beside it with so many papers by chance, and as many people as papers, for the
pages of people; it is dropped afterwards.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

KINDS = {
    "home": ("/", 12.0, None),
    "topic": ("/topics/early-exiting/", 12.0, None),
    "paper": ("/papers/{key}/", 25.0, 12),
    "list": ("/papers/", 20.0, None),
    "list, searched": ("/papers/?q=early+exit", 20.0, None),
    "numbers": ("/numbers/", 25.0, None),
    "record of the API": ("/api/v1/papers/{key}/", 6.0, None),
    "people": ("/people/", 20.0, None),
}
"""By kind: the address, and the goals in ms of processor time and in queries."""
# Every person has a name of their own, and it leads to them.
_NAMES = """
UPDATE papers_person SET name = 'P' || id || ' ' || name;
INSERT INTO papers_personalias (person_id, name, folded)
    SELECT id, name, lower(name) FROM papers_person;
"""
RECORDS, FIRST, SEED = 40, 5, 3
PEOPLE = {"people": ("/people/", 20.0, None), "people, searched": ("/people/?q=an", 20.0, None)}
HEAD = (
    "| page | processor ms | goal | queries | goal | all ms | kB |\n|---|---|---|---|---|---|---|"
)


def measure(kinds: dict[str, tuple[str, float, int | None]], keys: list[str]) -> None:
    """Print a row for each kind."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    print(HEAD)
    for kind, (pattern, goal, most) in kinds.items():
        wanted = [pattern.format(key=key) for key in keys]
        for address in wanted[:FIRST]:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.status_code} {address}")
        counts, worked, passed = [], [], []
        for address in wanted:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
                counts.append(len(queries))
        for address in wanted:
            began, at = time.process_time(), time.perf_counter()
            answer = client.get(address)
            worked.append((time.process_time() - began) * 1000)
            passed.append((time.perf_counter() - at) * 1000)
        print(
            f"| {kind} | {statistics.median(worked):.1f} | {goal:.0f} | {max(counts)} | "
            f"{most or ''} | {statistics.median(passed):.1f} | {len(answer.content) / 1000:.0f} |",
            flush=True,
        )


@contextmanager
def scratch(papers: int) -> Iterator[None]:
    """A database of its own on the same server, with papers and people made up; dropped after."""
    import psycopg

    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"page_costs_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{name}"))
        try:
            _start_django()
            _fill(papers)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _fill(papers: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import search_rows
    from benchmarks.search_collection import Collection, Document

    call_command("migrate", verbosity=0)
    draw = random.Random(SEED)
    words = ["gate", "expert", "token", "exit", "depth", "route", "skip", "adapt"]
    documents = [
        Document(str(place), " ".join(draw.choices(words, k=6)), "A made-up paper.")
        for place in range(papers)
    ]
    search_rows.PEOPLE = papers
    search_rows.write_papers(Collection(documents, {}, bare=False))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_NAMES)
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    os.environ["KB_PAGE_CACHE_SECONDS"] = "0"
    os.environ["ALLOWED_HOSTS"] = "testserver"
    import django

    django.setup()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=0, metavar="PAPERS")
    wanted = parser.parse_args()
    if wanted.people:
        with scratch(wanted.people):
            measure(PEOPLE, [""] * RECORDS)
    else:
        _start_django()
        _measure_pages()
    print(f"\nload of the machine (1 minute) {os.getloadavg()[0]:.1f}")
    return 0


def _measure_pages() -> None:
    from kb.site.gunicorn import settle
    from papers.models import Paper
    from papers.search import warm_up

    warm_up().join()
    settle()
    keys = list(Paper.objects.visible_to(None).order_by("key").values_list("key", flat=True))
    measure(KINDS, random.Random(SEED).sample(keys, RECORDS))


if __name__ == "__main__":
    sys.exit(main())
