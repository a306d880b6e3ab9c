"""The sweep: runs whose worker died end as `lost` and are queued once more; nothing hangs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from reproductions.models import Run, RunLine
from reproductions.runs.start import TASK
from work.sweep import send_again
from work.tell import tell_of

SEND_AGAIN = timedelta(minutes=5)
ATTEMPTS = 2


def sweep() -> dict[str, int]:
    """Find runs whose worker is gone and runs the queue forgot; returns how many of each."""
    lost = sum(_lose(run) for run in Run.objects.abandoned())
    return {"lost": lost, "sent again": send_again(Run.objects.here(), TASK, after=SEND_AGAIN)}


def _lose(run: Run) -> bool:
    """End a run whose lease ran out, and queue it once more; False if it came back meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        lost = (
            Run.objects.abandoned()
            .filter(pk=run.pk, lease=run.lease)
            .update(
                state=Run.State.LOST,
                finished_at=now,
                exit_cause=f"its worker was not heard of since {run.lease_until:%H:%M:%S} UTC",
            )
        )
        if not lost:
            return False
        last = RunLine.objects.filter(run=run).order_by("-number").first()
        RunLine.objects.create(
            run=run,
            number=last.number + 1 if last else 1,
            kind=RunLine.Kind.SITE,
            text="The worker was lost.",
            seconds=last.seconds if last else 0,
        )
        if run.attempt < ATTEMPTS and run.cancel_requested_at is None:
            _queue_again(run)
    return True


def _queue_again(run: Run) -> None:
    try:
        with transaction.atomic():
            fresh = Run.objects.create(
                program=run.program,
                scale=run.scale,
                seed=run.seed,
                device=run.device,
                origin=Run.Origin.ATTESTED if run.is_attested else Run.Origin.OWN,
                requested_by=run.requested_by,
                again_of=run,
                attempt=run.attempt + 1,
                sent_at=timezone.now(),
            )
    except IntegrityError:
        return  # somebody has started the same meanwhile
    if not fresh.is_attested:  # runners ask by themselves
        transaction.on_commit(partial(tell_of, Run, TASK, fresh.pk))
