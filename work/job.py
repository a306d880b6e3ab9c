"""Who works on a row: one worker, from the UPDATE that leases it until the lease ends.

The row is the truth and a message only a hint: jobs may be sent twice, or never, and a worker may
die at any point. Every write of a worker names its lease, so that one that was given up on can do
no harm when it comes back.
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Leases last seconds to minutes and are renewed: a later end was written by a clock that has been
# set back, and would hold the job for as long as that clock was ahead.
LONGEST_LEASE = timedelta(hours=1)


class LeaseLost(Exception):
    """Another worker has the job now, or nobody."""


class Job(models.Model):
    """The columns of a job. Whoever inherits gives `state` its choices, and says which is which."""

    WAITING: ClassVar[str]
    AT_WORK: ClassVar[tuple[str, ...]]

    state = models.CharField(max_length=12)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was leased.")
    lease = models.UUIDField(null=True, help_text="Fences off a worker that lost its lease.")
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=200, blank=True, help_text="Host and process at work.")
    sent_at = models.DateTimeField(null=True, help_text="When the queue was last told of it.")
    finished_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        abstract = True

    @property
    def is_active(self) -> bool:
        return self.state in (self.WAITING, *self.AT_WORK)


JobRow = TypeVar("JobRow", bound=Job)


class JobQuerySet(models.QuerySet[JobRow]):
    """Jobs by where they are."""

    def waiting(self) -> Self:
        return self.filter(state=self.model.WAITING)

    def active(self) -> Self:
        """Not ended yet."""
        return self.filter(state__in=(self.model.WAITING, *self.model.AT_WORK))

    def abandoned(self) -> Self:
        """Leased by a worker that let its lease run out, or by a clock that was set back since."""
        now = timezone.now()
        ended = Q(lease_until__lt=now) | Q(lease_until__gt=now + LONGEST_LEASE)
        return self.filter(ended, state__in=self.model.AT_WORK)

    def forgotten(self, after: timedelta, kept_since: datetime | None = None) -> Self:
        """Waiting, though the queue was told of them longer ago than a message takes, or never, or
        before `kept_since`, when it lost its messages."""
        now = timezone.now()
        due = Q(sent_at=None) | Q(sent_at__lt=now - after) | Q(sent_at__gt=now + LONGEST_LEASE)
        if kept_since is not None:
            due |= Q(sent_at__lt=kept_since)
        return self.waiting().filter(due)


def worker_name() -> str:
    """Host and process of this worker."""
    return f"{socket.gethostname()}:{os.getpid()}"[:200]


def lease(
    jobs: JobQuerySet[JobRow], pk: int, *, lasting: timedelta, **changes: Any
) -> JobRow | None:
    """The job, held by this process from now on; None when it is not among `jobs`, or gone.

    jobs: those that are free. changes: its new state, and what else the lease brings. One
    conditional UPDATE decides between workers that try at the same moment.
    """
    mark = uuid.uuid4()
    leased = jobs.filter(pk=pk).update(
        lease=mark,
        attempts=F("attempts") + 1,
        worker=worker_name(),
        lease_until=timezone.now() + lasting,
        **changes,
    )
    return jobs.model._default_manager.filter(pk=pk, lease=mark).first() if leased else None


def held(job: JobRow) -> models.QuerySet[JobRow]:
    """The job's row, as long as it is still this worker's and in the state that it knows."""
    rows = type(job)._default_manager
    return rows.filter(pk=job.pk, lease=job.lease, state=job.state)


def renew(job: Job, *, lasting: timedelta, **changes: Any) -> bool:
    """Keep the lease up, with news of the work; False when the job is not ours any more."""
    return bool(held(job).update(lease_until=timezone.now() + lasting, **changes))


def advance(job: Job, state: str, **changes: Any) -> None:
    """The next state, if the job is still ours. Raises LeaseLost."""
    if not held(job).update(state=state, **changes):
        raise LeaseLost(job.pk)
    job.state = state


def end(job: Job, state: str, **changes: Any) -> None:
    """The last state, if the job is still ours. Raises LeaseLost."""
    advance(job, state, finished_at=timezone.now(), lease_until=None, **changes)


def give_back(job: Job) -> None:
    """Let the job wait for another try; no blame."""
    held(job).update(state=job.WAITING, lease_until=None, worker="", sent_at=timezone.now())
