"""One run on this machine: confined, told of while it goes on, and closed with a signed record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from confinement.process import Ended, Line
from reproductions.attested import shapes
from reproductions.attested.signing import RunnerKey
from reproductions.programs import Program, hashes
from reproductions.protocol import Measure, Point
from reproductions.runner.machine import Lent
from reproductions.runner.site import LeaseEnded, Site, SiteRefuses, Unreachable
from reproductions.runs import confined
from reproductions.runs.collected import Collector, Said
from reproductions.runs.history import commit

TELL_SECONDS = 2.0
LINES_AT_ONCE = 400


class Reporter(Collector):
    """Keeps all that a run prints, and tells the site what is new every two seconds.

    stop: becomes the reason once the site, or the owner, wants the program ended.
    """

    def __init__(self, tell: Callable[[Sequence[Said], dict[str, Any]], dict[str, Any]]) -> None:
        super().__init__()
        self.tell = tell
        self.stop = ""
        self.lease_ended = False
        self.all_lines: list[Said] = []
        self.all_measures: list[Measure] = []
        self.all_points: list[Point] = []
        self._wanted = 1
        self._told_at = 0.0

    def deliver(self, lines: Sequence[Line]) -> str:
        """For the confined process: take its lines; a reason to stop it, or ""."""
        self.read(lines)
        lines_of_log, measures, points = self.taken()
        self.all_lines += lines_of_log
        self.all_measures += measures
        self.all_points += points
        if time.monotonic() - self._told_at >= TELL_SECONDS:
            self.tell_now()
        return self.stop

    def tell_now(self) -> None:
        """Send the lines that the site does not have; a silent network loses none."""
        self._told_at = time.monotonic()
        new = self.all_lines[self._wanted - 1 : self._wanted - 1 + LINES_AT_ONCE]
        progress = self.progress
        words = (
            {"done": progress.done, "total": progress.total, "note": progress.note[:200]}
            if progress
            else {}
        )
        try:
            answer = self.tell(new, words)
        except LeaseEnded:
            self.lease_ended, self.stop = True, "the site gave the run to others"
        except (SiteRefuses, Unreachable):
            return  # the record holds every line; the lease may outlast the silence
        else:
            self._wanted = int(answer["next_line"])
            self.stop = self.stop or str(answer["stop"])


def perform(
    program: Program,
    *,
    scale: str,
    seed: int,
    device: str,
    lent: Lent,
    reporter: Reporter,
    key: RunnerKey,
    asked: tuple[str, int] | None = None,
) -> str:
    """Run a program here and return its record as the text that is to be signed.

    asked: address of the site and number of the run, when a site asked for it.
    """
    code = {**hashes(program), **commit()}
    started = datetime.now(UTC)
    ended = confined.run(
        program,
        scale=scale,
        seed=seed,
        device=device,
        machine=lent.machine,
        deliver=reporter.deliver,
    )
    state, cause = confined.ending(
        ended,
        said=reporter.end_status,
        needs_data=reporter.needs_data,
        cancelled=reporter.stop,
    )
    limit = confined.limits_of(program, scale, lent.machine).wall_seconds
    return shapes.written(
        {
            "schema": shapes.SCHEMA,
            "site": asked[0] if asked else None,
            "run": asked[1] if asked else None,
            "key": key.public,
            "program": program.slug,
            "scale": scale,
            "seed": seed,
            "device": device,
            "state": state,
            "cause": cause[:300],
            "exit_code": ended.exit_code,
            "code": code,
            "environment": reporter.environment,
            "hardware": reporter.hardware,
            "isolation": {name: _placeless(value) for name, value in ended.in_force.items()},
            "time": _time(started, ended, limit),
            "output_sha256": ended.output_sha256,
            "output_bytes": ended.output_bytes,
            **_printed(reporter),
        }
    )


def _placeless(value: object) -> object:
    """Without places of this machine, which are nobody's to know."""
    if isinstance(value, str) and "/" in value:
        return "homes, shared places and the repository"
    return value


def _time(started: datetime, ended: Ended, limit: float) -> dict[str, Any]:
    return {
        "started": shapes.stamp(started),
        "finished": shapes.stamp(datetime.now(UTC)),
        "wall_s": ended.wall_seconds,
        "cpu_s": ended.cpu_seconds,
        "peak_memory_bytes": ended.peak_memory_bytes,
        "limit_s": round(limit),
    }


def _printed(reporter: Reporter) -> dict[str, Any]:
    return {
        "measurements": [
            {
                "id": measure.id[:120],
                "setting": measure.setting,
                "metric": measure.metric[:100],
                "value": measure.value,
                "unit": measure.unit[:100],
                "convention": measure.convention[:100],
                "seed": measure.seed,
                "standard_error": measure.standard_error,
            }
            for measure in reporter.all_measures
        ],
        "curve": [
            {**point.more, "curve": point.curve[:200], "x": point.x, "y": point.y}
            for point in reporter.all_points
        ],
        "log": [
            {"kind": line.kind, "text": line.text, "seconds": line.seconds}
            for line in reporter.all_lines
        ],
    }


def telling(site: Site, runner: int, run: int, lease: str) -> Callable[..., dict[str, Any]]:
    """How a reporter tells that site of that run."""
    return lambda lines, progress: site.tell(runner, run, lease, lines, progress)


def silently(lines: Sequence[Said], progress: dict[str, Any]) -> dict[str, Any]:
    """For runs that no site asked for: nobody is told."""
    return {"next_line": lines[-1].number + 1 if lines else 1, "stop": ""}
