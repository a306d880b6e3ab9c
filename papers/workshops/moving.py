"""Dates that move: the old one is kept beside the new one, and calendars keep their entries. Pure.

An entry is known again by its `code`, which also names it in calendars (RFC 5545: UID), so that a
new label or a new day moves the entry of a subscriber and makes no second one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from papers.names import slug

Entry = dict[str, Any]
DATE_KINDS = ("submission", "notification", "camera-ready", "event", "other")
_SAID = (
    ("camera-ready", re.compile(r"\bcamera[- ]ready\b", re.IGNORECASE)),
    ("notification", re.compile(r"\bnotifications?\b|\bnotified\b", re.IGNORECASE)),
    ("submission", re.compile(r"submission deadline", re.IGNORECASE)),
)
_INSTANT = ("date", "time", "zone", "note")


def kind_of(kind: str, label: str) -> str:
    """The kind of a date, of DATE_KINDS: as recorded, else what its label surely says, else ""."""
    return kind or next((said for said, words in _SAID if words.search(label)), "")


def numbered(words: str, repeated: Counter[str]) -> str:
    """A code for the same words always the same; numbered when they are used again."""
    stem = slug(words, longest=60) or "entry"
    repeated[stem] += 1
    number = repeated[stem]
    return stem if number == 1 else f"{stem}-{number}"


def with_codes(entries: Sequence[Entry], words: Iterable[str]) -> list[Entry]:
    """The entries, each with a code of its own; `words` name those that have none yet."""
    repeated: Counter[str] = Counter()
    coded = []
    taken = {entry["code"] for entry in entries if entry.get("code")}
    for entry, name in zip(entries, words, strict=True):
        code = entry.get("code") or numbered(name, repeated)
        while not entry.get("code") and code in taken:
            code = numbered(name, repeated)
        taken.add(code)
        coded.append({**entry, "code": code})
    return coded


def moved(before: Iterable[Entry], after: Iterable[Entry], today: dt.date) -> list[Entry]:
    """The dates `after`, with what was announced `before` and does not hold any more.

    The history of a date ends with the one that holds, so that it only ever grows, also when a
    date comes back to an earlier day.
    """
    known = {entry["code"]: entry for entry in before if entry.get("code")}
    return [_moved(known.get(entry.get("code", "")), entry, today) for entry in after]


def _moved(old: Entry | None, new: Entry, today: dt.date) -> Entry:
    if old is None:
        return new
    history = list(old.get("previous_dates") or [])
    changed = any((old.get(name) or "") != (new.get(name) or "") for name in _INSTANT)
    if changed and old.get("date"):
        if not history or history[-1].get("date") != old["date"]:
            history.append({"date": old["date"]})
        history.append({"date": new.get("date") or "", "published": today.isoformat()})
    return {**new, "previous_dates": history} if history else new


def told_moves(before: Iterable[Entry], after: Iterable[Entry]) -> list[str]:
    """A sentence for every date that is new or moved."""
    known = {entry["code"]: entry for entry in before if entry.get("code")}
    sentences = []
    for entry in after:
        old = known.get(entry.get("code", ""))
        day = in_words(entry.get("date") or "")
        if old is None:
            sentences.append(f"{entry['label']}: {day}." if day else f"New date: {entry['label']}.")
        elif (old.get("date") or "") != (entry.get("date") or ""):
            was = in_words(old.get("date") or "") or "no day"
            sentences.append(f"{entry['label']} moved from {was} to {day or 'a day not set yet'}.")
        elif any((old.get(name) or "") != (entry.get(name) or "") for name in _INSTANT):
            sentences.append(f"{entry['label']}: the time of day changed.")
    return sentences


def in_words(date: str) -> str:
    """2027-05-31 as "31 May 2027"; "" for none."""
    if not date:
        return ""
    day = dt.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"
