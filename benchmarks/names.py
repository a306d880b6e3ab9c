"""Whether the names that people use lead to the papers that are meant.

    python -m benchmarks.names                      # the data folder's field
    python -m benchmarks.names --sample 200 --failures 40

Every name of every public paper (KB_DATA_DIR, DATABASE_URL) is typed into the site's own search, as
written and in other spellings: lower case, without hyphens and capitals apart ("MSD Net"), in the
plural, "Net" for "Network", and "another name (name)". A name of one paper must bring it first; one
of several brings all of them within the first FIRST and show a line of choices. Baselines: the
site's own search over an index that knows no names, and plain BM25 over title and summary. Names
that nobody confirmed are counted apart. Nothing is written but an index in a temporary folder.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.baselines import PlainBM25

if TYPE_CHECKING:
    from papers.search.results import Results

FIRST = 5
DEPTH = 10
SEED = 1

Order = Callable[[str], list[int]]


@dataclass(frozen=True)
class Name:
    """A name, the papers that bear it, and whether a source confirms it of each of them.

    other: another name of the same paper, or empty.
    """

    text: str
    papers: frozenset[int]
    is_confirmed: bool
    other: str = ""

    @property
    def is_ambiguous(self) -> bool:
        return len(self.papers) > 1


def main() -> int:
    """Print the tables; 0 when the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--sample", type=int, default=0, help="only so many names of other spellings"
    )
    parser.add_argument("--questions", action="store_true", help="only questions that are no names")
    parser.add_argument("--failures", type=int, default=60, help="how many failures are listed")
    wanted = parser.parse_args()
    _start_django()
    if wanted.questions:
        _print_ordinary(_without_names())
        return 0
    known = names()
    ours, without, plain = _ours, _without_names(), _plain()
    groups = {
        "of one paper, confirmed": [n for n in known if n.is_confirmed and not n.is_ambiguous],
        "of one paper, unconfirmed": [n for n in known if not (n.is_confirmed or n.is_ambiguous)],
        "of several papers": [n for n in known if n.is_ambiguous],
    }
    print("| names | number | search | all first | all within 5 | none within 10 |")
    print("|---|---|---|---|---|---|")
    failures: list[tuple[Name, str, list[int]]] = []
    shares: dict[str, tuple[float, float]] = {}
    for label, some in groups.items():
        with without() as nameless:
            _row(label, [(n, n.text) for n in some], "without names", nameless)
        _row(label, [(n, n.text) for n in some], "plain BM25", plain)
        as_written = [(name, name.text) for name in some]
        shares[label] = _row(label, as_written, "**ours**", ours, failures)
        for spelling, queries in _spelt(some, wanted.sample).items():
            _row(f"{label}: {spelling}", queries, "**ours**", ours, failures)
    _print_ordinary(without)
    choices = _choices_shown(groups["of several papers"])
    print(f"\nChoices shown for {choices} of {len(groups['of several papers'])} names of several.")
    _print_failures(failures, wanted.failures)
    met = shares["of one paper, confirmed"][0] >= 0.97 and shares["of several papers"][1] == 1.0
    return 0 if met else 1


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    if not os.environ.get("DATABASE_URL"):
        from kb.site.postgres import embedded_database

        os.environ["DATABASE_URL"] = embedded_database().url
    import django
    from django.conf import settings

    django.setup()
    settings.KB_SEARCH_FOLLOW = "off"
    logging.disable(logging.WARNING)


def names() -> list[Name]:
    """All names of public papers, each spelling that is looked up once."""
    from papers.models import Paper, PaperName

    rows = PaperName.objects.filter(paper__in=Paper.objects.visible_to())
    by_key: dict[str, list[PaperName]] = defaultdict(list)
    by_paper: dict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("position", "paper"):
        by_key[row.key].append(row)
        by_paper[row.paper_id].append(row.name)
    return [
        Name(
            text=rows[0].name,
            papers=frozenset(row.paper_id for row in rows),
            is_confirmed=all(row.is_confirmed for row in rows),
            other=next((n for n in by_paper[rows[0].paper_id] if n != rows[0].name), ""),
        )
        for rows in by_key.values()
    ]


def _spelt(some: list[Name], most: int) -> dict[str, list[tuple[Name, str]]]:
    """The names in other spellings, as they would be typed."""
    chosen = some
    if most and len(some) > most:
        chosen = random.Random(SEED).sample(some, most)
    return {
        "lower case": [(name, name.text.lower()) for name in chosen],
        "words apart": [
            (name, _apart(name.text)) for name in chosen if _apart(name.text) != name.text
        ],
        "Net for Network": [
            (name, _as_net(name.text)) for name in chosen if _as_net(name.text) != name.text
        ],
        "plural": [(n, f"{n.text}s") for n in chosen if n.text[-1].isalpha() and n.text[-1] != "s"],
        "other (name)": [
            (name, f"{name.other} ({name.text})")
            for name in chosen
            if name.other and not name.is_ambiguous  # of several papers it means the one of both
        ],
    }


def _apart(text: str) -> str:
    """ "MSDNet" as "MSD Net", "ConvNet-AIG" as "Conv Net AIG"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text.replace("-", " "))


def _as_net(text: str) -> str:
    """ "Slimmable Networks" as "SlimmableNet"; other names as they are."""
    match = re.fullmatch(r"(.{2,}?)[ -](?:[Nn]eural )?[Nn]etworks?", text)
    return f"{match[1].replace(' ', '')}Net" if match else text


# --- searches ---


def _ours(text: str) -> list[int]:
    return [hit.paper.pk for hit in _results(text).hits]


def _results(text: str) -> Results:
    from papers.search import PaperQuery, search

    return search(PaperQuery.from_params({"q": text}), size=DEPTH)


def _without_names() -> Callable[[], Any]:
    """The same search where no paper has a name: what it was before there were any."""
    from django.conf import settings

    from papers.search import answer
    from papers.search.words import entries, index, reader

    around, named_by = entries._around, answer.named_by
    folder = tempfile.mkdtemp(prefix="names-")
    filled = False

    def nameless(ids: Any) -> Any:
        ranking = around(ids)
        ranking.names.clear()
        return ranking

    @contextmanager
    def switched() -> Iterator[Order]:
        nonlocal filled
        usual = settings.KB_INDEX_DIR
        settings.KB_INDEX_DIR = folder
        answer.named_by = lambda query, user: ()
        entries._around = nameless
        reader.forget()
        try:
            if not filled:
                index.rebuild_index()
                filled = True
            yield _ours
        finally:
            settings.KB_INDEX_DIR, answer.named_by, entries._around = usual, named_by, around
            reader.forget()

    return switched


def _plain() -> Order:
    from papers.models import Paper

    rows = list(Paper.objects.visible_to().values_list("pk", "title", "tldr", "contribution"))
    ranked = PlainBM25([" ".join(texts) for _, *texts in rows])
    return lambda text: [rows[place][0] for place in ranked.best(text, DEPTH)]


# --- tables ---


def _row(
    label: str,
    pairs: list[tuple[Name, str]],
    search: str,
    order: Order,
    failures: list[tuple[Name, str, list[int]]] | None = None,
) -> tuple[float, float]:
    """Print one row. Returns the shares of names whose papers came first, and within FIRST."""
    if not pairs:
        return 1.0, 1.0
    first = within = nothing = 0
    for name, text in pairs:
        ranking = order(text)
        is_first = set(ranking[: len(name.papers)]) == name.papers
        first += is_first
        within += name.papers <= set(ranking[:FIRST])
        nothing += not name.papers & set(ranking)
        if failures is not None and not is_first:
            failures.append((name, text, ranking))
    shares = [number / len(pairs) for number in (first, within, nothing)]
    print(
        f"| {label} | {len(pairs)} | {search} |",
        *(f" {share:.1%} |" for share in shares),
        sep="",
    )
    sys.stdout.flush()
    return shares[0], shares[1]


def _print_ordinary(without: Callable[[], Any]) -> None:
    """That questions which are no names are answered as well and as quickly as without names:
    each topic's name and definition, and what share of the first ten papers stand there."""
    print("\n| questions | number | search | of the first 10 there | ms p50 | work of Python p50 |")
    print("|---|---|---|---|---|---|")
    for label, queries in _topic_questions().items():
        with without():
            _ordinary_row(label, queries, "without names")
        _ordinary_row(label, queries, "**ours**")


def _topic_questions() -> dict[str, list[tuple[str, set[int]]]]:
    from papers.models import Paper
    from taxonomy.models import Topic

    there = {
        t: set(Paper.objects.under(t).values_list("pk", flat=True)) for t in Topic.objects.all()
    }
    many = {topic: ids for topic, ids in there.items() if len(ids) >= DEPTH}
    return {
        "names of topics": [(topic.name, ids) for topic, ids in many.items()],
        "definitions of topics": [(topic.definition, ids) for topic, ids in many.items()],
    }


def _ordinary_row(label: str, pairs: list[tuple[str, set[int]]], search: str) -> None:
    _results(pairs[0][0])  # what is loaded once is not the search's
    there, took, worked = 0, [], []
    for text, ids in pairs:
        began, work = time.perf_counter(), time.process_time()
        ranking = _ours(text)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - work) * 1000)  # of all threads; hardly minds others
        there += len(ids.intersection(ranking))
    share = there / (DEPTH * len(pairs))
    times = f"{median(took):.1f} | {median(worked):.1f}"
    print(f"| {label} | {len(pairs)} | {search} | {share:.1%} | {times} |", flush=True)


def _choices_shown(some: Iterable[Name]) -> int:
    return sum({c.named.paper_id for c in _results(n.text).choices} == n.papers for n in some)


def _print_failures(failures: list[tuple[Name, str, list[int]]], most: int) -> None:
    from papers.models import Paper

    keys = dict(Paper.objects.values_list("pk", "key"))
    print(f"\n{len(failures)} not first, of all spellings; the first {most}:")
    for name, text, ranking in failures[:most]:
        meant = ", ".join(sorted(keys[pk] for pk in name.papers))
        print(f"  {text!r}: meant {meant}; found {', '.join(keys[pk] for pk in ranking[:3])}")


if __name__ == "__main__":
    sys.exit(main())
