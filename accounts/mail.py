"""Mail goes out through the queue: a page writes a row, a worker hands it to the mail server.

So a mail server that is slow or away costs no page anything, and whether an address has an account
shows in no answer's time. A mail is tried again, ever more slowly, for three days.
"""

from __future__ import annotations

import email
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.models import Mail
from work.tell import tell

SEND = "accounts.send_mail"
FIRST_RETRY = timedelta(minutes=1)
SLOWEST_RETRY = timedelta(hours=2)
log = logging.getLogger(__name__)


class WaitingMail(BaseEmailBackend):
    """EMAIL_BACKEND: keeps messages in a table, in the transaction of whoever sends."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        kept = 0
        for message in messages:
            if message.recipients():
                row = Mail.objects.create(
                    to=message.recipients(), message=message.message().as_bytes()
                )
                transaction.on_commit(partial(tell, SEND, row.pk))
                kept += 1
        return kept


class Written:
    """Bytes of a message in the shape in which mail backends ask for them."""

    def __init__(self, text: bytes) -> None:
        self._lines = text.replace(b"\r\n", b"\n")

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self._lines.replace(b"\n", linesep.encode())

    def get_charset(self) -> None:
        return None


class AsWritten(EmailMessage):
    """A message that was written before, to be sent as it is."""

    def __init__(self, row: Mail) -> None:
        self._text = bytes(row.message)
        sender = email.message_from_bytes(self._text)["From"]
        super().__init__(to=row.to, from_email=str(sender or settings.DEFAULT_FROM_EMAIL))

    def message(self, *args: Any, **kwargs: Any) -> Written:  # type: ignore[override]
        return Written(self._text)


def send_due(only: int | None = None) -> int:
    """Hand what is due to the mail server; returns how many mails went out."""
    due = Mail.objects.filter(due_at__lte=timezone.now())
    due = due.filter(pk=only) if only is not None else due
    return sum(_send(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _send(pk: int) -> bool:
    """Send one mail, unless another worker is at it. Its row is locked while it is handed over."""
    row = Mail.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None or row.due_at > timezone.now():
        return False
    try:
        with get_connection(settings.KB_MAIL_BACKEND) as connection:
            connection.send_messages([AsWritten(row)])
    except Exception as error:  # whatever a mail server or the network may raise
        _try_later(row, error)
        return False
    row.delete()
    return True


def _try_later(row: Mail, error: Exception) -> None:
    if row.made_at < timezone.now() - Mail.KEPT:
        log.warning("a mail was given up after %d tries: %s", row.attempts + 1, error)
        row.delete()
        return
    row.attempts += 1
    row.due_at = timezone.now() + min(FIRST_RETRY * 2 ** min(row.attempts - 1, 10), SLOWEST_RETRY)
    row.problem = str(error)[:300]
    row.save(update_fields=["attempts", "due_at", "problem"])
    log.warning("a mail was not sent (%s); next try at %s", error, f"{row.due_at:%H:%M:%S}")
