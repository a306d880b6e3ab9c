"""Times of a programme as people type them: "12.00 PM - 13:30 PM", "8:15M", "13:45 14:00"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:\s?[:.h]\s?(?P<minute>\d{2}))?\s*"
    r"(?P<half>[ap]\.?\s?m\.?\b|m\b|(?:noon|midday)\b)?(?!\d)",
    re.IGNORECASE,
)
_LONG, _SHORT = 8 * 60, 3 * 60
"""Minutes beyond which a talk is too long to be meant, and within which it is likely."""


@dataclass(frozen=True)
class Times:
    """start, end: None where none is printed. repairs: what was read otherwise than written."""

    start: dt.time | None = None
    end: dt.time | None = None
    repairs: tuple[str, ...] = ()
    is_sure_of_half: bool = True
    """False where an hour up to 12 stands without AM or PM: the programme around it decides."""


@dataclass(frozen=True)
class _Clock:
    hour: int
    minute: int
    half: str
    printed: str

    def readings(self) -> list[int]:
        """Minutes of the day that may be meant."""
        if self.half == "a" and self.hour <= 12:
            return [self.hour % 12 * 60 + self.minute]
        if self.half == "p" and self.hour <= 12:
            return [(self.hour % 12 + 12) * 60 + self.minute]
        if self.half == "?" and self.hour <= 12:
            return [self.hour % 12 * 60 + self.minute, (self.hour % 12 + 12) * 60 + self.minute]
        return [self.hour * 60 + self.minute]

    @property
    def is_odd(self) -> bool:
        """Whether it says two things: "16:45 AM", "18.15 PM", "8:15M"."""
        return self.half == "?" or (self.half in ("a", "p") and self.hour > 12)


def times_in(text: str) -> Times:
    """The range or the single time that a programme prints, with what had to be repaired."""
    clocks = _clocks(text)[:2]
    if not clocks:
        return Times()
    repairs = []
    if len(clocks) == 2:
        start, end, guessed = _range(clocks[0], clocks[1])
        repairs += guessed
        if start is None:
            return Times()
        odd = any(clock.is_odd for clock in clocks)
        sure = any(clock.half for clock in clocks) or max(clock.hour for clock in clocks) > 12
        sure = sure or clocks[0].printed.startswith("0")
        if odd:
            repairs.append(f"“{text.strip()}” was read as {_shown(start)} to {_shown(end)}")
        return Times(_time(start), _time(end), tuple(dict.fromkeys(repairs)), sure)
    (clock,) = clocks
    readings = clock.readings()
    if clock.is_odd:
        repairs.append(f"“{text.strip()}” was read as {_shown(readings[-1])}")
    sure = bool(clock.half) or clock.hour > 12 or clock.printed.startswith("0")
    return Times(
        _time(readings[-1] if clock.half == "?" else readings[0]), None, tuple(repairs), sure
    )


def _clocks(text: str) -> list[_Clock]:
    clocks = []
    for match in _CLOCK.finditer(text):
        if match["minute"] is None and not match["half"]:
            continue
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if hour > 24 or minute > 59 or (hour == 24 and minute):
            continue
        word = re.sub(r"[.\s]", "", (match["half"] or "").lower())
        half = {"am": "a", "pm": "p", "m": "?", "noon": "p", "midday": "p"}.get(word, "")
        clocks.append(_Clock(hour % 24, minute, half, match[0].strip()))
    return clocks


def _range(start: _Clock, end: _Clock) -> tuple[int | None, int, list[str]]:
    """Minutes of both ends. Where the halves contradict, the shortest range forward is meant."""
    starts, ends = start.readings(), end.readings()
    if not start.half and end.half and start.hour <= 12:  # "12:10 - 1:10 PM"
        noon = start.hour % 12 * 60 + start.minute
        starts = [noon, noon + 720]
    pairs = [(e - s, s, e) for s in starts for e in ends if e >= s]
    if pairs:
        length, s, e = min(pairs)
        if length > _LONG and end.half and 0 <= e - 720 - s <= _SHORT:  # "11:42AM - 11:48PM"
            return s, e - 720, [f"an end {length // 60} hours later was read as {_shown(e - 720)}"]
        return s, e, []
    halves = [(e + 720 - s, s, e + 720) for s in starts for e in ends if s <= e + 720 < 1440]
    if halves and end.hour <= 12:
        _, s, e = min(halves)
        return s, e, [f"an end before the beginning was read as {_shown(e)}"]
    if start.half or end.half or starts[0] - ends[0] > 720:  # over midnight
        return starts[0], ends[0], []
    return starts[0], ends[0], ["the end stands before the beginning"]


def _time(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)


def _shown(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
