"""Time zones as people type them: names of places, abbreviations, fixed offsets. Pure.

What is kept is "AoE" or a name of the IANA data base. Whole hours have such names as well, with
the sign the other way round: UTC+8 is Etc/GMT-8.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext

from papers.workshops.clocks import Typed

_ANYWHERE = frozenset(("aoe", "anywhere on earth", "anywhere on the earth", "地球任意地点"))
_PLACES = {
    "beijing": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "hong kong": "Asia/Hong_Kong",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "japan": "Asia/Tokyo",
    "东京": "Asia/Tokyo",
    "日本": "Asia/Tokyo",
    "korea": "Asia/Seoul",
    "首尔": "Asia/Seoul",
    "新加坡": "Asia/Singapore",
    "india": "Asia/Kolkata",
    "us pacific": "America/Los_Angeles",
    "us eastern": "America/New_York",
    "coordinated universal": "UTC",
    "greenwich mean": "UTC",
    "世界协调": "UTC",
    "协调世界": "UTC",
}
_MAYBE = {
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "MST7MDT": "America/Denver",
    "BST": "Europe/London",
    "CET": "Europe/Paris",
    "CEST": "Europe/Paris",
    "EET": "Europe/Helsinki",
    "EEST": "Europe/Helsinki",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "pacific": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "central european": "Europe/Paris",
}
"""Abbreviations that several places have, or that hold for half a year only: asked about."""
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−–])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_TIME = re.compile(
    r"\s*(?:(?:standard |daylight |summer )?time|标准时间|时间|時間|时)$", re.IGNORECASE
)


def typed_zone(text: str) -> Typed:
    """A zone as it is kept; with a question where an abbreviation could mean another place."""
    words = " ".join(unicodedata.normalize("NFKC", text).split())
    if not words:
        return Typed("")
    if words.casefold() in _ANYWHERE:
        return Typed("AoE")
    if match := _OFFSET.fullmatch(words):
        return _fixed(words, match)
    bare = _TIME.sub("", words)
    if guess := _MAYBE.get(words) or _MAYBE.get(words.upper()) or _MAYBE.get(bare.casefold()):
        asked = gettext("“{value}”: is {guess} meant? Save again if so.")
        return Typed(guess, asked.format(value=words, guess=guess))
    if known := _PLACES.get(bare.casefold()) or _by_name().get(_folded(words)):
        return Typed(known)
    if bare != words and (town := _towns().get(_folded(bare))):
        return Typed(town)
    if town := _towns().get(_folded(words)):
        asked = gettext("“{value}”: is {guess} meant? Save again if so.")
        return Typed(town, asked.format(value=words, guess=town))
    return Typed(words, _no_zone(words), True)


def shown_zone(name: str) -> str:
    """A zone as readers know it: Etc/GMT-8 is UTC+8."""
    match = re.fullmatch(r"Etc/GMT([+-])(\d{1,2})", name)
    return f"UTC{'-' if match[1] == '+' else '+'}{match[2]}" if match else name


def _fixed(words: str, match: re.Match[str]) -> Typed:
    hours, minutes = int(match[2]), int(match[3] or 0)
    west = match[1] != "+"
    if minutes:
        told = gettext("“{value}”: name a place with this time, such as Asia/Kolkata.")
        return Typed(words, told.format(value=words), True)
    if hours == 0:
        return Typed("UTC")
    if west and hours == 12:
        return Typed("AoE")
    name = f"Etc/GMT{'+' if west else '-'}{hours}"
    return Typed(name) if name in available_timezones() else Typed(words, _no_zone(words), True)


def _no_zone(words: str) -> str:
    told = gettext("“{value}” is no time zone. Type AoE, UTC, or a name like Europe/Vienna.")
    return told.format(value=words[:40])


def _folded(words: str) -> str:
    return words.casefold().replace(" ", "_")


@cache
def _by_name() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def _towns() -> dict[str, str]:
    """Towns of the data base, such as Vienna, that stand there once."""
    names = [name for name in available_timezones() if name.split("/")[0] in _CONTINENTS]
    ends = [name.rsplit("/", 1)[1].casefold() for name in names]
    return {end: name for end, name in zip(ends, names, strict=True) if ends.count(end) == 1}


_CONTINENTS = frozenset(
    (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)
