"""Who organises a workshop: invited by account name or e-mail, several, removable."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_member
from accounts.words import Words
from papers.curation.workshop_blocks import may_edit
from papers.models import Workshop, WorkshopOrganiser

MOST = 40
log = logging.getLogger(__name__)
_MAIL = Words(
    """{name} invites you to edit the workshop “{workshop}” in the Living Survey of Dynamic
Neural Networks, as one of its organisers.

Sign in and accept here:
{address}

If you do not know what this is about, do nothing: without your answer nothing happens.
"""
)


def invite(workshop: Workshop, who: str, *, by: User) -> WorkshopOrganiser:
    """Make an account an organiser, or write to an e-mail address. Raises NotPossible."""
    if not may_edit(workshop, by):
        raise NotPossible(gettext("Only organisers invite organisers."))
    if workshop.organisers.count() >= MOST:
        raise NotPossible(
            gettext("A workshop has at most {most} organisers and invitations.").format(most=MOST)
        )
    who = who.strip()
    return _invite_by_mail(workshop, who, by) if "@" in who else _add(workshop, who, by)


def _add(workshop: Workshop, name: str, by: User) -> WorkshopOrganiser:
    accounts = get_user_model()._default_manager.filter(is_active=True)
    account = accounts.filter(username__iexact=name).first() if name else None
    if account is None:
        raise NotPossible(gettext("There is no account of this name. An e-mail address works too."))
    made, is_new = WorkshopOrganiser.objects.get_or_create(
        workshop=workshop, user=account, defaults={"invited_by": by}
    )
    if not is_new:
        raise NotPossible(
            gettext("{username} is an organiser already.").format(username=account.get_username())
        )
    return made


def _invite_by_mail(workshop: Workshop, address: str, by: User) -> WorkshopOrganiser:
    try:
        validate_email(address)
    except ValidationError as problem:
        raise NotPossible(gettext("This is no e-mail address.")) from problem
    if workshop.organisers.filter(email__iexact=address, user=None).exists():
        raise NotPossible(gettext("This address was invited already."))
    made = WorkshopOrganiser.objects.create(workshop=workshop, email=address, invited_by=by)
    link = settings.KB_SITE_URL.rstrip("/") + reverse("workshop-invitation", args=[made.token])
    body = str(_MAIL).format(name=by.get_username(), workshop=workshop.name, address=link)
    subject = " ".join(gettext("Organising {name}").format(name=workshop.name).split())
    try:
        EmailMessage(subject=subject[:150], body=body, to=[address]).send()
    except Exception as error:
        log.warning("invitation %s was not sent: %s", made.pk, error)
        made.delete()
        raise NotPossible(
            gettext("The mail could not be sent. Invite by account name, or try later.")
        ) from error
    return made


def invitation(token: str) -> WorkshopOrganiser | None:
    """An invitation that waits for its answer."""
    waiting = WorkshopOrganiser.objects.filter(token=token, user=None)
    return waiting.select_related("workshop", "invited_by").first()


@transaction.atomic
def accept(token: str, *, by: User) -> Workshop:
    """Become an organiser. Whoever holds the letter may answer it, once. Raises NotPossible."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to accept."))
    row = WorkshopOrganiser.objects.select_for_update().filter(token=token, user=None).first()
    if row is None:
        raise NotPossible(gettext("This invitation was answered or taken back."))
    try:
        with transaction.atomic():
            row.user, row.email, row.since = by, "", timezone.now()
            row.save()
    except IntegrityError:
        WorkshopOrganiser.objects.filter(pk=row.pk).delete()
    return row.workshop


def remove(workshop: Workshop, pk: int, *, by: User) -> None:
    """Take the role or the invitation away; the last organiser stays. Raises NotPossible."""
    if not may_edit(workshop, by):
        raise NotPossible(gettext("Only organisers do this."))
    row = workshop.organisers.filter(pk=pk).first()
    if row is None:
        raise NotPossible(gettext("This is no organiser any more."))
    others = workshop.organisers.exclude(pk=pk).exclude(user=None)
    if row.user_id and not others.exists():
        raise NotPossible(
            gettext("A workshop has at least one organiser. Invite another one first.")
        )
    row.delete()
