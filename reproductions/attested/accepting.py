"""From records of members to runs: what is checked, who decides, and what is written.

Nothing of a record becomes public before a curator has confirmed the runner that signed it, or
that very record. Until then it is a text in a row of its own; there is no run.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_admin, is_curator, is_member
from reproductions import registry
from reproductions.attested import shapes, signing
from reproductions.attested.shapes import Record
from reproductions.judging.manifest import ManifestError
from reproductions.models import Attestation, Run, RunLine, Runner
from reproductions.runs.outcomes import judge
from reproductions.runs.record import write_lines, write_measures, write_points
from work import job

MOST_WAITING = 50
"""Records of one member that may wait for a curator at a time."""
CLOCKS_DIFFER = timedelta(minutes=10)


class RecordRefused(NotPossible):
    """The record is not taken; the text says why, and what to do."""


def hand_in(*, by: User, text: str, signature: str = "") -> tuple[Attestation, bool]:
    """Take a member's record of a finished run in; the second value says if it is new.

    Signed by a runner of theirs that is trusted, it becomes a run at once. Any other waits for a
    curator. Handed in again, it is the same. Raises RecordRefused.
    """
    if not is_member(by):
        raise RecordRefused("Sign in to hand in a record.")
    digest = shapes.digest(text)
    if known := Attestation.objects.filter(member=by, record_sha256=digest).first():
        return known, False
    record = _checked(text)
    if record.state != Run.State.FINISHED:
        raise RecordRefused(f"This run is {record.state}; only finished runs are handed in.")
    if not record.measurements:
        raise RecordRefused("This record holds no measurement.")
    _check_new(digest)
    runner = _signer(by, record, text, signature)
    if Attestation.objects.waiting().filter(member=by).count() >= MOST_WAITING:
        raise RecordRefused(f"You have {MOST_WAITING} records waiting for a curator already.")
    with transaction.atomic():
        made, new = Attestation.objects.get_or_create(
            member=by,
            record_sha256=digest,
            defaults={"record": text, "signature": signature, "runner": runner} | _named(record),
        )
        if new and runner is not None and runner.is_trusted:
            _accept(made, record)
    return made, new


def _named(record: Record) -> dict[str, object]:
    return {"program": record.program, "scale": record.scale, "seed": record.seed}


def _signer(by: User, record: Record, text: str, signature: str) -> Runner | None:
    """The member's runner that signed the record; None for one without key and signature."""
    if not record.key and not signature:
        return None
    runner = Runner.objects.filter(owner=by, public_key=record.key or "").first()
    if runner is None:
        raise RecordRefused("The key that this record names is not that of a runner of yours.")
    if runner.state in (Runner.State.REFUSED, Runner.State.WITHDRAWN):
        raise RecordRefused(f"Your runner {runner.name} is {runner.get_state_display()}.")
    if not signing.is_signed(text, signature, runner.public_key):
        raise RecordRefused("The signature does not belong to this record and this key.")
    return runner


def _check_new(digest: str) -> None:
    """Refuse a copy of what has been accepted already."""
    if known := Run.objects.filter(record_sha256=digest).first():
        raise RecordRefused(f"This record is here already: run {known.pk}.")


def _checked(text: str) -> Record:
    """The record, if it was made by the code of this site.  Raises RecordRefused."""
    try:
        record = shapes.read(text)
    except shapes.UnreadableRecord as error:
        raise RecordRefused(f"This is no record of a run: {error}") from error
    check_code(record)
    if record.key is None and record.run is None and not record.output_sha256:
        raise RecordRefused("The record names no digest of its output.")
    time = record.time
    if time.started > time.finished or time.finished > timezone.now() + CLOCKS_DIFFER:
        raise RecordRefused("The times of this record cannot be: compare the machine's clock.")
    return record


def check_code(record: Record) -> registry.Program:
    """The program of a record, if code, manifest, scale and seeds are those that stand here.

    Raises RecordRefused, with what to do.
    """
    try:
        program = registry.program(record.program)
    except registry.UnknownProgram as error:
        raise RecordRefused(f"This site lists no program {record.program}.") from error
    except ManifestError as error:
        raise RecordRefused(f"{record.program} cannot be judged here now: {error}") from error
    if fault := code_fault(record.program, registry.hashes(program), record.code.digests()):
        raise RecordRefused(fault)
    scale = program.manifest.scales.get(record.scale)
    if scale is None:
        raise RecordRefused(f"{record.program} has no {record.scale} scale.")
    named = {record.seed, *scale.seeds, *scale.seen_seeds}
    strange = sorted({part.seed for part in record.measurements} - named)
    if strange:
        raise RecordRefused(f"Measured with seed {strange[0]}, which neither run nor manifest has.")
    keys = [(part.id, part.seed) for part in record.measurements]
    if len(set(keys)) != len(keys):
        raise RecordRefused("A measurement stands in this record twice.")
    return program


def code_fault(name: str, here: dict[str, str], there: dict[str, str]) -> str:
    """In which part the code of another machine differs from that of this site, or ""."""
    for part, digest in here.items():
        if there.get(part) != digest:
            what = part.removesuffix("_sha256")
            theirs = there.get(part, "none")[:12]
            return (
                f"{name}: its {what} has the digest {theirs}… there and {digest[:12]}… here. "
                "Bring your copy to the version that this site runs, and run it again."
            )
    return ""


def accept(*, attestation: Attestation, by: User) -> Attestation:
    """Make a waiting record a public run.  Raises RecordRefused, NotPossible."""
    _check_decides(by, attestation.member_id)
    record = _checked(attestation.record)
    _check_new(attestation.record_sha256)
    with transaction.atomic():
        _decide(attestation, Attestation.State.ACCEPTED, by=by)
        _accept(attestation, record)
    return attestation


def refuse(*, attestation: Attestation, by: User, reason: str) -> Attestation:
    """Decline a waiting record; its member is told the reason.  Raises NotPossible."""
    _check_decides(by, attestation.member_id)
    if not reason.strip():
        raise NotPossible(gettext("Say why, so that the member knows what to do."))
    _decide(attestation, Attestation.State.REFUSED, by=by, reason=reason.strip()[:500])
    return attestation


def _decide(attestation: Attestation, state: str, *, by: User, reason: str = "") -> None:
    """One conditional UPDATE decides between curators.  Raises NotPossible."""
    changed = Attestation.objects.waiting().filter(pk=attestation.pk)
    if not changed.update(state=state, decided_by=by, decided_at=timezone.now(), reason=reason):
        raise NotPossible(gettext("Somebody has decided about this record already."))
    attestation.refresh_from_db()


def _check_decides(by: User, member: int | None) -> None:
    if not is_curator(by):
        raise NotPossible(gettext("Curators decide about records and runners of members."))
    if member == by.pk and not is_admin(by):
        raise NotPossible(gettext("Another curator decides about what is yours."))


check_decides = _check_decides


def _accept(attestation: Attestation, record: Record) -> None:
    """The run of an accepted record, with everything in it, judged."""
    run = Run.objects.create(
        program=record.program,
        scale=record.scale,
        seed=record.seed,
        device=record.device,
        state=record.state,
        origin=Run.Origin.ATTESTED,
        runner=attestation.runner,
        requested_by=attestation.member,
        requested_at=record.time.started,
        record_sha256=attestation.record_sha256,
        **_outcome(record),
    )
    fill(run, record)
    Attestation.objects.filter(pk=attestation.pk).update(
        run=run, state=Attestation.State.ACCEPTED, decided_at=timezone.now()
    )
    attestation.refresh_from_db()
    judge(run)


def _outcome(record: Record) -> dict[str, object]:
    """Columns of a run that its record tells."""
    time = record.time
    return {
        "started_at": time.started,
        "finished_at": min(time.finished, timezone.now()),
        "exit_code": record.exit_code,
        "exit_cause": record.cause,
        "wall_seconds": time.wall_s,
        "cpu_seconds": time.cpu_s,
        "peak_memory_bytes": time.peak_memory_bytes,
        "limit_seconds": time.limit_s,
        "code": record.code.model_dump(exclude_none=True),
        "environment": record.environment,
        "hardware": record.hardware,
        "isolation": record.isolation,
        "output_sha256": record.output_sha256,
        "output_bytes": record.output_bytes,
    }


def fill(run: Run, record: Record) -> None:
    """Lines, measurements and points of a record as rows; of the log what is not there yet."""
    last = RunLine.objects.filter(run=run).order_by("-number").values_list("number", flat=True)
    after = last.first() or 0
    write_lines(run, [line for line in record.lines() if line.number > after])
    write_measures(run, record.measures())
    write_points(run, record.points())


def deliver(*, run: Run, runner: Runner, text: str, signature: str) -> Run:
    """Close a run that this runner holds with the record that it made.  Safe to repeat.

    A run that lacks data there goes back into the queue, for a machine that has it.
    Raises RecordRefused, and work.job.LeaseLost when the run is not this runner's any more.
    """
    digest = shapes.digest(text)
    if run.record_sha256 == digest and run.runner_id == runner.pk:
        return run
    if run.state != Run.State.RUNNING:
        raise job.LeaseLost(run.pk)
    record = _checked(text)
    given = (run.program, run.scale, run.seed, run.device)
    if (record.program, record.scale, record.seed, record.device) != given:
        raise RecordRefused("This record is of another run than the one that was given out.")
    if record.run != run.pk or record.key != runner.public_key:
        raise RecordRefused("This record names another run or another key.")
    if not signing.is_signed(text, signature, runner.public_key):
        raise RecordRefused("The signature does not belong to this record and this key.")
    if record.state == Run.State.NEEDS_DATA:
        _lacks(run, runner, record)
        return run
    with transaction.atomic():
        if not job.held(run).select_for_update().exists():
            raise job.LeaseLost(run.pk)
        _check_new(digest)
        Run.objects.filter(pk=run.pk).update(
            state=record.state, record_sha256=digest, lease_until=None, **_outcome(record)
        )
        run.refresh_from_db()
        fill(run, record)
        Attestation.objects.create(
            member=runner.owner,
            runner=runner,
            run=run,
            record=text,
            record_sha256=digest,
            signature=signature,
            state=Attestation.State.ACCEPTED,
            decided_at=timezone.now(),
            **_named(record),
        )
        if record.state == Run.State.FINISHED:
            judge(run)
    return run


def _lacks(run: Run, runner: Runner, record: Record) -> None:
    """Remember that this machine lacks the data, and let the run wait for one that has it."""
    with transaction.atomic():
        freed = job.held(run).update(
            state=Run.State.QUEUED,
            lease_until=None,
            runner=None,
            started_at=None,
            progress_note=record.cause[:200],
        )
        if not freed:
            raise job.LeaseLost(run.pk)
        RunLine.objects.filter(run=run).delete()
        which = f"{run.program} {run.scale}"
        kept = Runner.objects.select_for_update().get(pk=runner.pk)
        if which not in kept.lacks:
            Runner.objects.filter(pk=runner.pk).update(lacks=[*kept.lacks, which])
    run.refresh_from_db()
