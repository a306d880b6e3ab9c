"""Mails to somebody whose suggestion for a public list was decided about."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from accounts.models import User
from community.models import PublicList

log = logging.getLogger(__name__)


def tell_decision(
    whom: User | None, chosen: PublicList, what: str, *, taken: bool, answer: str = ""
) -> None:
    """Write to who suggested `what`, once the decision is in the database.

    Nobody is written to whose account is closed or has no address; a mail that cannot be sent is
    logged, and the decision stands on the site all the same.
    """
    if whom is None or not whom.is_active or not whom.email:
        return
    title = " ".join(chosen.title.split())
    word = "taken into" if taken else "not taken into"
    link = settings.KB_SITE_URL.rstrip("/") + chosen.get_absolute_url()
    reason = f"Why: {answer.strip()}\n\n" if answer.strip() else ""
    credit = "Your name stands beside it.\n\n" if taken else ""
    text = f"“{what}” was {word} the list “{title}”.\n\n{reason}{credit}The list: {link}\n"
    subject = f"Your suggestion was {word} “{title}”"[:150]

    def send() -> None:
        try:
            send_mail(subject, text, None, [whom.email])
        except OSError as error:
            log.warning("%s was not told of a decision: %s", whom.pk, error)

    transaction.on_commit(send)
