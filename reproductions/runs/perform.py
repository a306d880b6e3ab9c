"""Performing runs: a worker leases a waiting row, runs its program confined, and closes the row.

A worker that comes back after its lease writes nothing (see `work.job`).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from confinement.process import Ended
from reproductions import registry
from reproductions.judging.manifest import ManifestError
from reproductions.models import Run
from reproductions.runs import confined
from reproductions.runs.history import commit
from reproductions.runs.outcomes import judge
from reproductions.runs.record import Recorder
from work import job

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)


def lease(run: int) -> Run | None:
    """Take a waiting run for this worker; None if somebody else has it, or it is not for here."""
    changes = {"state": Run.State.RUNNING, "started_at": timezone.now()}
    return job.lease(Run.objects.waiting().here(), run, lasting=LEASE, **changes)


def perform(run: int) -> Run | None:
    """Lease a waiting run, run its program confined, record everything, judge it.

    Safe to call twice for one run: only the first call that finds it waiting does anything.
    """
    mine = lease(run)
    if mine is None:
        return None
    try:
        program = registry.program(mine.program)
        machine = _machine()
        limits = confined.limits_of(program, mine.scale, machine)
    except (registry.UnknownProgram, ManifestError, KeyError) as error:
        return _close(mine, Run.State.FAILED, cause=f"the program cannot be run: {error}")
    mine.code = {**registry.hashes(program), **commit()}
    mine.limit_seconds = round(limits.wall_seconds)
    mine.save(update_fields=["code", "limit_seconds"])
    recorder = Recorder(mine, lease=LEASE)
    ended = confined.run(
        program,
        scale=mine.scale,
        seed=mine.seed,
        device=mine.device,
        machine=machine,
        deliver=recorder.deliver,
    )
    return _conclude(mine, recorder, ended)


def _machine() -> confined.Machine:
    """What the settings lend to programs here."""
    data = getattr(settings, "REPRODUCTIONS_DATA", "") or ""
    return confined.Machine(
        threads=getattr(settings, "REPRODUCTIONS_THREADS", 1),
        memory_bytes=getattr(settings, "REPRODUCTIONS_MEMORY_BYTES", 6 * 2**30),
        data=Path(data) if data else None,
        private=[settings.KB_DATA_DIR],
    )


def _conclude(run: Run, recorder: Recorder, ended: Ended) -> Run | None:
    if recorder.lease_lost:
        log.warning("%s was taken away from this worker; nothing more is written", run)
        return None
    state, cause = confined.ending(
        ended,
        said=recorder.end_status,
        needs_data=recorder.needs_data,
        cancelled=recorder.cancelled,
    )
    run.exit_code = ended.exit_code
    run.wall_seconds = ended.wall_seconds
    run.cpu_seconds = ended.cpu_seconds
    run.peak_memory_bytes = ended.peak_memory_bytes
    run.isolation = ended.in_force
    run.output_sha256 = ended.output_sha256
    run.output_bytes = ended.output_bytes
    run.environment = recorder.environment
    run.hardware = recorder.hardware
    return _close(run, state, cause=cause)


def _close(run: Run, state: str, *, cause: str) -> Run | None:
    """Write the end of a run that is still ours, judge it, and return it."""
    with transaction.atomic():
        if not job.held(run).select_for_update().exists():
            return None
        run.state, run.exit_cause = state, cause[:300]
        run.finished_at, run.lease_until = timezone.now(), None
        run.save()
        if state == Run.State.FINISHED:
            _judge(run)
    return run


def _judge(run: Run) -> None:
    try:
        with transaction.atomic():
            judge(run)
    except (registry.UnknownProgram, ManifestError, ValueError) as error:
        run.exit_cause = f"could not be judged: {error}"[:300]
        run.save(update_fields=["exit_cause"])
