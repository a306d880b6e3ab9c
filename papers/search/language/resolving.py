"""What the values in a query mean on this site: topics, venues, workshops, flags by any name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz, process

from papers.models import Paper, Venue, Workshop
from papers.names import fold
from papers.search import flags
from papers.search.language.clauses import (
    Clause,
    Either,
    Every,
    Field,
    Not,
    Problem,
    Span,
)
from papers.search.language.query import PaperQuery
from papers.search.words import analysis
from papers.search.words.entries import TopicTree, topic_names
from taxonomy.models import Topic

CHOICES = ("topic", "venue", "workshop", "has", "is")
KINDS = {**{kind.value: kind.label for kind in Paper.Kind}, "baseline": "static baseline"}
LIKE_ENOUGH = 70
NOWHERE = Span()


@dataclass(frozen=True)
class Meaning:
    """A query whose values are the site's own keys, and what was wrong with the others."""

    clauses: tuple[Clause, ...]
    chosen: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    resolver: _Resolver

    @property
    def topics(self) -> TopicTree:
        """The taxonomy, read when it is first asked for."""
        return self.resolver.topics

    @property
    def roots(self) -> dict[str, str]:
        """Root of each topic, by slug; none where no topic was chosen, for then nobody asks."""
        known = self.topics.by_slug if self.chosen.get("topic") else {}
        return {slug: topic.root_slug for slug, topic in known.items()}


def resolve(query: PaperQuery) -> Meaning:
    """Replace names by keys: topic:"early exiting" and topic:早退机制 become early-exiting.

    A value that does not exist stays, so that it matches nothing, and is explained. Reads only
    the tables that the query speaks of.
    """
    resolver = _Resolver(query.q)
    clauses = tuple(resolver.clause(clause) for clause in query.clauses)
    chosen = {
        name: tuple(resolver.key(name, value, where=name) for value in query.chosen(name))
        for name in CHOICES
    }
    return Meaning(clauses, chosen, tuple(resolver.problems), resolver)


class _Resolver:
    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self._names: dict[str, dict[str, str]] = {}

    @cached_property
    def topics(self) -> TopicTree:
        return TopicTree.read()

    def clause(self, clause: Clause) -> Clause:
        match clause:
            case Field(name, values, _, span) if name in CHOICES:
                keys = (self.key(name, value, span) for value in values)
                return replace(clause, values=tuple(keys), quoted=False)
            case Not(inner):
                return replace(clause, clause=self.clause(inner))
            case Either(inner) | Every(inner):
                return replace(clause, clauses=tuple(self.clause(one) for one in inner))
            case _:
                return clause

    def key(self, name: str, value: str, span: Span = NOWHERE, where: str = "q") -> str:
        names = self.names(name)
        key = names.get(value) or names.get(fold(value)) or names.get(fold(value).replace(" ", "-"))
        if key is None:
            self.complain(name, value, span, where)
        return key or value.casefold()

    def names(self, name: str) -> dict[str, str]:
        """Folded name → key, for every name of every value of the field."""
        if name not in self._names:
            self._names[name] = _topics(self.topics) if name == "topic" else _READERS[name]()
        return self._names[name]

    def complain(self, name: str, value: str, span: Span, where: str) -> None:
        names = self.names(name)
        near = process.extractOne(
            fold(value), list(names), scorer=fuzz.WRatio, score_cutoff=LIKE_ENOUGH
        )
        message = f"There is no {name} “{value}”"
        instead = ""
        if near:
            key = names[near[0]]
            message += f"; did you mean {name}:{key}?"
            written = self.text[span.start : span.end]
            if where == "q" and value in written:
                fixed = written.replace(f'"{value}"', value).replace(value, key)
                instead = self.text[: span.start] + fixed + self.text[span.end :]
        elif len(set(names.values())) <= 12:
            message += f"; there are {', '.join(dict.fromkeys(names.values()))}."
        else:
            message += "."
        self.problems.append(Problem(f"unknown-{name}", message, span, instead, where))


def _folded(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, key in pairs:
        if name:
            found.setdefault(fold(name), key)
            found.setdefault(name, key)
    return found


def _topics(tree: TopicTree) -> dict[str, str]:
    topics = list(tree.by_id.values())
    slugs = [(topic.slug, topic.slug) for topic in topics]
    spoken = [
        (name, topic.slug) for topic in topics for name in (*topic_names(topic), topic.name_zh)
    ]
    return _folded([*slugs, *spoken])


def _venues() -> dict[str, str]:
    rows = list(Venue.objects.values_list("slug", "name", "full_name"))
    return _folded((row[column], row[0]) for column in range(3) for row in rows)


def _workshops() -> dict[str, str]:
    rows = list(Workshop.objects.values_list("slug", "name", "acronym", "year"))
    slugs = [(slug, slug) for slug, *_ in rows]
    spoken = [(name, slug) for slug, name, _, _ in rows]
    short = [(f"{acronym} {year}", slug) for slug, _, acronym, year in rows if acronym]
    return _folded([*slugs, *spoken, *short])


_READERS: dict[str, Callable[[], dict[str, str]]] = {
    "venue": _venues,
    "workshop": _workshops,
    "has": lambda: _folded(
        (name, one.name) for one in flags.known().values() for name in (one.name, one.label)
    ),
    "is": lambda: _folded((name, key) for key, label in KINDS.items() for name in (key, label)),
}


def named_topics(said: str, tree: TopicTree) -> list[Topic]:
    """Topics that the words name: a whole English name, or part of the Chinese one.

    "papers on early exits" names Early exiting, and so does 早退.
    """
    stems = f" {' '.join(analysis.words(said))} "
    runs = [run for run in analysis.cjk_runs(said) if len(run) > 1]
    return [topic for topic in tree.by_id.values() if _is_named(topic, stems, runs)]


def _is_named(topic: Topic, stems: str, runs: list[str]) -> bool:
    names = (" ".join(analysis.name_stems(name)) for name in topic_names(topic))
    if any(name and f" {name} " in stems for name in names):
        return True
    return any(run in topic.name_zh or topic.name_zh in run for run in runs if topic.name_zh)
