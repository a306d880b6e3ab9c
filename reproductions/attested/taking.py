"""Giving queued runs out to runners, hearing from them, and taking runs back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.roles import NotPossible
from reproductions import registry
from reproductions.attested.accepting import code_fault
from reproductions.judging.manifest import ManifestError
from reproductions.models import Run, RunLine, Runner
from reproductions.protocol import neutralised
from reproductions.protocol.events import TEXT_LIMIT
from reproductions.runs.collected import LINE_ROWS, Said
from reproductions.runs.confined import PATIENCE
from reproductions.runs.record import write_lines
from work import job

LEASE = timedelta(seconds=90)
"""A runner is heard of every few seconds; its network may be away for a minute."""
GRACE = timedelta(minutes=10)
"""Beyond the limit of a run, for starting and sending."""
LOOKED_AT = 200
REASONS = 5


@dataclass(frozen=True)
class Equipment:
    """What a machine has. code: digests of each of its programs. data_sets: for people to read."""

    devices: Sequence[str] = ("cpu",)
    scales: Sequence[str] = ()
    data_sets: Sequence[str] = ()
    machine: str = ""
    code: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """The run that a runner got, if any, and why others were not given to it."""

    run: Run | None
    why: list[str]


def take(runner: Runner, equipment: Equipment) -> Given:
    """Lease the oldest waiting run that needs what this machine has.

    Raises NotPossible when the runner is not trusted.
    """
    has = {
        "devices": list(equipment.devices),
        "scales": list(equipment.scales),
        "data_sets": list(equipment.data_sets),
        "machine": equipment.machine[:200],
    }
    mine = Runner.objects.filter(pk=runner.pk)
    mine.exclude(has__data_sets=has["data_sets"]).update(lacks=[])  # it may have the data now
    mine.update(has=has, last_seen_at=timezone.now())
    runner.refresh_from_db()
    if not runner.is_trusted:
        raise NotPossible(
            f"The runner {runner.name} is not trusted ({runner.get_state_display()}). "
            "A curator confirms it before it gets runs."
        )
    why: dict[str, None] = {}
    waiting = Run.objects.waiting().attested().order_by("requested_at", "pk")
    for run in waiting[:LOOKED_AT]:
        if fault := _unfit(run, runner, equipment):
            why[fault] = None
            continue
        if leased := _lease(run, runner):
            return Given(leased, list(why)[:REASONS])
    return Given(None, list(why)[:REASONS])


def _unfit(run: Run, runner: Runner, equipment: Equipment) -> str:
    """Why this machine cannot have the run, or ""."""
    if run.device not in equipment.devices:
        return f"{run.program} waits for a machine with {run.device}."
    if run.scale not in equipment.scales:
        return f"{run.program} waits for a machine that takes {run.scale} scale."
    if f"{run.program} {run.scale}" in runner.lacks:
        return f"{run.program} at {run.scale} scale found no data here before."
    try:
        hashes = registry.hashes(registry.program(run.program))
    except (registry.UnknownProgram, ManifestError) as error:
        return f"{run.program} cannot be run now: {error}"
    if run.program not in equipment.code:
        return f"{run.program} is not among the programs of this machine."
    if fault := code_fault(run.program, hashes, dict(equipment.code[run.program])):
        return fault
    same = (
        Run.objects.attested()
        .finished()
        .filter(program=run.program, scale=run.scale, seed=run.seed, device=run.device)
    )
    if runner.owner_id and any(
        done.made_by(hashes) for done in same.filter(attestation__member=runner.owner_id)
    ):
        return f"{run.program} waits for the machine of another member: you attested it before."
    return ""


def _lease(run: Run, runner: Runner) -> Run | None:
    hashes = registry.hashes(registry.program(run.program))
    budget = registry.program(run.program).manifest.scales[run.scale].budget_seconds
    return job.lease(
        Run.objects.waiting().attested(),
        run.pk,
        lasting=LEASE,
        state=Run.State.RUNNING,
        started_at=timezone.now(),
        runner=runner,
        code=hashes,
        limit_seconds=round(max(60, budget * PATIENCE)),
    )


def held_run(runner: Runner, pk: int, lease: uuid.UUID, *, ended: bool = False) -> Run:
    """The run that this runner holds under that lease.

    ended: also one that it has closed, to hear the same again.
    Raises LeaseLost when the lease has ended or is another's.
    """
    run = Run.objects.filter(pk=pk, runner=runner, lease=lease).first()
    if run is None or not (ended or run.state == Run.State.RUNNING):
        raise job.LeaseLost(pk)
    return run


@dataclass(frozen=True)
class Heard:
    """Answer to a runner: number of the next line that is wanted, and a reason to stop or ""."""

    next_line: int
    stop: str


@transaction.atomic
def hear(
    run: Run, lines: Sequence[Said], *, done: float = 0, total: float = 0, note: str = ""
) -> Heard:
    """Store lines of a held run, its progress, and keep its lease up.  Safe to repeat.

    Lines that are there already are passed over; a line behind a gap is asked for again.
    Raises LeaseLost.
    """
    if run.seconds_so_far > run.limit_seconds + GRACE.total_seconds():
        raise job.LeaseLost(run.pk)
    progress = {"progress_done": done, "progress_total": total, "progress_note": note[:200]}
    if not job.renew(run, lasting=LEASE, **progress):
        raise job.LeaseLost(run.pk)
    Runner.objects.filter(runs=run).update(last_seen_at=timezone.now())
    last = RunLine.objects.filter(run=run).order_by("-number").values_list("number", flat=True)
    wanted = (last.first() or 0) + 1
    new = []
    for line in sorted(lines, key=lambda line: line.number):
        if line.number == wanted and wanted <= LINE_ROWS:
            text = neutralised(line.text)[:TEXT_LIMIT]
            new.append(Said(wanted, line.kind, text, max(0.0, line.seconds)))
            wanted += 1
    write_lines(run, new)
    is_cancelled = Run.objects.filter(pk=run.pk).exclude(cancel_requested_at=None).exists()
    return Heard(wanted, "on request" if is_cancelled else "")


@transaction.atomic
def give_back(run: Run) -> None:
    """Let a held run wait for another machine; its runner was stopped by its owner.

    One that was to be cancelled ends.  Raises LeaseLost.
    """
    if run.cancel_requested_at is not None:
        job.end(run, Run.State.CANCELLED, exit_cause="on request")
        return
    free = {"state": Run.State.QUEUED, "lease_until": None, "runner": None, "started_at": None}
    if not job.held(run).update(**free):
        raise job.LeaseLost(run.pk)
    RunLine.objects.filter(run=run).delete()
