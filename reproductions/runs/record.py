"""From lines of a program to rows: log, measurements, curve points, progress, and the lease."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psutil

from confinement.process import Line
from reproductions.models import CurvePoint, Measurement, Run, RunLine
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
from work import job

LINE_ROWS = 20_000
POINT_ROWS = 50_000
MEASURE_ROWS = 20_000


class Recorder:
    """Writes what a run prints, keeps its lease, and learns that it should stop."""

    def __init__(self, run: Run, *, lease: timedelta) -> None:
        self.run = run
        self.lease = lease
        self.environment: dict[str, Any] = {}
        self.hardware = hardware()
        self.end_status = ""
        self.needs_data = ""
        self.cancelled = ""
        self.lease_lost = False
        self._progress: Progress | None = None
        self._lines = self._points = self._measures = 0
        self._seen: set[tuple[str, int]] = set()
        self._new: tuple[list[RunLine], list[Measurement], list[CurvePoint]] = ([], [], [])

    def deliver(self, lines: Sequence[Line]) -> str:
        """Store new lines and renew the lease; a reason to stop the program, or ""."""
        for line in lines:
            if line.from_stderr:
                text = neutralised(line.text.decode("utf-8", errors="replace").rstrip("\r\n"))
                self._line(text, line.seconds, RunLine.Kind.ERROR)
            else:
                self._event(read_event(line.text), line.seconds)
        if not self._renew():
            self.lease_lost = True
            return "the lease was lost"
        self._store()
        return self.cancelled

    def _event(self, event: Event, seconds: float) -> None:
        match event:
            case Start():
                self.environment = dict(event.environment)
                self.hardware["accelerator"] = event.environment.get("accelerator")
                text = f"{event.program}, {event.scale} scale, seed {event.seed}, {event.device}"
                self._line(f"Started: {text}", seconds)
            case Progress():
                if event.note and (self._progress is None or event.note != self._progress.note):
                    self._line(event.note, seconds)
                self._progress = event
            case Measure():
                self._measure(event, seconds)
            case Point():
                self._point(event)
            case NeedsData():
                self.needs_data = event.what
                self._line(f"Needs data: {event.what}", seconds)
            case End():
                self.end_status = event.status
                self._line(f"Ended: {event.status}", seconds)
            case Log():
                self._line(event.text, seconds)

    def _line(self, text: str, seconds: float, kind: str = RunLine.Kind.LOG) -> None:
        self._lines += 1
        if self._lines > LINE_ROWS:
            return
        if self._lines == LINE_ROWS:
            text, kind = "Further lines are not kept.", RunLine.Kind.SITE
        self._new[0].append(
            RunLine(run=self.run, number=self._lines, kind=kind, text=text, seconds=seconds)
        )

    def _measure(self, event: Measure, seconds: float) -> None:
        key = (event.id[:120], event.seed)
        if key in self._seen or self._measures >= MEASURE_ROWS:
            self._line(f"Not kept, measured before or too many: {event.id}", seconds)
            return
        self._seen.add(key)
        self._measures += 1
        self._new[1].append(
            Measurement(
                run=self.run,
                position=self._measures,
                identifier=key[0],
                setting=event.setting,
                metric=event.metric[:100],
                value=event.value,
                unit=event.unit[:100],
                convention=event.convention[:100],
                seed=event.seed,
                standard_error=event.standard_error,
            )
        )
        unit = "" if event.unit == "1" else f" {event.unit}"
        self._line(f"{event.id}: {event.value:g}{unit}", seconds, RunLine.Kind.MEASURE)

    def _point(self, event: Point) -> None:
        if self._points < POINT_ROWS:
            self._points += 1
            self._new[2].append(
                CurvePoint(
                    run=self.run,
                    position=self._points,
                    curve=event.curve[:200],
                    x=event.x,
                    y=event.y,
                    more=event.more,
                )
            )

    def _renew(self) -> bool:
        """Keep the lease up with one statement; False if the run is no longer ours."""
        changes: dict[str, Any] = {}
        if self._progress:
            changes["progress_done"] = self._progress.done
            changes["progress_total"] = self._progress.total
            changes["progress_note"] = self._progress.note[:200]
            for name in ("progress_done", "progress_total", "progress_note"):
                setattr(self.run, name, changes[name])
        if not job.renew(self.run, lasting=self.lease, **changes):
            return False
        cancelled = job.held(self.run).exclude(cancel_requested_at=None)
        for asked_at, person in cancelled.values_list("cancel_requested_at", "cancelled_by"):
            self.cancelled = "on request"
            self.run.cancel_requested_at, self.run.cancelled_by_id = asked_at, person
        return True

    def _store(self) -> None:
        lines, measures, points = self._new
        self._new = ([], [], [])
        if lines:
            RunLine.objects.bulk_create(lines)
        if measures:
            Measurement.objects.bulk_create(measures)
        if points:
            CurvePoint.objects.bulk_create(points)


def hardware() -> dict[str, Any]:
    """The machine as a careful reader wants to know it; no names of hosts."""
    return {
        "cores": os.cpu_count(),
        "ram_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 2),
        "accelerator": None,
    }
