"""Looking after what dead workers and lost messages left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from work.job import JobQuerySet
from work.tell import tell_of

_MARK = "work:messages-kept-since"


def free_abandoned(jobs: JobQuerySet[Any]) -> int:
    """Let wait again what silent workers held; nobody is blamed. Returns how many."""
    return jobs.abandoned().update(
        state=jobs.model.WAITING, lease_until=None, worker="", sent_at=None
    )


def messages_kept_since() -> datetime | None:
    """Since when messages are there, as far as can be known; None while the cache is away.

    By default one server that writes nothing to disk keeps queues and cache: when a mark in the
    cache has gone, so have the messages.
    """
    cache.add(_MARK, timezone.now(), None)
    since: datetime | None = cache.get(_MARK)
    return since


def send_again(
    jobs: JobQuerySet[Any], task: str, *, after: timedelta, most: int | None = None
) -> int:
    """Tell the queue of jobs that were forgotten, in the order of `jobs`; returns how many.

    Stops at the first that the queue does not take: it is away, and each try costs seconds.
    """
    forgotten = jobs.forgotten(after, messages_kept_since())
    rows = jobs.model._default_manager
    told = 0
    for pk in list(forgotten.values_list("pk", flat=True)[:most]):
        rows.filter(pk=pk).update(sent_at=timezone.now())
        if not tell_of(jobs.model, task, pk):
            break
        told += 1
    return told
