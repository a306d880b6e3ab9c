"""What a query says, as a small tree. Pure.

A query is a sequence of clauses. Bare words are ranked, not required; everything else (phrases,
fields, exclusions, groups) must hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext

FIRST_YEAR, LAST_YEAR = 1900, 2100

_RANGE = re.compile(r"(\d{4})?\s*(?:\.\.+|…|-|–|—|~|to)\s*(\d{4})?")
_BOUND = re.compile(r"(>=|<=|≥|≤|>|<|=)\s*(\d{4})")

Range: TypeAlias = tuple[int | None, int | None]


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
class Restriction:
    """A field that must have one of the values. `quoted` values match as phrases."""

    name: str
    values: tuple[str, ...]
    quoted: bool = False
    span: Span = field(default=Span(), compare=False)


@dataclass(frozen=True)
class Years:
    """Closed ranges of years, one of which must hold; None leaves an end open."""

    ranges: tuple[Range, ...]
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


Clause: TypeAlias = Word | Phrase | Restriction | Years | Not | Either | Every


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
        case Restriction(name, values, quoted):
            shown = " or ".join(f"“{value}”" if quoted else value for value in values)
            return f"{name}: {shown}"
        case Years(ranges):
            return "year: " + " or ".join(describe_years(*ends) for ends in ranges)
        case Not(inner):
            return f"not {_grouped(inner)}"
        case Either(clauses):
            return " or ".join(_grouped(inner) for inner in clauses)
        case Every(clauses):
            return " and ".join(_grouped(inner) for inner in clauses)


def describe_years(first: int | None, last: int | None) -> str:
    """2018 and 2021 as "2018–2021", open ends as "from 2018" and "until 2021"."""
    if first is None or last is None:
        if first is None and last is None:
            return gettext("any")
        told = gettext("from {year}") if last is None else gettext("until {year}")
        return told.format(year=first if last is None else last)
    return str(first) if first == last else f"{first}–{last}"


def _grouped(clause: Clause) -> str:
    text = describe(clause)
    return f"({text})" if isinstance(clause, Either | Every) else text


# --- years as written ---


def read_years(values: Sequence[str], span: Span) -> tuple[Years | None, list[str]]:
    """2021, 2018..2021, 2018-2021, 2018.., ..2021, >=2018, and lists of them.

    Returns the years, or None if no value could be read, and a sentence for each problem.
    """
    ranges: list[Range] = []
    problems: list[str] = []
    for value in values:
        years = _read(value.strip())
        if years is None:
            problems.append(
                f"“{value}” is not a year; write year:2020, year:2018..2021, year:2018.. or "
                "year:..2021. It was left out."
            )
            continue
        first, last = years
        if first is not None and last is not None and first > last:
            problems.append(
                f"The years {first} to {last} run backwards; read as {last} to {first}."
            )
            first, last = last, first
        ranges.append((first, last))
    return (Years(tuple(ranges), span) if ranges else None), problems


def read_year(value: str) -> int | None:
    """A single year of four digits, or None."""
    if not re.fullmatch(r"[0-9]{4}", value.strip()):
        return None
    year = int(value)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _read(value: str) -> Range | None:
    if (year := read_year(value)) is not None:
        return year, year
    if match := _BOUND.fullmatch(value):
        year = read_year(match[2])
        return None if year is None else _bounded(match[1], year)
    if (match := _RANGE.fullmatch(value)) and (match[1] or match[2]):
        ends = [read_year(end) if end else None for end in match.groups()]
        bad = any(end and year is None for end, year in zip(match.groups(), ends, strict=True))
        return None if bad else (ends[0], ends[1])
    return None


def _bounded(sign: str, year: int) -> Range:
    match sign:
        case ">=" | "≥":
            return year, None
        case "<=" | "≤":
            return None, year
        case ">":
            return year + 1, None
        case "<":
            return None, year - 1
        case _:
            return year, year
