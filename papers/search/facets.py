"""Facets as shown: counts with their names, in an order that a reader expects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote_plus, urlencode

from papers.search import fields
from papers.search.fields import Field, Kind, Value
from papers.search.language.query import PaperQuery
from papers.search.plan import Plan

Counts = Mapping[str, Mapping[str, int]]


class _Linking(Protocol):
    """Searches with a value of a facet taken or let go."""

    def toggled(self, value: str) -> str: ...

    def change(self, value: str) -> str: ...


@dataclass(slots=True)  # not frozen, which takes thrice as long: a page has hundreds
class Option:
    """A value of a facet. `count`: results there would be under it, its own facet left out.

    depth and root: place in the taxonomy.
    """

    value: str
    label: str
    count: int
    selected: bool
    links: _Linking
    label_zh: str = ""
    depth: int = 0
    root: str = ""

    @property
    def url_query(self) -> str:
        """Query string of the search with the value taken or let go."""
        return self.links.toggled(self.value)

    @property
    def change(self) -> str:
        """What that changes of the search: a long question is not repeated in hundreds of links
        (PaperQuery.with_change)."""
        return self.links.change(self.value)


@dataclass(frozen=True)
class Facet:
    """A facet with its options; `hidden` is how many more have papers but are not listed."""

    name: str
    label: str
    options: tuple[Option, ...]
    hidden: int = 0


def facets(
    query: PaperQuery, plan: Plan, counts: Counts, known: Callable[[Field, list[str]], list[Value]]
) -> tuple[Facet, ...]:
    """All facets that have something to offer. known: values of a field for some of its keys."""
    made = (
        _years(field, query, plan, counts[field.name])
        if field.kind is Kind.YEARS
        else _choices(field, query, plan, counts[field.name], known)
        for field in fields.facets()
    )
    return tuple(facet for facet in made if facet.options)


_quoted = lru_cache(maxsize=4096)(quote_plus)


class _Links:
    """Query strings of the search with one value of a facet taken or let go.

    There are hundreds on a page, hence put together from the part that all of them share.
    """

    def __init__(self, query: PaperQuery, plan: Plan, facet: str) -> None:
        chosen = plan.chosen.get(facet, ())
        others = query.with_selected(facet, ()).url_query
        self.facet = facet
        self.chosen = chosen
        self.others = others
        taken = urlencode([(facet, value) for value in chosen])
        self.before = "".join(f"{part}&" for part in (others, taken) if part)

    def __repr__(self) -> str:
        """All that they follow from: equal ones lead to the same places."""
        return f"_Links({self.facet!r}, {self.chosen!r}, {self.others!r})"

    def toggled(self, value: str) -> str:
        """Query string of the search with the value taken, or let go if it was selected."""
        if value not in self.chosen:
            return f"{self.before}{self.facet}={_quoted(value)}"
        left = urlencode([(self.facet, kept) for kept in self.chosen if kept != value])
        return "&".join(part for part in (self.others, left) if part)

    def change(self, value: str) -> str:
        """The values of the facet after that, as a change of the search."""
        left = [kept for kept in self.chosen if kept != value]
        left += [] if value in self.chosen else [value]
        return "&".join(f"{self.facet}={_quoted(kept)}" for kept in left or [""])


def _choices(
    field: Field,
    query: PaperQuery,
    plan: Plan,
    counts: Mapping[str, int],
    known: Callable[[Field, list[str]], list[Value]],
) -> Facet:
    """Values with papers and those that are selected."""
    chosen = plan.chosen.get(field.name, ())
    shown, hidden = _shown(field, counts, chosen)
    links = _Links(query, plan, field.name)
    options = [
        Option(
            value.key,
            value.label,
            counts.get(value.key, 0),
            value.key in chosen,
            links,
            value.label_zh,
            value.depth,
            "" if field.adds_up else value.group,
        )
        for value in (known(field, shown) if shown else ())
    ]
    if field.by_count:
        options.sort(key=lambda option: shown.index(option.value))
    return Facet(field.name, field.label, tuple(options), hidden)


def _shown(
    field: Field, counts: Mapping[str, int], chosen: Collection[str]
) -> tuple[list[str], int]:
    """Keys to be shown, and how many more have papers."""
    by_count = sorted((key for key in counts if counts[key]), key=lambda k: (-counts[k], k))
    first = by_count[: field.most]
    return [*first, *(key for key in chosen if key not in first)], len(by_count) - len(first)


@dataclass(frozen=True)
class _YearLinks:
    """Query strings of the search with one year alone, or without years if it is that already."""

    others: str
    alone: str

    def toggled(self, value: str) -> str:
        own = "" if value == self.alone else f"year_from={value}&year_to={value}"
        return "&".join(part for part in (self.others, own) if part)

    def change(self, value: str) -> str:
        """Empty: years are links under every question."""
        return ""


def _years(field: Field, query: PaperQuery, plan: Plan, counts: Mapping[str, int]) -> Facet:
    first, last = plan.year_from, plan.year_to
    others = query.changed(year_from=None, year_to=None).url_query
    links = _YearLinks(others, str(first) if first == last else "")
    is_narrowed = plan.narrowed("year")
    options = tuple(
        Option(
            str(year),
            str(year),
            counts[str(year)],
            is_narrowed and (first or year) <= year <= (last or year),
            links,
        )
        for year in sorted(map(int, counts), reverse=True)
    )
    return Facet(field.name, field.label, options)
