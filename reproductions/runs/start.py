"""Asking for runs, cancelling and repeating them. The row is the truth, a message only a hint."""

from __future__ import annotations

import statistics
from collections import defaultdict
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User, Visitor
from accounts.roles import is_admin, is_member
from reproductions import registry
from reproductions.models import Run, Runner
from reproductions.protocol import DEVICES
from work.tell import tell_of

TASK = "reproductions.tasks.perform_run"
QUEUE_LIMIT = 20
"""Active runs one person may have at a time."""


class NotAllowed(Exception):
    """This person may not start or cancel runs."""


class NotOffered(ValueError):
    """The program has no such scale, or this site no such device."""


class NobodyHasIt(NotOffered):
    """No trusted runner has what the run needs."""


class TooMany(Exception):
    """This person has too many runs waiting already."""


def may_start(user: Visitor) -> bool:
    """Whether `user` may start runs: staff, and those with the permission to add them."""
    return is_admin(user) or (is_member(user) and user.has_perm("reproductions.add_run"))


def may_cancel(user: Visitor, run: Run) -> bool:
    """Whether `user` may cancel this run: staff, and whoever asked for it."""
    return is_admin(user) or (is_member(user) and run.requested_by_id == user.pk)


def devices() -> tuple[str, ...]:
    """Where runs may be asked for here."""
    return tuple(getattr(settings, "REPRODUCTIONS_DEVICES", ("cpu",)))


def lent(device: str) -> bool:
    """Whether a trusted runner has told that it has this device."""
    return Runner.objects.filter(
        state=Runner.State.TRUSTED, has__devices__contains=[device]
    ).exists()


def all_devices() -> tuple[str, ...]:
    """Devices of this site, and those that trusted runners have."""
    here = devices()
    return (*here, *(name for name in DEVICES if name not in here and lent(name)))


def start_run(
    *,
    program: str,
    scale: str,
    seed: int | None = None,
    device: str = "cpu",
    by: User | None = None,
    again_of: Run | None = None,
    send: bool = True,
    elsewhere: bool = False,
) -> tuple[Run, bool]:
    """Queue a run, or return the one that is active already; the second value says if it is new.

    seed: None is the first of the manifest at that scale, one that decides.
    by: the account that asks; None is the operator of this machine.
    elsewhere: whether it waits for a runner, a machine of a member, instead of this site's worker.
    Raises UnknownProgram, ManifestError, NotOffered, NotAllowed, TooMany.
    """
    chosen = registry.program(program)
    if scale not in chosen.manifest.scales:
        raise NotOffered(f"{program} runs at {', '.join(chosen.manifest.scales)}, not at {scale}")
    if device not in devices() and lent(device):
        elsewhere = True  # none but members have it
    if elsewhere and not lent(device):
        raise NobodyHasIt(f"no trusted runner has {device} now; see the page of runners")
    if not elsewhere and device not in devices():
        raise NotOffered(f"runs on {device} are not offered here; {', '.join(devices())} are")
    if seed is None:
        seed = chosen.manifest.scales[scale].seeds[0]
    if not 0 <= seed < 2**32:
        raise NotOffered("a seed lies in 0 .. 4294967295")
    if by is not None:
        _check_person(by)
    origin = Run.Origin.ATTESTED if elsewhere else Run.Origin.OWN
    which = {
        **{"program": program, "scale": scale, "seed": seed, "device": device},
        "origin": origin,
    }
    for _ in range(3):
        try:
            with transaction.atomic():
                run = Run.objects.create(
                    **which, requested_by=by, again_of=again_of, sent_at=timezone.now()
                )
        except IntegrityError:
            if active := Run.objects.active().filter(**which).first():
                return active, False
            continue  # the other one ended in between
        if send and not elsewhere:  # runners ask by themselves
            transaction.on_commit(partial(tell_of, Run, TASK, run.pk))
        return run, True
    raise TooMany(f"{program} is being started by many at once; try again")


def _check_person(by: User) -> None:
    if not may_start(by):
        raise NotAllowed("starting runs needs the permission to add runs")
    if Run.objects.active().filter(requested_by=by).count() >= QUEUE_LIMIT:
        raise TooMany(f"you have {QUEUE_LIMIT} runs waiting; let some of them end first")


def cancel_run(*, run: Run, by: User) -> Run:
    """Cancel a waiting run at once, ask a running one to stop; an ended one stays as it is.

    Raises NotAllowed.
    """
    if not may_cancel(by, run):
        raise NotAllowed("a run is cancelled by whoever asked for it, or by staff")
    now = timezone.now()
    here = Run.objects.filter(pk=run.pk)
    here.filter(state=Run.State.QUEUED).update(
        state=Run.State.CANCELLED,
        finished_at=now,
        cancel_requested_at=now,
        cancelled_by=by,
        exit_cause="before it began",
    )
    here.filter(state=Run.State.RUNNING, cancel_requested_at=None).update(
        cancel_requested_at=now, cancelled_by=by
    )
    run.refresh_from_db()
    return run


def run_again(*, run: Run, by: User) -> tuple[Run, bool]:
    """Start a run with the same program, scale, seed and device; raises as start_run does."""
    return start_run(
        program=run.program,
        scale=run.scale,
        seed=run.seed,
        device=run.device,
        by=by,
        again_of=run,
        elsewhere=run.is_attested,
    )


def estimated_seconds(program: str, scale: str, device: str = "cpu") -> float | None:
    """Median wall time of the last five finished runs, recorded ones too; None if there is none."""
    return estimates(program, device).get(scale)


def estimates(program: str, device: str = "cpu") -> dict[str, float]:
    """The same of every scale that has such runs; one query."""
    took = (
        Run.objects.here()
        .finished()
        .filter(program=program, device=device, wall_seconds__gt=0)
        .order_by("-finished_at")
        .values_list("scale", "wall_seconds")
    )
    known: defaultdict[str, list[float]] = defaultdict(list)
    for scale, seconds in took:
        if seconds is not None:
            known[scale].append(seconds)
    return {scale: statistics.median(seconds[:5]) for scale, seconds in known.items()}
