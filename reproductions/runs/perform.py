"""Performing runs: a worker leases a waiting row, runs its program confined, and closes the row.

A worker that comes back after its lease writes nothing (see `work.job`).
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import reproductions
from confinement.process import Ended, Limits, run_confined
from reproductions import registry
from reproductions.judging.manifest import ManifestError
from reproductions.models import Run
from reproductions.protocol.events import LINE_LIMIT
from reproductions.runs.history import commit
from reproductions.runs.outcomes import judge
from reproductions.runs.record import Recorder
from work import job

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
CODE = (".py", ".so")
PATIENCE = 4
"""A run may take this many times the budget of its manifest: machines are shared."""


def lease(run: int) -> Run | None:
    """Take a waiting run for this worker; None if somebody else has it, or it is gone."""
    changes = {"state": Run.State.RUNNING, "started_at": timezone.now()}
    return job.lease(Run.objects.waiting(), run, lasting=LEASE, **changes)


def perform(run: int) -> Run | None:
    """Lease a waiting run, run its program confined, record everything, judge it.

    Safe to call twice for one run: only the first call that finds it waiting does anything.
    """
    mine = lease(run)
    if mine is None:
        return None
    try:
        program = registry.program(mine.program)
        limits = _limits(program, mine)
    except (registry.UnknownProgram, ManifestError, KeyError) as error:
        return _close(mine, Run.State.FAILED, cause=f"the program cannot be run: {error}")
    mine.code = {**registry.hashes(program), **commit()}
    mine.limit_seconds = round(limits.wall_seconds)
    mine.save(update_fields=["code", "limit_seconds"])
    recorder = Recorder(mine, lease=LEASE)
    ended = run_confined(
        _command(program, mine),
        environment=_environment(mine),
        limits=limits,
        deliver=recorder.deliver,
        cover=_covered(),
        keep=_kept(program),
    )
    return _conclude(mine, recorder, ended)


def _limits(program: registry.Program, run: Run) -> Limits:
    budget = program.manifest.scales[run.scale].budget_seconds
    wall = max(60.0, float(budget * PATIENCE))
    threads = getattr(settings, "REPRODUCTIONS_THREADS", 1)
    memory = getattr(settings, "REPRODUCTIONS_MEMORY_BYTES", 6 * 2**30)
    return Limits(
        wall_seconds=wall,
        cpu_seconds=int(wall * (threads + 1)),
        memory_bytes=memory,
        line_bytes=LINE_LIMIT,
    )


def _data() -> str:
    return getattr(settings, "REPRODUCTIONS_DATA", "") or ""


def _command(program: registry.Program, run: Run) -> list[str]:
    command = [sys.executable, "-m", program.module, "--scale", run.scale]
    command += ["--seed", str(run.seed), "--device", run.device]
    return command + (["--data", _data()] if _data() else [])


def _environment(run: Run) -> dict[str, str]:
    """Nothing of ours: no secret, no address of the database."""
    threads = str(getattr(settings, "REPRODUCTIONS_THREADS", 1))
    variables = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, _import_places())),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    }
    if run.device != "cuda":
        variables["CUDA_VISIBLE_DEVICES"] = ""
    return variables


def _import_places() -> list[Path]:
    """Where the programs are imported from."""
    return [registry.folder().parents[registry.package().count(".")]]


def _covered() -> list[Path]:
    """What a program has no business with: our data, homes, secrets, sockets of services.

    And the whole repository, for it holds the answers: claims, printed numbers, earlier results.
    """
    places = ["/tmp", "/var/tmp", "/run", "/home", "/root", "/srv", "/mnt", "/media"]  # noqa: S108
    ours = Path(reproductions.__file__).parents[1]
    return [settings.KB_DATA_DIR, Path.home(), ours, *_import_places(), *map(Path, places)]


def _kept(program: registry.Program) -> list[Path]:
    """What it needs, wherever that lies: Python, its own code, what programs share, real data.

    Not its manifest, and not its README, which tells what came out.
    """
    ours = Path(reproductions.__file__).parent
    shared = [ours / "__init__.py", *(ours / name for name in registry.SHARED.values())]
    packages = _initials(registry.folder())
    code = [path for path in program.folder.rglob("*") if path.suffix in CODE]
    python = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)]
    data = [Path(_data())] if _data() else []
    return [path for path in (*shared, *packages, *code, *python, *data) if path.exists()]


def _initials(folder: Path) -> list[Path]:
    """What makes a package of a folder and of those above it, up to where imports begin."""
    levels = [folder, *folder.parents][: registry.package().count(".") + 1]
    return [level / "__init__.py" for level in levels]


def _conclude(run: Run, recorder: Recorder, ended: Ended) -> Run | None:
    if recorder.lease_lost:
        log.warning("%s was taken away from this worker; nothing more is written", run)
        return None
    state, cause = _verdict_on_process(recorder, ended)
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


def _verdict_on_process(recorder: Recorder, ended: Ended) -> tuple[str, str]:
    """State and cause from how the process ended and what it last said."""
    if recorder.cancelled:
        return Run.State.CANCELLED, recorder.cancelled
    if ended.cause:
        return Run.State.STOPPED, ended.cause
    if ended.exit_code == 0 and recorder.end_status == "needs-data":
        return Run.State.NEEDS_DATA, f"needs data: {recorder.needs_data}"
    if ended.exit_code == 0 and recorder.end_status == "ok":
        return Run.State.FINISHED, ""
    if ended.exit_code is None:
        return Run.State.FAILED, "the process vanished without saying how"
    if ended.exit_code < 0:
        return Run.State.FAILED, f"killed by signal {-ended.exit_code}"
    if ended.exit_code == 0:
        return Run.State.FAILED, "ended without saying that it had finished"
    return Run.State.FAILED, f"exit code {ended.exit_code}"


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
