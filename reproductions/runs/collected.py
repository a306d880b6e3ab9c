"""What a program has printed, in three kinds: lines for people, measurements, points of plots.

Neither Django nor a database: the site makes rows of it, a runner a record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from confinement.process import Line
from reproductions.protocol import (
    End,
    Event,
    Log,
    Measure,
    NeedsData,
    Point,
    Progress,
    Start,
    neutralised,
    read_event,
)
from reproductions.runs.confined import hardware

LINE_ROWS = 20_000
POINT_ROWS = 50_000
MEASURE_ROWS = 20_000
NAME_LENGTH, CURVE_LENGTH, WORD_LENGTH = 120, 200, 100


@dataclass(frozen=True)
class Said:
    """One line of a log. kind: log, error (standard error), measure or site."""

    number: int
    kind: str
    text: str
    seconds: float


class Collector:
    """Reads the lines of one run, keeps what may be kept, and forgets what was taken from it."""

    def __init__(self) -> None:
        self.environment: dict[str, Any] = {}
        self.hardware = hardware()
        self.end_status = ""
        self.needs_data = ""
        self.progress: Progress | None = None
        self.lines: list[Said] = []
        self.measures: list[Measure] = []
        self.points: list[Point] = []
        self._line_count = self._point_count = self._measure_count = 0
        self._seen: set[tuple[str, int]] = set()

    def read(self, lines: Sequence[Line]) -> None:
        """Take new lines in."""
        for line in lines:
            if line.from_stderr:
                text = neutralised(line.text.decode("utf-8", errors="replace").rstrip("\r\n"))
                self.say(text, line.seconds, "error")
            else:
                self._event(read_event(line.text), line.seconds)

    def taken(self) -> tuple[list[Said], list[Measure], list[Point]]:
        """What came since it was last asked."""
        new = self.lines, self.measures, self.points
        self.lines, self.measures, self.points = [], [], []
        return new

    def say(self, text: str, seconds: float, kind: str = "log") -> None:
        """Add a line for people, up to the number that is kept."""
        self._line_count += 1
        if self._line_count > LINE_ROWS:
            return
        if self._line_count == LINE_ROWS:
            text, kind = "Further lines are not kept.", "site"
        self.lines.append(Said(self._line_count, kind, text, seconds))

    def _event(self, event: Event, seconds: float) -> None:
        match event:
            case Start():
                self.environment = dict(event.environment)
                self.hardware["accelerator"] = event.environment.get("accelerator")
                text = f"{event.program}, {event.scale} scale, seed {event.seed}, {event.device}"
                self.say(f"Started: {text}", seconds)
            case Progress():
                if event.note and (self.progress is None or event.note != self.progress.note):
                    self.say(event.note, seconds)
                self.progress = event
            case Measure():
                self._measure(event, seconds)
            case Point():
                if self._point_count < POINT_ROWS:
                    self._point_count += 1
                    self.points.append(event)
            case NeedsData():
                self.needs_data = event.what
                self.say(f"Needs data: {event.what}", seconds)
            case End():
                self.end_status = event.status
                self.say(f"Ended: {event.status}", seconds)
            case Log():
                self.say(event.text, seconds)

    def _measure(self, event: Measure, seconds: float) -> None:
        key = (event.id[:NAME_LENGTH], event.seed)
        if key in self._seen or self._measure_count >= MEASURE_ROWS:
            self.say(f"Not kept, measured before or too many: {event.id}", seconds)
            return
        self._seen.add(key)
        self._measure_count += 1
        self.measures.append(event)
        unit = "" if event.unit == "1" else f" {event.unit}"
        self.say(f"{event.id}: {event.value:g}{unit}", seconds, "measure")
