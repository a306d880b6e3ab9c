"""Mails to somebody whose suggestion for a public list was decided about."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext, override

from accounts.models import User
from community.models import PublicList

log = logging.getLogger(__name__)


def _decision(taken: bool) -> str:
    if taken:
        return gettext("“{what}” was taken into the list “{title}”.")
    return gettext("“{what}” was not taken into the list “{title}”.")


def _subject(taken: bool) -> str:
    if taken:
        return gettext("Your suggestion was taken into “{title}”")
    return gettext("Your suggestion was not taken into “{title}”")


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
    with override(whom.language or settings.LANGUAGE_CODE):
        link = settings.KB_SITE_URL.rstrip("/") + chosen.get_absolute_url()
        lines = [_decision(taken).format(what=what, title=title)]
        if answer.strip():
            lines.append(gettext("Why: {answer}").format(answer=answer.strip()))
        if taken:
            lines.append(gettext("Your name stands beside it."))
        lines.append(gettext("The list: {link}").format(link=link))
        text = "\n\n".join(lines) + "\n"
        subject = _subject(taken).format(title=title)[:150]

    def send() -> None:
        try:
            send_mail(subject, text, None, [whom.email])
        except OSError as error:
            log.warning("%s was not told of a decision: %s", whom.pk, error)

    transaction.on_commit(send)
