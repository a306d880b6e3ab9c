"""Dates of a call as instants: what "31 May, Anywhere on Earth" means in UTC. Pure."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

ANYWHERE_ON_EARTH = dt.timezone(dt.timedelta(hours=-12), "AoE")
_NAMED = {
    "pacific time": "America/Los_Angeles",
    "eastern time": "America/New_York",
    "central european time": "Europe/Paris",
    "utc": "UTC",
    "gmt": "UTC",
}
_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*([+−-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\s*(am|pm)?", re.IGNORECASE)


def printed_zone(note: str) -> dt.tzinfo | None:
    """The zone that a note such as "11:59 pm UTC-11" names; None when it names none."""
    if re.search(r"anywhere on earth|\bAoE\b", note, re.IGNORECASE):
        return ANYWHERE_ON_EARTH
    if match := _OFFSET.search(note):
        sign = 1 if match[1] == "+" else -1
        offset = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return dt.timezone(sign * offset)
    for words, zone in _NAMED.items():
        if re.search(rf"\b{words}\b", note, re.IGNORECASE):
            return ZoneInfo(zone)
    return None


def end_of(date: dt.date, note: str) -> dt.datetime | None:
    """The instant at which a deadline printed as `date` and `note` has passed, in UTC.

    A date without a clock time ends when its day ends in the printed zone.
    None when the note names no zone: the instant is then unknown and not guessed.
    """
    zone = printed_zone(note)
    if zone is None:
        return None
    clock = printed_clock(note)
    if clock is None:
        date, clock = date + dt.timedelta(days=1), dt.time(0)
    return dt.datetime.combine(date, clock, tzinfo=zone).astimezone(dt.UTC)


def printed_clock(note: str) -> dt.time | None:
    """The time of day in a note: "11:59 pm" gives 23:59; None when there is none."""
    match = _CLOCK.search(note)
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
