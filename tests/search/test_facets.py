"""Facet counts under any filter, against counting by hand."""

from __future__ import annotations

import random
from typing import Any

import pytest

from papers.models import AcceptedPaper, Paper
from tests import make
from tests.search.conftest import Find, counts

pytestmark = pytest.mark.django_db

WORDS = ("gates", "halting", "routing", "tokens")


@pytest.fixture
def collection() -> list[Paper]:
    """Sixty papers, drawn so that every combination of facets occurs."""
    draw = random.Random(3)
    depth, width = make.topic("Depth", slug="depth"), make.topic("Width", slug="width")
    topics = [
        depth, width,
        make.topic("Exits", slug="exits", parent=depth),
        make.topic("Skips", slug="skips", parent=depth),
        make.topic("Channels", slug="channels", parent=width),
    ]  # fmt: skip
    venues = [make.venue("ICLR"), make.venue("ICML"), make.venue("TPAMI", "journal")]
    gathering = make.workshop(slug="dynn-2022")
    made = []
    for number in range(60):
        paper = make.paper(
            f"Paper {number} on {' and '.join(draw.sample(WORDS, 2))}",
            year=draw.randint(2017, 2021),
            venue=draw.choice(venues),
            topics=draw.sample(topics, draw.randint(0, 3)),
            code=f"https://example.org/{number}" if draw.random() < 0.4 else "",
            kind="survey" if draw.random() < 0.2 else "article",
            state="hidden" if draw.random() < 0.15 else "public",
        )
        if draw.random() < 0.3:
            AcceptedPaper.objects.create(
                workshop=gathering, position=number, paper=paper, title=paper.title
            )
        made.append(paper)
    return made


Facts = dict[str, set[str]]


def facts(paper: Paper) -> Facts:
    """Values of each facet that a paper falls under, read without any of the search's code."""
    placed = {s for p in paper.placements.all() for s in p.topic.path.split("/")}
    flags = {"code"} if paper.links.exists() else set()
    workshops = {one.workshop.slug for one in paper.accepted_at.all()}
    return {
        "topic": placed,
        "venue": {paper.venue.slug} if paper.venue else set(),
        "year": {str(paper.year)},
        "workshop": workshops,
        "has": flags
        | {name for name, held in (("workshop", workshops), ("topic", placed)) if held},
        "is": {paper.kind},
    }


ROOTS = {
    "depth": "depth", "exits": "depth", "skips": "depth", "width": "width", "channels": "width",
}  # fmt: skip


def fits(facts: Facts, chosen: dict[str, Any], leaving_out: str = "") -> bool:
    """Whether a paper meets all that is chosen, but for one facet (or one root of the topics)."""
    for root in ("depth", "width"):
        wanted = {topic for topic in chosen["topic"] if ROOTS[topic] == root}
        if leaving_out != f"topic:{root}" and wanted and not wanted & facts["topic"]:
            return False
    for facet in ("venue", "workshop", "is"):
        if leaving_out != facet and chosen[facet] and not set(chosen[facet]) & facts[facet]:
            return False
    if not set(chosen["has"]) <= facts["has"]:
        return False
    first, last = chosen["years"]
    return leaving_out == "year" or first <= int(min(facts["year"])) <= last


def drawn(draw: random.Random) -> dict[str, Any]:
    def some(values: list[str], chance: float) -> list[str]:
        return [value for value in values if draw.random() < chance]

    return {
        "words": draw.sample(WORDS, draw.randint(0, 1)),
        "topic": some(sorted(ROOTS), 0.25),
        "venue": some(["iclr", "icml", "tpami"], 0.25),
        "workshop": some(["dynn-2022"], 0.25),
        "has": some(["code", "workshop"], 0.25),
        "is": some(["survey", "article"], 0.2),
        "years": draw.choice([(1900, 2100), (1900, 2100), (2018, 2020), (2019, 2019)]),
    }


def expected(known: list[Facts], chosen: dict[str, Any], facet: str) -> dict[str, int]:
    """How many of the papers of which this is known stand behind each value of a facet."""
    found: dict[str, int] = {}
    for value in sorted({value for one in known for value in one[facet]}):
        left_out = {"topic": f"topic:{ROOTS.get(value)}", "has": ""}.get(facet, facet)
        count = sum(value in one[facet] and fits(one, chosen, left_out) for one in known)
        if count:
            found[value] = count
    return found


def test_counts_are_right_under_any_filter(collection: list[Paper], find: Find) -> None:
    draw = random.Random(11)
    facts_of = {paper.pk: facts(paper) for paper in collection}
    for _ in range(25):
        chosen = drawn(draw)
        first, last = chosen["years"]
        words = " ".join(f"+{word}" for word in chosen["words"])
        years = {} if first == 1900 else {"year_from": str(first), "year_to": str(last)}
        lists = {name: chosen[name] for name in ("topic", "venue", "workshop", "has", "is")}
        known = [
            facts_of[paper.pk]
            for paper in collection
            if paper.state == "public" and all(word in paper.title for word in chosen["words"])
        ]

        results = find(words, **lists, **years)

        assert results.total == sum(fits(one, chosen) for one in known), chosen
        for facet in ("topic", "venue", "year", "workshop", "has", "is"):
            shown = {value: n for value, n in counts(results, facet).items() if n}
            assert shown == expected(known, chosen, facet), (facet, chosen)
