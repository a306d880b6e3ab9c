"""Two states of a programme side by side, in words; entries that change places. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
KINDS = ("added", "removed", "withdrawn", "moved", "renamed", "changed")


@dataclass(frozen=True)
class Difference:
    """What happened to an entry. kind: of KINDS; the first that holds."""

    kind: str
    text: str


def differences(before: Iterable[Entry], after: Iterable[Entry]) -> list[Difference]:
    """What is new, gone or other in `after`; entries are known again by their codes."""
    old = {entry["code"]: entry for entry in before}
    new = {entry["code"]: entry for entry in after}
    changes = [
        Difference("removed", f"{called(entry)}, {_when(entry)}, was removed.")
        for code, entry in old.items()
        if code not in new
    ]
    for code, entry in new.items():
        if code not in old:
            changes.append(Difference("added", f"{called(entry)}, {_when(entry)}, is new."))
        elif difference := _changed(old[code], entry):
            changes.append(difference)
    return sorted(changes, key=lambda difference: KINDS.index(difference.kind))


def summary(differences: Sequence[Difference]) -> str:
    """ "2 moved, 1 withdrawn"; "nothing changed" for none."""
    counts = Counter(difference.kind for difference in differences)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]) or (
        "nothing changed"
    )


def _changed(old: Entry, new: Entry) -> Difference | None:
    name = called(new)
    if bool(new.get("withdrawn")) != bool(old.get("withdrawn")):
        if new.get("withdrawn"):
            return Difference("withdrawn", f"{name}, {_when(old)}, was withdrawn.")
        return Difference("changed", f"{name} takes place after all.")
    if _when(old) != _when(new):
        return Difference("moved", f"{name} moved from {_when(old)} to {_when(new)}.")
    if (old.get("title") or "") != (new.get("title") or ""):
        return Difference("renamed", f"{called(old)} is called {name} now.")
    names = ("kind", "speaker", "paper", "link", "links", "abstract", "label")
    other = [name for name in names if (old.get(name) or "") != (new.get(name) or "")]
    return Difference("changed", f"{name}: other {', '.join(other)}.") if other else None


def called(entry: Entry) -> str:
    return f"“{entry.get('title') or entry.get('label') or entry.get('kind') or 'An entry'}”"


def _when(entry: Entry) -> str:
    span = "–".join(clock for clock in (entry.get("start"), entry.get("end")) if clock)
    return " ".join(filter(None, (entry.get("day"), span or "no time", entry.get("room"))))


def moved_before(entries: Sequence[Entry], code: str, before: str) -> list[Entry]:
    """The programme with one entry put before another, or ("") at the end of its day and room.

    Both keep their lengths, and the pauses stay where they were; the entries between them move up
    or down. Without times, or across days and rooms, nothing changes.
    """
    chosen = next((entry for entry in entries if entry.get("code") == code), None)
    if chosen is None or not _has_times(chosen):
        return list(entries)
    lane = [e for e in entries if _lane(e) == _lane(chosen) and _has_times(e)]
    lane.sort(key=lambda entry: str(entry["start"]))
    codes = [entry["code"] for entry in lane]
    if code == before or (before and before not in codes):
        return list(entries)
    order = [entry for entry in lane if entry is not chosen]
    place = next((n for n, e in enumerate(order) if e["code"] == before), len(order))
    order.insert(place, chosen)
    times = _laid_out(lane, order)
    return [entry | times.get(entry.get("code", ""), {}) for entry in entries]


def neighbour(entries: Sequence[Entry], code: str, step: int) -> str | None:
    """Before which code an entry stands after one step up (-1) or down (1); None for none."""
    chosen = next((entry for entry in entries if entry.get("code") == code), None)
    if chosen is None:
        return None
    lane = [e for e in entries if _lane(e) == _lane(chosen) and _has_times(e)]
    lane.sort(key=lambda entry: str(entry["start"]))
    codes = [entry["code"] for entry in lane]
    if code not in codes:
        return None
    place = codes.index(code) + (step if step < 0 else step + 1)
    if place < 0 or place > len(codes):
        return None
    return codes[place] if place < len(codes) else ""


def _lane(entry: Entry) -> tuple[str, str]:
    return entry.get("day") or "", entry.get("room") or ""


def _has_times(entry: Entry) -> bool:
    ends_later = bool(entry.get("start")) and (entry.get("end") or "") > entry["start"]
    return ends_later and not entry.get("withdrawn")


def _laid_out(lane: Sequence[Entry], order: Sequence[Entry]) -> dict[str, Entry]:
    """New times by code: lengths go with the entries, pauses stay between the places."""
    ends = [_minutes(entry["end"]) for entry in lane]
    starts = [_minutes(entry["start"]) for entry in lane]
    pauses = [later - end for end, later in zip(ends, starts[1:], strict=False)] + [0]
    times, at = {}, starts[0]
    for entry, pause in zip(order, pauses, strict=True):
        length = _minutes(entry["end"]) - _minutes(entry["start"])
        times[entry["code"]] = {"start": _clock(at), "end": _clock(at + length)}
        at += length + pause
    return times


def _minutes(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return 60 * hours + minutes


def _clock(minutes: int) -> str:
    return f"{dt.datetime(2000, 1, 1) + dt.timedelta(minutes=minutes):%H:%M}"
