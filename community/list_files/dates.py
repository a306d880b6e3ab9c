"""Years and venues as lists print them: "2018 ICML", "(ICCV2017 workshop)", "Preprint Feb 2021"."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20[0-4])\d)(?!\d)")
_DAY = re.compile(r"\b((?:19|20)\d\d)([-/.])(?:0?[1-9]|1[0-2])(?:\2(?:[0-2]?\d|3[01]))?(?![\d-])")
"""A day or a month in numbers, of which the year alone is kept."""
_SHORT_YEAR = re.compile(r"['’](\d\d)\b")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTHS = re.compile(rf"\b{_MONTH}(?=\W|$)", re.IGNORECASE)
_UNKNOWN = {"", "-", "--", "n/a", "na", "none", "unknown", "tbd", "nan", "?", "待定", "未知"}
_PRESENTATION = {"o": "oral", "s": "spotlight", "b": "best paper"}
_PREFIX = re.compile(
    r"^\W*(?P<year>(?:19|20)\d\d)(?:[./](?P<month>\d{1,2}))?"
    r"(?:\s*[-–]\s*(?P<venue>[^\[\]]{1,80}?))?\s*[-–:]\s*$"
)
_MARKED = re.compile(r"^([A-Z][A-Za-z]*[A-Z])([osbw])$")


def known(cell: str) -> str:
    """The text of a cell, empty for the many ways to say that nothing is known."""
    text = " ".join(cell.split()).strip()
    return "" if text.lower() in _UNKNOWN else text


def year_in(text: str) -> int | None:
    """The last year that a text names; "Micro '20" is 2020."""
    years = _YEAR.findall(text)
    if years:
        return int(years[-1])
    short = _SHORT_YEAR.search(text)
    if short is None:
        return None
    return (1900 if int(short[1]) > 50 else 2000) + int(short[1])


def venue_and_year(text: str) -> tuple[str, int | None]:
    """What is printed of venue and year, taken apart: "ICPR2016" is "ICPR" and 2016."""
    year = year_in(text)
    venue = _SHORT_YEAR.sub(" ", _YEAR.sub(" ", _DAY.sub(r"\1", text)))
    if year is not None:
        venue = _MONTHS.sub(" ", venue)
    venue = " ".join(venue.split()).strip(" .,;:()[]-–/&")
    venue += ")" * (venue.count("(") - venue.count(")"))  # of "Surveys 54(3)", which belongs to it
    return known(venue), year


def from_prefix(text: str) -> tuple[str, int | None, str] | None:
    """Venue, year and kind of presentation of "2018-NIPSs-", "2017.11-"; None for other text."""
    match = _PREFIX.match(text)
    if match is None:
        return None
    venue, remark = match["venue"] or "", ""
    if marked := _MARKED.match(venue):
        venue, letter = marked[1], marked[2]
        remark = _PRESENTATION.get(letter, "")
        venue += " Workshop" if letter == "w" else ""
    return known(venue), int(match["year"]), remark


def ends_in_venue(text: str) -> tuple[str, str] | None:
    """Title and the rest of "Confident Adaptive Language Modeling. NeurIPS 2022."; None without.

    The rest must name a year; a title may hold full stops of its own.
    """
    for match in reversed(list(re.finditer(r"(?<=\w\w)([.?!])\s+(?=\S)", text))):
        tail = text[match.end() :].strip()
        if year_in(tail) and len(tail.split()) <= 12 and not tail.endswith("?"):
            title = text[: match.end(1)] if match[1] in "?!" else text[: match.start()]
            return title.strip(), tail
    return None


def looks_like_venue(text: str) -> bool:
    """Whether a short text is a venue with its year and nothing else: "ICCV2017 workshop"."""
    venue, year = venue_and_year(text)
    return year is not None and len(venue.split()) <= 10 and venue.count(",") <= 2
