"""From lines of a program to rows: log, measurements, curve points, progress, and the lease."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from confinement.process import Line
from reproductions.models import CurvePoint, Measurement, Run, RunLine
from reproductions.protocol import Measure, Point
from reproductions.runs.collected import (
    CURVE_LENGTH,
    NAME_LENGTH,
    WORD_LENGTH,
    Collector,
    Said,
)
from work import job


class Recorder(Collector):
    """Writes what a run prints, keeps its lease, and learns that it should stop."""

    def __init__(self, run: Run, *, lease: timedelta) -> None:
        super().__init__()
        self.run = run
        self.lease = lease
        self.cancelled = ""
        self.lease_lost = False
        self._stored_measures = self._stored_points = 0

    def deliver(self, lines: Sequence[Line]) -> str:
        """Store new lines and renew the lease; a reason to stop the program, or ""."""
        self.read(lines)
        if not self._renew():
            self.lease_lost = True
            return "the lease was lost"
        lines_of_log, measures, points = self.taken()
        write_lines(self.run, lines_of_log)
        write_measures(self.run, measures, after=self._stored_measures)
        write_points(self.run, points, after=self._stored_points)
        self._stored_measures += len(measures)
        self._stored_points += len(points)
        return self.cancelled

    def _renew(self) -> bool:
        """Keep the lease up with one statement; False if the run is no longer ours."""
        changes: dict[str, Any] = {}
        if self.progress:
            changes["progress_done"] = self.progress.done
            changes["progress_total"] = self.progress.total
            changes["progress_note"] = self.progress.note[:200]
            for name in ("progress_done", "progress_total", "progress_note"):
                setattr(self.run, name, changes[name])
        if not job.renew(self.run, lasting=self.lease, **changes):
            return False
        cancelled = job.held(self.run).exclude(cancel_requested_at=None)
        for asked_at, person in cancelled.values_list("cancel_requested_at", "cancelled_by"):
            self.cancelled = "on request"
            self.run.cancel_requested_at, self.run.cancelled_by_id = asked_at, person
        return True


def write_lines(run: Run, lines: Iterable[Said]) -> None:
    """Store lines of the run's log."""
    RunLine.objects.bulk_create(
        RunLine(run=run, number=line.number, kind=line.kind, text=line.text, seconds=line.seconds)
        for line in lines
    )


def write_measures(run: Run, measures: Iterable[Measure], *, after: int = 0) -> None:
    """Store measurements of the run. after: how many are stored already."""
    Measurement.objects.bulk_create(
        Measurement(
            run=run,
            position=position,
            identifier=measure.id[:NAME_LENGTH],
            setting=measure.setting,
            metric=measure.metric[:WORD_LENGTH],
            value=measure.value,
            unit=measure.unit[:WORD_LENGTH],
            convention=measure.convention[:WORD_LENGTH],
            seed=measure.seed,
            standard_error=measure.standard_error,
        )
        for position, measure in enumerate(measures, after + 1)
    )


def write_points(run: Run, points: Iterable[Point], *, after: int = 0) -> None:
    """Store points of the run's plots. after: how many are stored already."""
    CurvePoint.objects.bulk_create(
        CurvePoint(
            run=run,
            position=position,
            curve=point.curve[:CURVE_LENGTH],
            x=point.x,
            y=point.y,
            more=point.more,
        )
        for position, point in enumerate(points, after + 1)
    )
