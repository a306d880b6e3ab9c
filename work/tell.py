"""Telling the queue that a job waits, by the name of its task: nothing above is imported."""

from __future__ import annotations

import logging

from celery import current_app

from work.job import Job

# How long a broker may take to say that it has a message, where it says so (RabbitMQ).
CONFIRMED_WITHIN_SECONDS = 5.0

log = logging.getLogger(__name__)


def tell(task: str, job: int) -> bool:
    """Send the hint that a job waits. If the queue is away, False: the sweep sends it later."""
    try:
        send(task, job)
    except Exception:
        log.warning("the queue could not be told of job %s for %s", job, task, exc_info=True)
        return False
    return True


def tell_of(jobs: type[Job], task: str, pk: int) -> bool:
    """Send the hint that a row waits which says already that the queue was told of it.

    If the queue is away, False, and the row says so: the next sweep sends it, instead of waiting
    for as long as a message may take.
    """
    told = tell(task, pk)
    if not told:
        jobs._default_manager.filter(pk=pk, state=jobs.WAITING).update(sent_at=None)
    return told


def send(task: str, job: int) -> None:
    """Put the message into the queue of this task. Raises whatever the broker does."""
    current_app.send_task(task, args=[job], confirm_timeout=CONFIRMED_WITHIN_SECONDS)
