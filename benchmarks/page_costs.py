"""What a page costs that is made anew: processor time of the web process, and queries.

    KB_DATA_DIR=data DATABASE_URL=… python -m benchmarks.page_costs
    KB_DATA_DIR=data DATABASE_URL=… python -m benchmarks.page_costs --people 100000

The database is that of a site that runs or ran; no whole answer is kept between requests. *Made* is
with no part kept either, as in a process that has just begun; *parts kept* is what the same pages
cost next. *After a change elsewhere* is measured right after the title of a paper changed that the
page does not show, *of itself* after that of one that it shows (of people: a paper is hidden, or
public again). In the end all is as it was; nothing else is written. Each kind of page is opened for
many records, through every middleware, without an account. Processor time is that of this process
(PostgreSQL's is not in it), at the median; so are milliseconds in all. `--people` makes
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    "| page | processor ms, made | after a change elsewhere | of itself | parts kept | goal |"
    " queries, made | after a change | parts kept | goal | all ms, made | after a change | kB |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def measure(
    kinds: dict[str, tuple[str, float, int | None]], keys: list[str], shown: list[str]
) -> None:
    """Print a row for each kind. shown: keys of papers, of which a page shows one at least."""
    from django.conf import settings

    print(HEAD)
    for kind, (pattern, goal, most) in kinds.items():
        wanted = [pattern.format(key=key) for key in keys]
        settings.KB_PAGE_CACHE_SECONDS = 0
        made = _costs(wanted)
        settings.KB_PAGE_CACHE_SECONDS = 3600
        kept = _costs(wanted)
        elsewhere = _costs(wanted, lambda address: _change_elsewhere(address, shown))
        itself = _costs(wanted, lambda address: _change_shown(address, shown))
        print(
            f"| {kind} | {made.worked:.1f} | {elsewhere.worked:.1f} | {itself.worked:.1f} | "
            f"{kept.worked:.1f} | {goal:.0f} | {made.queries} | {elsewhere.queries} | "
            f"{kept.queries} | {most or ''} | {made.passed:.1f} | {elsewhere.passed:.1f} | "
            f"{made.size / 1000:.0f} |",
            flush=True,
        )
    for key in list(_changed):
        _change(key)
    for key in list(_hidden):
        _hide(key)


_changed: set[str] = set()
"""Keys of papers with a space behind their title."""


def _change(key: str) -> None:
    """Add a space to the title of a paper, or take it away again."""
    from django.db.models import Value
    from django.db.models.functions import Concat, RTrim

    from papers.models import Paper

    title = RTrim("title") if key in _changed else Concat("title", Value(" "))
    Paper.objects.filter(key=key).update(title=title)
    _changed.symmetric_difference_update({key})


def _change_shown(address: str, shown: list[str]) -> None:
    """Change a paper that the page shows: its own, or one that most lists have."""
    if address.startswith("/people/"):
        return _hide(shown[0])
    parts = address.strip("/").split("/")
    own = parts[-1] if len(parts) > 1 and parts[-2] == "papers" else ""
    return _change(own or next(key for key in shown if key.encode() in _pages.get(address, b"")))


def _hide(key: str) -> None:
    """Hide a paper, or make it public again."""
    from papers.models import Paper

    states = [Paper.State.PUBLIC, Paper.State.HIDDEN]
    Paper.objects.filter(key=key).update(state=states[key not in _hidden])
    _hidden.symmetric_difference_update({key})


_hidden: set[str] = set()


def _change_elsewhere(address: str, shown: list[str]) -> None:
    """Change a paper that the page does not show."""
    _change(next(key for key in reversed(shown) if key.encode() not in _pages.get(address, b"")))


_pages: dict[str, bytes] = {}
"""What was last answered at an address."""


@dataclass(frozen=True)
class Costs:
    """What pages of a kind cost: ms of processor and in all (medians), queries at most, bytes."""

    worked: float
    passed: float
    queries: int
    size: int


def _costs(wanted: list[str], before: Callable[[str], object] = str) -> Costs:
    """Each address several times, the last one by the clock. Raises RuntimeError for an error.

    before: what happens before a request that counts, with its address.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies["of-another-site"] = "1"  # whole answers are not kept for who brings it
    counts, worked, passed = [], [], []
    for address in [*wanted[:FIRST], *wanted]:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{answer.status_code} {address}")
        _pages[address] = answer.content
    for address in wanted:
        before(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    for address in wanted:
        before(address)
        began, at = time.process_time(), time.perf_counter()
        answer = client.get(address)
        worked.append((time.process_time() - began) * 1000)
        passed.append((time.perf_counter() - at) * 1000)
    middle = statistics.median
    return Costs(middle(worked), middle(passed), max(counts), len(answer.content))


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
    from papers import people_index

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
        people_index.count_everybody_anew()
        people_index.fold()
        cursor.execute("VACUUM ANALYZE")


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
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
            measure(PEOPLE, [""] * RECORDS, _all_keys())
    else:
        _start_django()
        _measure_pages()
    print(f"\nload of the machine (1 minute) {os.getloadavg()[0]:.1f}")
    return 0


def _measure_pages() -> None:
    from kb.site.gunicorn import settle
    from papers.search import warm_up

    warm_up().join()
    settle()
    keys = _all_keys()
    measure(KINDS, random.Random(SEED).sample(keys, RECORDS), keys)


def _all_keys() -> list[str]:
    """Keys of all papers, in their order."""
    from papers.models import Paper

    return list(Paper.objects.visible_to(None).order_by("key").values_list("key", flat=True))


if __name__ == "__main__":
    sys.exit(main())
