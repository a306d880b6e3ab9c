"""Background work of the site itself."""

from celery import shared_task

from accounts import sessions
from kb.api.machinery import idempotency
from kb.site import heartbeat


@shared_task
def prove_the_queue() -> None:
    """A message that went through queue and worker: both are alive."""
    heartbeat.give("queue")


@shared_task
def forget_old_keys() -> None:
    """Idempotency keys live for a day."""
    idempotency.forget_old_keys()


@shared_task
def forget_ended_sessions() -> None:
    """Addresses and browsers of sessions live as long as these."""
    sessions.forget_ended_sessions()
