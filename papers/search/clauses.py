"""What a query says, as a small tree, and the fields it may speak of. Pure.

A query is a sequence of clauses. Bare words are ranked, not required; everything else (phrases,
fields, exclusions, groups) must hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

FIRST_YEAR, LAST_YEAR = 1900, 2100


class FieldKind(Enum):
    """How the value of a field is read."""

    TEXT = "words that stand there"
    CHOICE = "one of the site's own names"
    YEARS = "a year or a range of years"
    IDENTIFIER = "an identifier"


FIELDS: dict[str, FieldKind] = {
    "author": FieldKind.TEXT,
    "title": FieldKind.TEXT,
    "abstract": FieldKind.TEXT,
    "year": FieldKind.YEARS,
    "venue": FieldKind.CHOICE,
    "topic": FieldKind.CHOICE,
    "workshop": FieldKind.CHOICE,
    "has": FieldKind.CHOICE,
    "is": FieldKind.CHOICE,
    "arxiv": FieldKind.IDENTIFIER,
    "doi": FieldKind.IDENTIFIER,
    "openreview": FieldKind.IDENTIFIER,
}

EXAMPLES = {
    "author": "author:huang",
    "title": 'title:"dynamic depth"',
    "abstract": "abstract:halting",
    "year": "year:2018..2021",
    "venue": "venue:ICLR",
    "topic": "topic:early-exiting",
    "workshop": "workshop:dynn-2022",
    "has": "has:code",
    "is": "is:survey",
    "arxiv": "arxiv:2102.04906",
    "doi": "doi:10.1109/TPAMI.2021.3117837",
    "openreview": "openreview:Hk2aImxAb",
}

ALIASES = {
    "by": "author", "au": "author", "authors": "author", "person": "author", "作者": "author",
    "ti": "title", "标题": "title", "题目": "title",
    "abs": "abstract", "summary": "abstract", "摘要": "abstract",
    "years": "year", "date": "year", "年份": "year", "年": "year",
    "conference": "venue", "journal": "venue", "会议": "venue", "期刊": "venue",
    "topics": "topic", "tag": "topic", "主题": "topic", "话题": "topic",
    "研讨会": "workshop",
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """Where in the query something stands: characters start to end, end excluded."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Word:
    """A bare word. `required` when written +word or joined by AND."""

    text: str
    required: bool = False
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Phrase:
    """Words that must stand side by side."""

    text: str
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Field:
    """A field that must have one of the values. `quoted` values match as phrases."""

    name: str
    values: tuple[str, ...]
    quoted: bool = False
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Years:
    """Closed ranges of years, one of which must hold; None leaves an end open."""

    ranges: tuple[tuple[int | None, int | None], ...]
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    clause: Clause
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Either:
    """At least one of the clauses must hold."""

    clauses: tuple[Clause, ...]
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Every:
    """A group in parentheses: all of the clauses must hold."""

    clauses: tuple[Clause, ...]
    span: Span = field(default=Span(), compare=False)


Clause: TypeAlias = Word | Phrase | Field | Years | Not | Either | Every


@dataclass(frozen=True)
class Problem:
    """Something in a query that could not be taken as it stands, in words for its writer.

    `instead`: the whole query as it was probably meant, or empty.
    `where`: the parameter in which it stands.
    """

    code: str
    message: str
    span: Span = Span()
    instead: str = ""
    where: str = "q"


def describe(clause: Clause) -> str:
    """The clause in words, as shown above the results."""
    match clause:
        case Word(text, required):
            return f"must contain “{text}”" if required else text
        case Phrase(text):
            return f"“{text}”"
        case Field(name, values, quoted):
            shown = " or ".join(f"“{value}”" if quoted else value for value in values)
            return f"{name}: {shown}"
        case Years(ranges):
            return "year: " + " or ".join(describe_years(*ends) for ends in ranges)
        case Not(inner):
            return f"not {describe(inner)}"
        case Either(clauses):
            return " or ".join(_grouped(inner) for inner in clauses)
        case Every(clauses):
            return " and ".join(_grouped(inner) for inner in clauses)


def describe_years(first: int | None, last: int | None) -> str:
    """2018 and 2021 as "2018–2021", open ends as "from 2018" and "until 2021"."""
    if first is None or last is None:
        if first is None and last is None:
            return "any"
        return f"from {first}" if last is None else f"until {last}"
    return str(first) if first == last else f"{first}–{last}"


def _grouped(clause: Clause) -> str:
    text = describe(clause)
    return f"({text})" if isinstance(clause, Either | Every) else text
