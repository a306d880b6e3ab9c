"""Years as written in a query. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from papers.search.clauses import FIRST_YEAR, LAST_YEAR, Span, Years

_RANGE = re.compile(r"(\d{4})?\s*(?:\.\.+|…|-|–|—|~|to)\s*(\d{4})?")
_BOUND = re.compile(r"(>=|<=|≥|≤|>|<|=)\s*(\d{4})")

Range = tuple[int | None, int | None]


def read_years(values: Sequence[str], span: Span) -> tuple[Years | None, list[str]]:
    """2021, 2018..2021, 2018-2021, 2018.., ..2021, >=2018, and lists of them.

    Returns the years, or None if no value could be read, and a sentence for each problem.
    """
    ranges: list[Range] = []
    problems: list[str] = []
    for value in values:
        found = _read(value.strip())
        if found is None:
            problems.append(
                f"“{value}” is not a year; write year:2020, year:2018..2021, year:2018.. or "
                "year:..2021. It was left out."
            )
            continue
        first, last = found
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
    if found := _BOUND.fullmatch(value):
        year = read_year(found[2])
        return None if year is None else _bounded(found[1], year)
    if (found := _RANGE.fullmatch(value)) and (found[1] or found[2]):
        ends = [read_year(end) if end else None for end in found.groups()]
        bad = any(end and year is None for end, year in zip(found.groups(), ends, strict=True))
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
