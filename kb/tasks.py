"""Background work of the site itself."""

from celery import shared_task

from accounts import mail, sessions
from kb.api.machinery import idempotency
from kb.backup import dump
from kb.site import heartbeat, public_changes
from papers import people_index


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


@shared_task
def forget_public_changes() -> None:
    """Only the newest changes tell one state of the site from the next."""
    public_changes.forget_old()


@shared_task
def fold_people_index() -> None:
    """Whoever changed is counted for all who read the index of people after this."""
    people_index.fold()


@shared_task
def make_dump() -> None:
    """All that is public, as files below /dumps/."""
    dump.make_nightly()


@shared_task(name=mail.SEND)
def send_mail(only: int | None = None) -> None:
    """Hand mail that waits to the mail server: one, or all that is due. Safe to run twice."""
    mail.send_due(only)
