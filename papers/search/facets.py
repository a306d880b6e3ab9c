"""Facets as shown: counts with their names, in an order that a reader expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from papers.models import Venue, Workshop
from papers.search import flags
from papers.search.language.query import PaperQuery
from papers.search.language.resolving import KINDS, Meaning
from papers.search.plan import FACETS, Plan

MOST_VENUES = 20
LABELS = {
    "topic": "Topic",
    "venue": "Venue",
    "year": "Year",
    "workshop": "Workshop",
    "has": "With",
    "is": "Kind",
}

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Option:
    """A value of a facet. `count`: results there would be under it, its own facet left out.

    url_query: the search with the value taken or let go. depth and root: place in the taxonomy.
    """

    value: str
    label: str
    count: int
    selected: bool
    url_query: str
    label_zh: str = ""
    depth: int = 0
    root: str = ""


@dataclass(frozen=True)
class Facet:
    """A facet with its options; `hidden` is how many more have papers but are not listed."""

    name: str
    label: str
    options: tuple[Option, ...]
    hidden: int = 0


def facets(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Counts) -> tuple[Facet, ...]:
    """All facets that have something to offer."""
    makers = {
        "topic": _topics,
        "venue": _venues,
        "year": _years,
        "workshop": _workshops,
        "has": _having,
        "is": _kinds,
    }
    made = (makers[name](query, meaning, plan, counts[name]) for name in FACETS)
    return tuple(facet for facet in made if facet.options)


_quoted = lru_cache(maxsize=4096)(quote_plus)


class _Links:
    """Query strings of the search with one value of a facet taken or let go.

    There are hundreds on a page, hence put together from the part that all of them share.
    """

    def __init__(self, query: PaperQuery, plan: Plan, facet: str) -> None:
        chosen = plan.chosen.get(facet, ())
        others = query.changed(**{"is_" if facet == "is" else facet: ()}).url_query
        self.facet = facet
        self.chosen = chosen
        self.others = others
        taken = urlencode([(facet, one) for one in chosen])
        self.before = "".join(f"{part}&" for part in (others, taken) if part)

    def toggled(self, value: str) -> str:
        """The search with the value taken, or let go if it was selected."""
        if value not in self.chosen:
            return f"{self.before}{self.facet}={_quoted(value)}"
        left = urlencode([(self.facet, one) for one in self.chosen if one != value])
        return "&".join(part for part in (self.others, left) if part)

    def option(self, value: str, label: str, count: int, **more: Any) -> Option:
        """The value as an option."""
        return Option(value, label, count, value in self.chosen, self.toggled(value), **more)


def _worth(values: Iterable[str], counts: Mapping[str, int], chosen: Iterable[str]) -> list[str]:
    taken = set(chosen)
    return [value for value in values if counts.get(value) or value in taken]


def _topics(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    tree = sorted(meaning.topics.by_slug.values(), key=lambda topic: topic.position)
    shown = set(_worth((topic.slug for topic in tree), counts, plan.chosen["topic"]))
    links = _Links(query, plan, "topic")
    options = [
        links.option(
            topic.slug,
            topic.name,
            counts.get(topic.slug, 0),
            label_zh=topic.name_zh,
            depth=topic.depth,
            root=topic.root_slug,
        )
        for topic in tree
        if topic.slug in shown
    ]
    return Facet("topic", LABELS["topic"], tuple(options))


def _venues(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    by_count = sorted(counts, key=lambda slug: (-counts[slug], slug))
    chosen = plan.chosen["venue"]
    shown = by_count[:MOST_VENUES] + [v for v in chosen if v not in by_count[:MOST_VENUES]]
    names = dict(Venue.objects.filter(slug__in=shown).values_list("slug", "name"))
    links = _Links(query, plan, "venue")
    options = [
        links.option(slug, names[slug], counts.get(slug, 0)) for slug in shown if slug in names
    ]
    hidden = len(by_count) - min(len(by_count), MOST_VENUES)
    return Facet("venue", LABELS["venue"], tuple(options), hidden)


def _years(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    options = []
    others = query.changed(year_from=None, year_to=None).url_query
    for year in sorted(map(int, counts), reverse=True):
        first, last = plan.year_from, plan.year_to
        inside = plan.narrowed("year") and (first or year) <= year <= (last or year)
        alone = first == last == year
        own = "" if alone else f"year_from={year}&year_to={year}"
        link = "&".join(part for part in (others, own) if part)
        options.append(Option(str(year), str(year), counts[str(year)], inside, link))
    return Facet("year", LABELS["year"], tuple(options))


def _workshops(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    shown = _worth([*counts, *plan.chosen["workshop"]], counts, plan.chosen["workshop"])
    if not shown:
        return Facet("workshop", LABELS["workshop"], ())
    rows = Workshop.objects.filter(slug__in=shown)
    links = _Links(query, plan, "workshop")
    options = [links.option(row.slug, str(row), counts.get(row.slug, 0)) for row in rows]
    return Facet("workshop", LABELS["workshop"], tuple(options))


def _having(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    known = flags.known()
    links = _Links(query, plan, "has")
    options = [
        links.option(name, known[name].label, counts.get(name, 0))
        for name in _worth(known, counts, plan.chosen["has"])
    ]
    return Facet("has", LABELS["has"], tuple(options))


def _kinds(query: PaperQuery, meaning: Meaning, plan: Plan, counts: Mapping[str, int]) -> Facet:
    links = _Links(query, plan, "is")
    options = [
        links.option(name, KINDS[name], counts.get(name, 0))
        for name in _worth(KINDS, counts, plan.chosen["is"])
    ]
    return Facet("is", LABELS["is"], tuple(options))
