"""The lines a reference program prints, and a reader that survives anything.

One JSON object per line with a key ``event``:

    start       program, scale, seed, device, environment{...}
    progress    done, total, note
    measure     id, setting, metric, value, unit, convention, seed [, standard_error]
    point       curve, x, y [, further scalars]
    log         text
    needs-data  what
    end         status ("ok", "needs-data" or "failed")

Whatever is not such an object (a warning of a library, a traceback, half a line) is read as log
text, shortened and made harmless for terminals and pages.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .commands import DEVICES, SCALES

LINE_LIMIT = 65_536
"""Longest line that is parsed, in characters; a longer one becomes log text."""
TEXT_LIMIT = 2_000
"""Longest text kept of a log line, a note or a name, in characters."""
END_STATUSES = ("ok", "needs-data", "failed")

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Start:
    """The run begins; `environment` says on what."""

    program: str
    scale: str
    seed: int
    device: str
    environment: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """`done` of `total` units of work; `total` is 0 when it is not known."""

    done: float
    total: float
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """One measured number.  `id` is stable between runs and versions; claims name it.

    value: in `unit` ("1" for a pure count).  convention: how it was counted, or "".
    standard_error: sampling error of the value in the same unit, if the program knows it.
    """

    id: str
    setting: str
    metric: str
    value: float
    unit: str
    convention: str
    seed: int
    standard_error: float | None = None


@dataclass(frozen=True)
class Point:
    """One point of a plot; `more` holds further scalars such as a label or a series."""

    curve: str
    x: float
    y: float
    more: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Log:
    """A line for people."""

    text: str


@dataclass(frozen=True)
class NeedsData:
    """The program cannot go on without this."""

    what: str


@dataclass(frozen=True)
class End:
    """The last line of an orderly run."""

    status: str


Event = Start | Progress | Measure | Point | Log | NeedsData | End

# Escape sequences of terminals: CSI, OSC (ended by BEL or ST), other two-byte escapes, 8-bit CSI.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -~]?|\x9b[0-?]*[@-~]?"
)
# Control characters but tab, line separators, and characters that reorder or hide text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def neutralised(text: str, limit: int = TEXT_LIMIT) -> str:
    """Text that cannot move a cursor, reorder a page or fill a disk.

    Escape sequences vanish, other control characters become U+FFFD, and what is longer than
    `limit` characters ends in an ellipsis.  HTML is left as it is: pages escape it.
    """
    text = text[: 4 * limit] if len(text) > 4 * limit else text
    text = _HIDDEN.sub("\ufffd", _ESCAPES.sub("", text))
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def read_event(line: str | bytes) -> Event:
    """Read one line of a program's output; never raises.

    A valid event becomes its dataclass, anything else a Log.  NaN and infinities are not valid.
    """
    if isinstance(line, bytes):
        line = line.decode("utf-8", errors="replace")
    line = line.rstrip("\r\n")
    if len(line) > LINE_LIMIT:
        return Log(neutralised(line))
    try:
        found = json.loads(line, parse_constant=_refuse_constant)
        return _READERS[found["event"]](found)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return Log(neutralised(line))


def read_events(lines: Iterable[str | bytes]) -> Iterator[Event]:
    """Read many lines, leaving out empty ones."""
    for line in lines:
        if line.strip():
            yield read_event(line)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a string")
    return neutralised(value)


def _name(value: Any) -> str:
    name = _text(value)
    if not name.strip():
        raise ValueError("expected a name")
    return name


def _one_of(known: tuple[str, ...], value: Any) -> str:
    if value not in known:
        raise ValueError(f"expected one of {known}")
    return str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("expected a number")
    if not math.isfinite(float(value)):
        raise ValueError("expected a finite number")
    return float(value)


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("expected a whole number")
    return int(number)


def _scalars(value: Any) -> dict[str, Scalar]:
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    return {_name(key): _scalar(item) for key, item in value.items()}


def _scalar(value: Any) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    return value if isinstance(value, int) else _number(value)


def _start(found: dict[str, Any]) -> Start:
    return Start(
        program=_name(found["program"]),
        scale=_one_of(SCALES, found["scale"]),
        seed=_whole(found["seed"]),
        device=_one_of(DEVICES, found["device"]),
        environment=_scalars(found.get("environment", {})),
    )


def _progress(found: dict[str, Any]) -> Progress:
    done, total = _number(found["done"]), _number(found["total"])
    if done < 0 or total < 0:
        raise ValueError("progress is not negative")
    return Progress(done=done, total=total, note=_text(found.get("note", "")))


def _measure(found: dict[str, Any]) -> Measure:
    error = found.get("standard_error")
    if error is not None and _number(error) < 0:
        raise ValueError("a standard error is not negative")
    return Measure(
        id=_name(found["id"]),
        setting=_text(found["setting"]),
        metric=_name(found["metric"]),
        value=_number(found["value"]),
        unit=_name(found["unit"]),
        convention=_text(found["convention"]),
        seed=_whole(found["seed"]),
        standard_error=error,
    )


def _point(found: dict[str, Any]) -> Point:
    more = {key: item for key, item in found.items() if key not in {"event", "curve", "x", "y"}}
    return Point(
        curve=_name(found["curve"]),
        x=_number(found["x"]),
        y=_number(found["y"]),
        more=_scalars(more),
    )


def _end(found: dict[str, Any]) -> End:
    return End(_one_of(END_STATUSES, found["status"]))


_READERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "start": _start,
    "progress": _progress,
    "measure": _measure,
    "point": _point,
    "log": lambda found: Log(_text(found["text"])),
    "needs-data": lambda found: NeedsData(_name(found["what"])),
    "end": _end,
}
