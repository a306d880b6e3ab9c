"""A watch over a month that was recorded: what comes into the inbox, with which scores.

    python -m benchmarks.watch LISTS                # 2025, 100 that belong and 400 others

LISTS: a git directory of papercopilot/paperlists, as for benchmarks.belonging; the papers of its
newest year. Those that are papers here (by title) belong, every other one does not: a lower bound
of precision. The weights that the site carries were fitted on such lists too, so that some of these
works were seen; how well unseen years are told, benchmarks.belonging says. A server on this machine
gives the works as arXiv would, with invented numbers and days within one month, and breaks off
halfway once; the site's own source reads it until it has all. The database is that of KB_DATA_DIR;
papers here that the month brings are not there while it lasts, and everything is taken back.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.belonging import LEARNT_UNTIL, LISTS, SEED, _listed
from benchmarks.names import _start_django

if TYPE_CHECKING:
    from tests.watch.server import Speaker

YEAR, MONTH = 2025, 11
PAGE = 100
MOST_ASKINGS = 20
THRESHOLDS = (0.9, 0.7, 0.5, 0.3, 0.1)


@dataclass(frozen=True)
class Recorded:
    """A work of the month. key: of the paper here that it is; empty for one that is not here."""

    title: str
    abstract: str
    key: str
    arxiv: str = ""


def main() -> int:
    """Print what came; 0 when every work was taken in once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("lists", type=Path)
    parser.add_argument("--belonging", type=int, default=100, help="at most so many that belong")
    parser.add_argument("--others", type=int, default=400, help="so many that do not")
    wanted = parser.parse_args()
    _start_django()
    month = _month(wanted.lists, wanted.belonging, wanted.others)
    from django.db import transaction

    with transaction.atomic():
        is_whole = _replay(month)
        transaction.set_rollback(True)
    return 0 if is_whole else 1


def _month(lists: Path, most: int, others: int) -> list[Recorded]:
    """Works of the year in the order of the month, which is that of chance."""
    from papers.models import Paper
    from papers.names import fold

    here = {
        fold(title).replace(" ", ""): key
        for key, title in Paper.objects.visible_to().values_list("key", "title")
    }
    listed = [
        (title, text)
        for name, years in LISTS.items()
        for year in years
        if year > LEARNT_UNTIL
        for title, text in _listed(lists, name, year)
    ]
    found = {fold(title).replace(" ", ""): (title, text) for title, text in listed if text}
    rows = [Recorded(title, text, here.get(name, "")) for name, (title, text) in found.items()]
    chance = random.Random(SEED)
    own = [row for row in rows if row.key]
    rest = [row for row in rows if not row.key]
    chosen = [
        *chance.sample(own, min(most, len(own))),
        *chance.sample(rest, min(others, len(rest))),
    ]
    chance.shuffle(chosen)
    return [
        replace(row, arxiv=f"{YEAR % 100}{MONTH:02}.{number:05}")
        for number, row in enumerate(chosen, 1)
    ]


def _replay(month: list[Recorded]) -> bool:
    """Watch the month and print what came of it; True if all of it came, once each."""
    from django.conf import settings

    from papers.models import Find, Source
    from papers.watch import belonging
    from tests.watch.server import Speaker

    _take_away([row.key for row in month if row.key])
    Find.objects.all().delete()
    server = Speaker()
    settings.KB_WATCH_INSIDE = [server.place]
    server.page = PAGE
    _tell(server, month)
    source = Source.objects.create(
        slug="recorded-month",
        name="Recorded month",
        kind=Source.Kind.ARXIV,
        query="all:anything",
        address=server.address("arxiv"),
        cursor={"since": f"{YEAR}-{MONTH:02}-01T00:00:00"},
    )
    try:
        outcomes = _asked(server, source.pk)
    finally:
        server.stop()
    while belonging.score_waiting():
        continue
    print("| asking | works | new | known | requests | whole | problem |")
    print("|---|---|---|---|---|---|---|")
    for number, told in enumerate(outcomes, 1):
        numbers = f"{told.works} | {told.fresh} | {told.known} | {told.requests}"
        print(f"| {number} | {numbers} | {told.is_whole} | {told.problem} |")
    finds = {find.arxiv: find for find in Find.objects.all()}
    _print_scores(month, finds)
    came = sum(row.arxiv in finds for row in month)
    print(f"\n{came} of {len(month)} came, {len(finds)} wait.")
    return came == len(month) == len(finds)


def _take_away(keys: list[str]) -> None:
    """Make the papers of the month unknown here, by title and identifiers."""
    from papers.models import Paper

    for paper in Paper.objects.filter(key__in=keys).only("pk"):
        Paper.objects.filter(pk=paper.pk).update(
            title=f"taken away {paper.pk}", arxiv=None, doi=None, openreview=None, acl=None
        )


def _tell(server: Speaker, month: list[Recorded]) -> None:
    """Give the server the month's works, the day moving on with them."""
    from tests.watch.server import Work

    server.works = [
        Work(
            row.title,
            arxiv=row.arxiv,
            abstract=row.abstract,
            updated=f"{YEAR}-{MONTH:02}-{1 + 29 * number // len(month):02}T10:00:00Z",
            year=YEAR,
        )
        for number, row in enumerate(month, 1)
    ]


def _asked(server: Speaker, pk: int) -> list[Any]:
    """Ask until all was read. The second page of the first asking breaks off."""
    from papers.watch import asking

    server.fault, server.good = "half", 1
    outcomes = []
    for _ in range(MOST_ASKINGS):
        outcome = asking.ask(pk, at_once=True)
        if outcome is None:
            break
        outcomes.append(outcome)
        server.fault = ""
        if outcome.is_whole and not outcome.problem:
            break
    return outcomes


def _print_scores(month: list[Recorded], finds: dict[str, Any]) -> None:
    """How scores lie, and precision and recall of taking all from a score on."""
    rows = [(finds[row.arxiv].score or 0.0, bool(row.key)) for row in month if row.arxiv in finds]
    scores = np.array([score for score, _ in rows])
    belongs = np.array([own for _, own in rows])
    print("\n| score | that belong | others |")
    print("|---|---|---|")
    for low in range(9, -1, -1):
        within = (scores >= low / 10) & (scores < (low + 1) / 10 if low < 9 else scores <= 1)
        print(f"| {low / 10} to {(low + 1) / 10:.1f} | {(within & belongs).sum()} |", end="")
        print(f" {(within & ~belongs).sum()} |")
    print("\n| taken from | taken | precision | recall |")
    print("|---|---|---|---|")
    for cut in THRESHOLDS:
        taken = scores >= cut
        right = int((taken & belongs).sum())
        precision = f"{right / taken.sum():.1%}" if taken.any() else "–"
        print(f"| {cut} | {taken.sum()} | {precision} | {right / max(1, belongs.sum()):.1%} |")
    _print_topics(month, finds)


def _print_topics(month: list[Recorded], finds: dict[str, Any]) -> None:
    """Of those that belong, how often a topic they have here is suggested, and names recognised."""
    from papers.models import PaperTopic

    of_key: dict[str, set[str]] = {}
    for key, slug in PaperTopic.objects.values_list("paper__key", "topic__slug"):
        of_key.setdefault(key, set()).add(slug)
    told = Counter[str]()
    for row in month:
        find = finds.get(row.arxiv)
        if find is None or not row.key:
            continue
        suggested = [topic["slug"] for topic in find.topics]
        told["belong"] += 1
        told["first"] += bool(suggested[:1] and suggested[0] in of_key.get(row.key, ()))
        told["any"] += bool(set(suggested) & of_key.get(row.key, set()))
        told["names"] += bool(find.names)
    print(
        f"\nOf {told['belong']} that belong: the first suggested topic is one of theirs for "
        f"{told['first']}, any of those suggested for {told['any']}; a name of a method is "
        f"recognised in {told['names']} titles. (Their own vectors are among the neighbours.)"
    )


if __name__ == "__main__":
    sys.exit(main())
