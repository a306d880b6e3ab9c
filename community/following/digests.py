"""Mail about what is new: every day or week, to confirmed addresses, never twice, nothing skipped.

The span of a digest begins where the last one that was surely sent ended. Before the mail server is
called, the row says so; if the process dies in that moment, nobody can know whether the mail went
out: that mail is not sent again, and the next digest tells its span once more.
"""

from __future__ import annotations

import datetime as dt
import logging

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from accounts.models import User
from community.following.follows import News, news, safe_moment
from community.models import DigestMail, Subscription
from papers.models import WaitingWork
from papers.search.words.index import Unusable

EVERY = {
    Subscription.Digest.DAILY: dt.timedelta(days=1),
    Subscription.Digest.WEEKLY: dt.timedelta(days=7),
}
MOST_DECIDED = 100
RETRY_AFTER = dt.timedelta(hours=1)
log = logging.getLogger(__name__)


def send_due_digests() -> int:
    """Send what is due now; returns how many mails went out. Run it as often as you like."""
    sent = 0
    for pk in _due().values_list("pk", flat=True):
        try:
            sent += send_digest(pk)
        except Exception:  # one member's trouble must not keep the others waiting
            log.exception("digest of subscription %s", pk)
    return sent


def send_digest(subscription_pk: int) -> bool:
    """Make and send one digest, if it is due and no other process is at it."""
    made = _make(subscription_pk)
    if made is None:
        return False
    mail, message = made
    handed = DigestMail.objects.filter(pk=mail.pk, state=DigestMail.State.MADE).update(
        state=DigestMail.State.HANDED_OVER
    )
    if not handed:
        return False
    try:
        # Not through the table of waiting mail: what the server says decides about the next one.
        message.connection = get_connection(settings.KB_MAIL_BACKEND)
        message.send()
    except Exception as error:
        DigestMail.objects.filter(pk=mail.pk).update(
            state=DigestMail.State.FAILED, problem=str(error)[:300]
        )
        log.warning("digest %s was not sent: %s", mail.pk, error)
        return False
    _sent(mail)
    return True


def unsubscribe(mail_token: str) -> bool:
    """No more digests for whoever holds this token; whether there is such a token."""
    holder = Subscription.objects.filter(mail_token=mail_token)
    return bool(holder.update(digest=Subscription.Digest.NEVER))


def confirmed_address(user: User) -> str:
    """The address that mail may go to: the primary one, if its owner confirmed it."""
    primary = EmailAddress.objects.filter(user_id=user.pk, verified=True).order_by("-primary")
    address = primary.first()
    return address.email if address else ""


def _due() -> QuerySet[Subscription]:
    """Subscriptions whose time has come, of accounts in use."""
    now = timezone.now()
    due = Q()
    for digest, span in EVERY.items():
        due |= Q(digest=digest, told_until__lte=now - span)
    waited = Q(tried_at=None) | Q(tried_at__lte=now - RETRY_AFTER)
    return Subscription.objects.filter(due, waited, user__is_active=True).order_by("told_until")


@transaction.atomic
def _make(subscription_pk: int) -> tuple[DigestMail, EmailMessage] | None:
    """The digest's row and its mail; None when nothing is due, new or allowed."""
    locked = _due().select_for_update(skip_locked=True, of=("self",))
    subscription = locked.select_related("user").filter(pk=subscription_pk).first()
    if subscription is None:
        return None
    address = confirmed_address(subscription.user)
    Subscription.objects.filter(pk=subscription.pk).update(tried_at=timezone.now())
    if not address or _is_uncertain(subscription):
        return None
    since, until = subscription.told_until, safe_moment()
    try:
        items = [item for item in news(subscription.user, since=since, until=until) if item.is_new]
    except Unusable:  # no search can be made yet; the same span is told at the next try
        return None
    mail = DigestMail.objects.create(
        subscription=subscription,
        since=since,
        until=until,
        paper_count=len({paper.pk for item in items for paper in item.papers}),
    )
    decided = _decided(subscription.user, since, until)
    if not (items or decided):
        _sent(mail, DigestMail.State.EMPTY)
        return None
    with override(subscription.user.language or settings.LANGUAGE_CODE):
        return mail, _message(mail, address, items, decided)


def _decided(user: User, since: dt.datetime, until: dt.datetime) -> list[WaitingWork]:
    """What became, in a span, of works that the member sent; what they took back they know."""
    state = WaitingWork.State
    mine = WaitingWork.objects.filter(by=user, state__in=(state.ACCEPTED, state.REFUSED))
    span = mine.filter(decided_at__gt=since, decided_at__lte=until)
    return list(span.select_related("paper").order_by("decided_at", "pk")[:MOST_DECIDED])


def _is_uncertain(subscription: Subscription) -> bool:
    """Whether the last mail may have gone out: then its span waits for the next day or week."""
    last = subscription.mails.first()
    if last is None or last.state != DigestMail.State.HANDED_OVER:
        return False
    return last.made_at > timezone.now() - EVERY[Subscription.Digest(subscription.digest)]


@transaction.atomic
def _sent(mail: DigestMail, state: str = DigestMail.State.SENT) -> None:
    """The span was told; the next one begins where it ends."""
    DigestMail.objects.filter(pk=mail.pk).update(state=state)
    Subscription.objects.filter(pk=mail.subscription_id, told_until__lt=mail.until).update(
        told_until=mail.until
    )


def _message(
    mail: DigestMail, address: str, items: list[News], decided: list[WaitingWork]
) -> EmailMessage:
    site = settings.KB_SITE_URL.rstrip("/")
    leave = site + reverse("unsubscribe", args=[mail.subscription.mail_token])
    context = {"site": site, "mail": mail, "found": items, "decided": decided, "leave": leave}
    number = mail.paper_count
    if not items:
        what = gettext("what became of what you sent")
    elif number:
        what = ngettext("{number} new paper", "{number} new papers", number).format(number=number)
    else:
        what = gettext("news of your papers")
    return EmailMessage(
        subject=gettext("The Living Survey: {what}").format(what=what),
        body=render_to_string("following/digest.txt", context),
        to=[address],
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": "What you follow <follows.living-survey>",
            "Message-ID": f"<digest-{mail.pk}-{mail.subscription.mail_token[:8]}@living-survey>",
            "Auto-Submitted": "auto-generated",
        },
    )
