"""Background work of the site itself."""

from celery import shared_task
from django.utils import timezone

from community import sessions
from kb.api.machinery import idempotency
from kb.models import SignOfLife


@shared_task
def prove_the_queue() -> None:
    """A message that went through queue and worker: both are alive."""
    SignOfLife.objects.update_or_create(name="queue", defaults={"at": timezone.now()})


@shared_task
def forget_old_keys() -> None:
    """Idempotency keys live for a day."""
    idempotency.forget_old_keys()


@shared_task
def forget_ended_sessions() -> None:
    """Addresses and browsers of sessions live as long as these."""
    sessions.forget_ended_sessions()
