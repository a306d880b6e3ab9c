"""Times of day as people type them, and what is odd about a programme. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h点點时時]\s*(?P<minute>\d{2})(?::(?:00|59))?)?"
    r"\s*[h点點时時分整]{0,2}\s*(?P<half>[ap])?\.?\s?(?:m\.?)?",
    re.IGNORECASE,
)
_HALVES = {"上午": "am", "早上": "am", "凌晨": "am", "下午": "pm", "晚上": "pm", "中午": ""}
_MIDNIGHT = re.compile(r"24(?:[:.h]?00|h)?")
_SPAN = re.compile(r"\s*(?:-|–|—|\bto\b|\bbis\b)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """What was typed as a time. `question`: asked when it cannot mean just that."""

    value: str
    question: str = ""
    is_wrong: bool = False


def typed_clock(text: str) -> Typed:
    """A time as HH:MM: "9", "18.15", "6:15 pm", "23:59:59", "noon", "下午6点15分"; "18.15 PM" with
    a question."""
    words = text.strip()
    if not words:
        return Typed("")
    if words.lower() in ("noon", "midday", "中午", "正午"):
        return Typed("12:00")
    plain = unicodedata.normalize("NFKC", words)
    if half := next((half for half in _HALVES if plain.startswith(half)), ""):
        plain = f"{plain.removeprefix(half).strip()}{_HALVES[half]}"
    match = _CLOCK.fullmatch(plain)
    if match is None:
        return Typed(words, f"“{words}” is no time of day. Type it as 18:15.", True)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if hour == 24 and minute == 0:
        return Typed(words, f"“{words}” ends a day. Type 23:59, or 00:00 of the day after.", True)
    if hour > 23 or minute > 59:
        return Typed(words, f"“{words}” is no time of day. Type it as 18:15.", True)
    if not half or hour > 12 or hour == 0:
        value = f"{hour:02}:{minute:02}"
        if half:
            return Typed(value, f"“{words}”: is {value} meant? Save again if so.")
        return Typed(value)
    hour = hour % 12 + (12 if half == "p" else 0)
    return Typed(f"{hour:02}:{minute:02}")


def typed_span(start: str, end: str) -> tuple[Typed, Typed]:
    """Start and end of an entry; "9:00 - 9:45" typed into the first box fills both."""
    parts = _SPAN.split(start.strip())
    if len(parts) == 2 and not end.strip():
        start, end = parts
    first, last = typed_clock(start), typed_clock(end)
    if _MIDNIGHT.fullmatch(end.strip()):  # of an entry it is the time at which it ends
        last = Typed("00:00")
    if first.value and last.value and not (first.is_wrong or last.is_wrong):
        last = _after_noon(first, last, start, end)
    return first, last


def _after_noon(first: Typed, last: Typed, start: str, end: str) -> Typed:
    """An end before its start: where twelve hours later would do, it is asked about."""
    if last.value > first.value or last.question:
        return last
    hour = int(last.value[:2])
    later = f"{hour + 12:02}{last.value[2:]}"
    if hour < 12 and later > first.value:
        return Typed(
            later, f"“{start.strip()}” to “{end.strip()}”: is {later} meant? Save again if so."
        )
    return last


def oddities(entries: Sequence[dict[str, Any]]) -> list[str]:
    """What a programme should be looked at for: overlaps, ends before starts, speakers twice."""
    sentences = []
    shown = [entry for entry in entries if entry.get("start") and not entry.get("withdrawn")]
    for place, entry in enumerate(shown):
        name = _called(entry)
        if entry.get("end") and entry["end"] < entry["start"]:
            sentences.append(f"{name} ends at {entry['end']}, before it starts.")
        for other in shown[place + 1 :]:
            if _together(entry, other):
                if (entry.get("room") or "") == (other.get("room") or ""):
                    sentences.append(f"{name} and {_called(other)} overlap.")
                elif entry.get("speaker") and entry["speaker"] == other.get("speaker"):
                    sentences.append(f"{entry['speaker']} speaks in two rooms at once.")
    return sentences


def _together(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if (one.get("day") or "") != (other.get("day") or ""):
        return False
    if not (one.get("end") and other.get("end")):
        return False
    first, second = sorted((one, other), key=lambda entry: entry["start"])
    return bool(second["start"] < first["end"] and first["end"] > first["start"])


def _called(entry: dict[str, Any]) -> str:
    title = entry.get("title") or entry.get("label") or entry.get("kind") or "An entry"
    return f"“{title}” ({entry['start']})"


def closed_gap(entries: Sequence[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """The programme with what follows a withdrawn entry, on its day and in its room, moved up."""
    gone = next((entry for entry in entries if entry.get("code") == code), None)
    if gone is None or not (gone.get("start") and gone.get("end")):
        return list(entries)
    gap = _minutes(gone["end"]) - _minutes(gone["start"])
    place = ("day", "room")
    return [
        {
            **entry,
            "start": _earlier(entry["start"], gap),
            "end": _earlier(entry.get("end") or "", gap),
        }
        if entry is not gone
        and (entry.get("start") or "") >= gone["end"]
        and not entry.get("withdrawn")
        and all((entry.get(name) or "") == (gone.get(name) or "") for name in place)
        else entry
        for entry in entries
    ]


def _minutes(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return 60 * hours + minutes


def _earlier(clock: str, minutes: int) -> str:
    if not clock:
        return ""
    at = dt.datetime(2000, 1, 2) + dt.timedelta(minutes=_minutes(clock) - minutes)
    return f"{at:%H:%M}"
