"""The list of methods: what was asked for, which methods that means, and counts of facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from accounts.models import Visitor
from accounts.words import Words
from papers.methods import words
from papers.methods.wording import label
from papers.models import Method
from papers.names import fold, name_key

SORTS = {
    "name": Words("name, A to Z"),
    "-year": Words("newest first"),
    "year": Words("oldest first"),
    "-followers": Words("most built on"),
}


@dataclass(frozen=True)
class Facet:
    """Something by which methods are narrowed: its name in addresses, its title, the values of a
    method, and whether their order is that of counts."""

    name: str
    title: str
    of: Callable[[Method], Sequence[str]]
    by_count: bool = False

    def label(self, value: str) -> str:
        if self.name == "has":
            return HAS[value]
        return label(self.name, value)

    @property
    def known(self) -> list[str]:
        """Its words in their order; empty where they are free."""
        if self.name == "batching":
            return list(words.BATCHING)
        if self.name == "family":
            return list(words.FAMILIES)
        return list(words.CHOICES.get(self.name, {}))


def _attribute(name: str) -> Callable[[Method], Sequence[str]]:
    return lambda method: getattr(method, name)


HAS = {
    "code": "code",
    "numbers": Words("numbers here"),
    "programs": Words("a program here"),
    "improvements": Words("papers that improve it"),
    "lineage": Words("something it extends or answers"),
}
Having = Mapping[str, Collection[int]]
"""Ids of papers with numbers and with programs; who knows them stands on a floor above."""
FACETS = (
    Facet("adapts", Words("What adapts"), _attribute("adapts")),
    Facet("granularity", Words("Decided for each"), _attribute("granularity")),
    Facet("decision", Words("Decided by"), _attribute("decision")),
    Facet("training", Words("Trained"), _attribute("training")),
    Facet(
        "batching", Words("Batches"), lambda method: [method.batching] if method.batching else []
    ),
    Facet("family", Words("Backbones"), lambda method: method.families),
    Facet("task", Words("Tasks"), lambda method: method.tasks, by_count=True),
    Facet("has", Words("With"), lambda method: has(method), by_count=True),
)
BY_NAME = {facet.name: facet for facet in FACETS}


def has(method: Method) -> list[str]:
    """What is known beside the attributes, with what `all_methods` found of its papers."""
    own = {
        "code": bool(method.code),
        "improvements": bool(method.improved_by),
        "lineage": bool(method.extends or method.answers),
    }
    return [name for name, held in own.items() if held] + getattr(method, "papers_have", [])


@dataclass(frozen=True)
class MethodQuery:
    """What somebody asked for; the address is the whole state.

    chosen: values of each facet; of one facet any, of several all. problems: what could not be
    taken, in words.
    """

    text: str = ""
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = "name"
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_params(cls, params: QueryDict) -> MethodQuery:
        """Read a QueryDict. Nothing raises; what is not known is left out and told."""
        problems = []
        chosen = []
        for facet in FACETS:
            values = list(dict.fromkeys(v[:120] for v in params.getlist(facet.name) if v))[:20]
            strange = [v for v in values if facet.known and v not in facet.known]
            problems += [
                gettext("There is no {name} “{value}”.").format(name=facet.name, value=value)
                for value in strange
            ]
            values = [value for value in values if value not in strange]
            if values:
                chosen.append((facet.name, tuple(values)))
        sort = params.get("sort", "") or "name"
        if sort not in SORTS:
            problems.append(gettext("Nothing can be sorted by “{value}”.").format(value=sort[:40]))
            sort = "name"
        text = " ".join(params.get("q", "").replace("\x00", "").split())[:200]
        return cls(text, tuple(chosen), sort, tuple(problems))

    def values(self, facet: str) -> tuple[str, ...]:
        return dict(self.chosen).get(facet, ())

    def params(self) -> list[tuple[str, str]]:
        """The query as pairs, without what is default."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.chosen for value in values]
        return pairs + ([("sort", self.sort)] if self.sort != "name" else [])

    def toggled(self, facet: str, value: str) -> MethodQuery:
        """With the value chosen, or no longer if it was."""
        old = self.values(facet)
        new = tuple(v for v in old if v != value) if value in old else (*old, value)
        chosen = {**dict(self.chosen), facet: new}
        rows = [(f.name, chosen.get(f.name, ())) for f in FACETS]
        return replace(self, chosen=tuple((name, values) for name, values in rows if values))

    def sorted_by(self, sort: str) -> MethodQuery:
        return replace(self, sort=sort)

    @cached_property
    def _key(self) -> str:
        return name_key(self.text)

    def fits(self, method: Method, leaving_out: str = "") -> bool:
        """Whether a method is meant, whatever is chosen of the facet `leaving_out`."""
        for name, values in self.chosen:
            if name != leaving_out and not set(values) & set(BY_NAME[name].of(method)):
                return False
        return not self.text or self._is_named(method) or self._has_words(method)

    def is_name_of(self, method: Method) -> bool:
        """Whether the words are just what the method is called."""
        names = (method.name, method.name_zh, *method.aliases)
        return bool(self._key) and any(self._key == name_key(name) for name in names)

    def _is_named(self, method: Method) -> bool:
        names = (method.name, method.name_zh, *method.aliases)
        return bool(self._key) and any(self._key in name_key(name) for name in names)

    def _has_words(self, method: Method) -> bool:
        titles = (row.paper.title for row in method.known_roles)
        texts = (method.name, *method.aliases, *method.backbones, *method.tasks, *titles)
        own = fold(" ".join(texts))
        typed = fold(self.text).split()
        return bool(typed) and all(word in own for word in typed)


@dataclass(frozen=True)
class Listing:
    """The methods asked for, in order, and counts of the values of each facet."""

    methods: list[Method]
    counts: dict[str, dict[str, int]]
    total_here: int


def all_methods(user: Visitor = None, having: Having | None = None) -> list[Method]:
    """Every method that `user` may see, with its papers.

    Each gets `followers`, how many methods extend or answer it, and `papers_have`, those of
    `having` that a paper has which introduces it.
    """
    methods = list(Method.objects.visible_to(user).with_papers(user))
    followers = Counter(slug for method in methods for slug in {*method.extends, *method.answers})
    for method in methods:
        own = {paper.pk for paper in method.introduced_by}
        method.followers = followers[method.slug]  # type: ignore[attr-defined]
        method.papers_have = [  # type: ignore[attr-defined]
            name for name, ids in (having or {}).items() if not own.isdisjoint(ids)
        ]
    return methods


def list_methods(query: MethodQuery, user: Visitor = None, having: Having | None = None) -> Listing:
    """Methods that a query means, in its order, with counts of every facet."""
    everything = all_methods(user, having)
    fitting = [method for method in everything if query.fits(method)]
    fitting.sort(key=lambda method: (fold(method.name), method.slug))
    fitting.sort(key=_order(query))
    counts = {facet.name: _counted(facet, query, everything) for facet in FACETS}
    return Listing(fitting, counts, len(everything))


def _order(query: MethodQuery) -> Callable[[Any], Any]:
    """Key of the order; with names, who is called just as was typed comes first."""
    match query.sort:
        case "year":
            return lambda method: method.year or 9999
        case "-year":
            return lambda method: -(method.year or 0)
        case "-followers":
            return lambda method: -method.followers
        case _:
            return lambda method: not query.is_name_of(method)


def _counted(facet: Facet, query: MethodQuery, methods: Sequence[Method]) -> dict[str, int]:
    """Counts of the values under what is chosen of the other facets, in the order shown."""
    counts: Counter[str] = Counter()
    for method in methods:
        if query.fits(method, leaving_out=facet.name):
            counts.update(set(facet.of(method)))
    for value in query.values(facet.name):
        counts.setdefault(value, 0)
    order = {value: place for place, value in enumerate(facet.known)}
    if facet.by_count or not order:
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return dict(sorted(counts.items(), key=lambda item: order.get(item[0], len(order))))
