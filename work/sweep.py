"""Looking after what dead workers and lost messages left behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from work.job import JobQuerySet
from work.tell import tell


def free_abandoned(jobs: JobQuerySet[Any]) -> int:
    """Let wait again what silent workers held; nobody is blamed. Returns how many."""
    return jobs.abandoned().update(
        state=jobs.model.WAITING, lease_until=None, worker="", sent_at=None
    )


def send_again(
    jobs: JobQuerySet[Any], task: str, *, after: timedelta, most: int | None = None
) -> int:
    """Tell the queue of jobs that were forgotten, in the order of `jobs`; returns how many."""
    waiting = list(jobs.forgotten(after).values_list("pk", flat=True)[:most])
    jobs.model._default_manager.filter(pk__in=waiting).update(sent_at=timezone.now())
    for pk in waiting:
        tell(task, pk)
    return len(waiting)
