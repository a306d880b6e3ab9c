"""What the values in a query mean on this site: topics, venues, workshops, flags by any name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from papers.names import fold
from papers.search import fields
from papers.search.language.clauses import (
    Clause,
    Either,
    Every,
    Not,
    Problem,
    Restriction,
    Span,
    Word,
    Years,
)
from papers.search.language.grammar import is_long
from papers.search.language.query import PaperQuery
from papers.search.words import analysis
from taxonomy.models import Topic
from taxonomy.tree import TopicTree, topic_names

LIKE_ENOUGH = 70
NOWHERE = Span()
_VENUE_AND_YEAR = re.compile(r"([A-Za-z][A-Za-z-]+)(19[5-9][0-9]|20[0-4][0-9]|[0-9]{2})")
"""Without anything between them, as in names of files and tags: "ICLR2018", "NIPS17"."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


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

    def know_topics(self, told: Sequence[object]) -> None:
        """Spare the question for the taxonomy, unless it was asked already. told: the row that
        STATE_OF_TOPICS gives."""
        self.resolver.__dict__.setdefault("topics", TopicTree.as_of(told))

    def groups(self) -> dict[str, dict[str, str]]:
        """For each field with groups of which something was chosen: the group of each value."""
        grouped: dict[str, dict[str, str]] = {}
        for name, keys in self.chosen.items():
            field = fields.get(name)
            if keys and any(value.group for value in field.known(keys)):
                grouped[name] = {value.key: value.group for value in field.known()}
        return grouped


def with_venues_and_years(query: PaperQuery) -> PaperQuery:
    """The query with "ICLR2018" read as the venue and its year, where ICLR is a venue here; also
    where it is excluded or one of several: "-ICLR2018", "ICLR2018 OR CVPR2019".

    "COCO2017" stays a word, since no venue has that name; so does every word of a long question.
    """
    if not any(map(_says_venue_and_year, query.clauses)) or is_long(query.clauses):
        return query
    names = _Resolver(query.q).names("venue")
    read = [_taken_apart(clause, names) for clause in query.clauses]
    if tuple(read) == query.clauses:
        return query
    parts = [
        part
        for written, clause in zip(query.clauses, read, strict=True)
        for part in _parts(written, clause)
    ]
    return replace(query, clauses=tuple(parts))


def _parts(written: Clause, read: Clause) -> tuple[Clause, ...]:
    """What became of a clause: two, where it was a word, so that each can be taken away."""
    return read.clauses if isinstance(written, Word) and isinstance(read, Every) else (read,)


def _says_venue_and_year(clause: Clause) -> bool:
    match clause:
        case Word(text):
            return _VENUE_AND_YEAR.fullmatch(text) is not None
        case Not(inner):
            return _says_venue_and_year(inner)
        case Either(inner) | Every(inner):
            return any(map(_says_venue_and_year, inner))
        case _:
            return False


def _taken_apart(clause: Clause, venues: Container[str]) -> Clause:
    """The clause with a venue and a year for each word that is both. venues: their folded names."""
    match clause:
        case Word(text, span=span) if found := _VENUE_AND_YEAR.fullmatch(text):
            known = fold(found[1]) in venues
            return Every(_venue_and_year(span, found), span) if known else clause
        case Not(inner):
            return replace(clause, clause=_taken_apart(inner, venues))
        case Either(inner) | Every(inner):
            return replace(clause, clauses=tuple(_taken_apart(part, venues) for part in inner))
        case _:
            return clause


def _venue_and_year(span: Span, found: re.Match[str]) -> tuple[Clause, ...]:
    year = int(found[2])
    if year < 100:
        year += 1900 if year >= 50 else 2000
    middle = span.start + len(found[1])
    return (
        Restriction("venue", (found[1],), span=Span(span.start, middle)),
        Years(((year, year),), Span(middle, span.end)),
    )


def resolve(query: PaperQuery) -> Meaning:
    """Replace names by keys: topic:"early exiting" and topic:早退机制 become early-exiting.

    A value that does not exist stays, so that it matches nothing, and is explained. Reads only
    the tables that the query speaks of.
    """
    resolver = _Resolver(query.q)
    clauses = tuple(resolver.clause(clause) for clause in query.clauses)
    chosen = {
        field.name: tuple(
            resolver.key(field.name, value, where=field.name) for value in query.chosen(field.name)
        )
        for field in fields.parameters()
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
            case Restriction(name, values, _, span) if fields.get(name).kind is fields.Kind.CHOICE:
                keys = (self.key(name, value, span) for value in values)
                return replace(clause, values=tuple(keys), quoted=False)
            case Restriction(name, values, quoted=False) if fields.get(name).is_large:
                return replace(clause, values=tuple(self.lasting(name, value) for value in values))
            case Not(inner):
                return replace(clause, clause=self.clause(inner))
            case Either(inner) | Every(inner):
                return replace(clause, clauses=tuple(self.clause(part) for part in inner))
            case _:
                return clause

    def lasting(self, name: str, value: str) -> str:
        """What may be a slug, as it is today: records are merged and their slugs live on."""
        known = fields.get(name).known([value]) if _SLUG.fullmatch(value) else []
        return known[0].key if known else value

    def key(self, name: str, value: str, span: Span = NOWHERE, where: str = "q") -> str:
        if fields.get(name).is_large and (known := fields.get(name).known([value])):
            return known[0].key
        names = self.names(name)
        folded = [fold(wording) for wording in analysis.wordings(value)]
        spelt = [value, *folded, *(name.replace(" ", "-") for name in folded)]
        key = next((names[name] for name in spelt if names.get(name)), None)
        if key is None:
            self.complain(name, value, span, where)
        return key or value.casefold()

    def names(self, name: str) -> dict[str, str]:
        """Folded name → key, for every name of every value of the field."""
        if name not in self._names:
            values = fields.get(name).known()
            keys = [(value.key, value.key) for value in values]
            spoken = [(n, v.key) for v in values for n in (v.label, *v.names)]
            self._names[name] = _folded([*keys, *spoken])
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
    keys: dict[str, str] = {}
    for name, key in pairs:
        if name:
            keys.setdefault(fold(name), key)
            keys.setdefault(name, key)
    return keys


def named_topics(said: str, tree: TopicTree) -> list[Topic]:
    """Topics that the words name: a whole English name, or part of the Chinese one.

    "papers on early exits" names Early exiting, and so does 早退.
    """
    terms = analysis.words(said)
    runs = [run for wordings in analysis.cjk_wordings(said) for run in wordings if len(run) > 1]
    spoken = _spoken(tree)
    named = {
        pk
        for length in spoken.lengths
        for start in range(len(terms) - length + 1)
        for pk in spoken.topics.get(tuple(terms[start : start + length]), ())
    }
    if not (named or runs):
        return []
    return [
        topic
        for topic in tree.by_id.values()
        if topic.pk in named or any(_is_named_in(run, topic) for run in runs)
    ]


@dataclass(frozen=True)
class _Spoken:
    """Topics by the terms of each of their English names, and how many terms names have."""

    topics: dict[tuple[str, ...], list[int]]
    lengths: tuple[int, ...]


@lru_cache(maxsize=2)
def _spoken(tree: TopicTree) -> _Spoken:
    topics: dict[tuple[str, ...], list[int]] = {}
    for topic in tree.by_id.values():
        for name in topic_names(topic):
            if terms := analysis.name_stems(name):
                topics.setdefault(terms, []).append(topic.pk)
    return _Spoken(topics, tuple(sorted({len(terms) for terms in topics})))


def _is_named_in(run: str, topic: Topic) -> bool:
    """Whether a run of Chinese is part of the topic's name, or the name part of it."""
    return bool(topic.name_zh) and (run in topic.name_zh or topic.name_zh in run)
