"""Background work on accounts. Safe to run twice."""

from celery import shared_task

from accounts import mail


@shared_task(name=mail.SEND)
def send_mail(only: int | None = None) -> None:
    """Hand mail that waits to the mail server: one, or all that is due."""
    mail.send_due(only)
