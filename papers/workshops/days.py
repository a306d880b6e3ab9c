"""Days of the calendar as people type them. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.utils.translation import gettext

from papers.workshops.clocks import Typed

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_EITHER = re.compile(r"(\d{1,2})\s*[-/]\s*(\d{1,2})\s*[-/]\s*(\d{4})")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})", re.I
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.I)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.I
)


def typed_day(text: str) -> Typed:
    """A day as YYYY-MM-DD: "2027-5-31", "31.5.2027", "31 May 2027", "2027年5月31日"; a question
    where day and month could be each other."""
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    if not words:
        return Typed("")
    bare = _WEEKDAY.sub("", words)
    if match := _YEAR_FIRST.fullmatch(bare):
        return _day(words, match[1], match[2], match[3])
    if match := _DAY_FIRST.fullmatch(bare):
        return _day(words, match[3], match[2], match[1])
    if match := _DAY_MONTH.fullmatch(bare):
        return _day(words, match[3], _month(match[2]), match[1])
    if match := _MONTH_DAY.fullmatch(bare):
        return _day(words, match[3], _month(match[1]), match[2])
    if match := _EITHER.fullmatch(bare):
        return _of_two(words, match[3], match[1], match[2])
    return _no_day(words)


def _of_two(words: str, year: str, first: str, second: str) -> Typed:
    """Of 31/05/2027 one number can be the month; of 03/04/2027 both."""
    as_european, as_american = _day(words, year, second, first), _day(words, year, first, second)
    if as_european.is_wrong or as_european.value == as_american.value:
        return as_american
    if as_american.is_wrong:
        return as_european
    asked = gettext("“{value}” is {one} or {other}. Type the one that is meant.")
    return Typed(
        words,
        asked.format(value=words, one=as_european.value, other=as_american.value),
        True,
    )


def _month(name: str) -> str:
    """The number of a month by its name or its beginning; "0" for other words."""
    start = name.casefold()[:3]
    whole = dt.date(2000, _MONTHS.index(start) + 1, 1).strftime("%B") if start in _MONTHS else ""
    fits = whole.casefold().startswith(name.casefold()) or name.casefold() == "sept"
    return str(_MONTHS.index(start) + 1) if fits and whole else "0"


def _day(words: str, year: str, month: str, day: str) -> Typed:
    try:
        return Typed(dt.date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return _no_day(words)


def _no_day(words: str) -> Typed:
    told = gettext("“{value}” is no day. Type it as 2027-07-23.")
    return Typed(words, told.format(value=words[:40]), True)
