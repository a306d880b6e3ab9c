"""Telling the queue that a job waits, by the name of its task: nothing above is imported."""

from __future__ import annotations

import logging

from celery import current_app

log = logging.getLogger(__name__)


def tell(task: str, job: int) -> None:
    """Send the hint that a job waits. If the queue is away, the sweep sends it later."""
    try:
        send(task, job)
    except Exception:
        log.warning("the queue could not be told of job %s for %s", job, task, exc_info=True)


def send(task: str, job: int) -> None:
    """Put the message into the queue of this task. Raises whatever the broker does."""
    current_app.send_task(task, args=[job])
