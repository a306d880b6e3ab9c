"""Fields of data files and what may stand in them: types, patterns, controlled words. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from papers.names import name_key

Check = Callable[[Any], str]


@dataclass(frozen=True)
class Field:
    """One allowed field: its type, whether it must be there, and its meaning when absent."""

    kind: type
    required: bool = False
    check: Check | None = None
    items: dict[str, Field] | type | None = None

    @property
    def default(self) -> object:
        return self.kind() if self.kind in (str, list, dict) else None


def pattern(expression: str, meaning: str) -> Check:
    compiled = re.compile(expression)

    def check(value: object) -> str:
        return "" if compiled.fullmatch(str(value)) else f"is not {meaning}: {value!r}"

    return check


def one_of(*allowed: str) -> Check:
    def check(value: object) -> str:
        return "" if value in allowed else f"must be one of {', '.join(allowed)}, not {value!r}"

    return check


def between(low: int, high: int) -> Check:
    def check(value: float) -> str:
        return "" if low <= value <= high else f"must lie between {low} and {high}, not {value!r}"

    return check


def iso_date(value: str) -> str:
    """Empty, or YYYY-MM-DD."""
    try:
        if value:
            dt.date.fromisoformat(value)
    except ValueError:
        return f"is not a date like 2022-07-22: {value!r}"
    return ""


def clock(value: str) -> str:
    """Empty, or HH:MM."""
    return "" if not value or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) else "is not HH:MM"


def zone(value: str) -> str:
    """Empty, "AoE", or a name of the IANA data base such as Europe/Paris."""
    if not value or value == "AoE" or value in available_timezones():
        return ""
    return f"is no time zone: {value!r}; AoE or a name like Europe/Paris"


def isbn(value: str) -> str:
    """Empty, or an ISBN of ten or thirteen digits whose last digit fits the others."""
    digits = [10 if sign in "Xx" else int(sign) for sign in re.findall(r"[0-9Xx]", value)]
    if len(digits) == 13:
        fits = sum(d * (1, 3)[place % 2] for place, d in enumerate(digits)) % 10 == 0
    else:
        fits = len(digits) == 10 and sum(d * (10 - n) for n, d in enumerate(digits)) % 11 == 0
    known = not value or (fits and re.fullmatch(r"[0-9Xx -]+", value))
    return "" if known else f"is no ISBN: {value!r}; check its digits"


def distinct_names(rows: list[Any]) -> str:
    """Names that differ in more than case, hyphens and spaces."""
    names = [str(row.get("name", "")) for row in rows if isinstance(row, dict)]
    keys = [name_key(name) for name in names]
    again = [name for name, key in zip(names, keys, strict=True) if not key or keys.count(key) > 1]
    return f"has one name twice, or an empty one: {', '.join(again)}" if again else ""


SLUG = pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "a slug (lower-case words joined by hyphens)")
KEY = pattern(r"[a-z0-9]+", "a key (lower-case letters and digits)")
URL = pattern(r"https?://\S+", "an http(s) address")
ARXIV = pattern(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}", "an arXiv id")
DOI = pattern(r"10\.\d{4,9}/\S+", "a DOI")
TEXT = Field(str)
TEXTS = Field(list, items=str)
LABELLED_LINKS = Field(
    list, items={"label": Field(str), "url": Field(str, check=URL), "name": Field(str)}
)


def words_of(allowed: Collection[str]) -> Check:
    """A check of lists of controlled words."""

    def check(value: list[object]) -> str:
        strange = [repr(word) for word in value if word not in allowed]
        known = ", ".join(allowed)
        return f"has {', '.join(strange)}; the words are {known}" if strange else ""

    return check
