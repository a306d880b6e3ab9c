"""Webhooks: what is new of what a member follows, sent to an address of theirs.

A round (every minute) makes one delivery for each address with news; a worker leases a delivery,
sends it, and writes down the answer. Spans join without gap or overlap, as those of digests do.
What is not taken is tried again, ever more slowly; after three deliveries given up in a row the
webhook is switched off and its owner hears of it by mail.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_member
from community.following import sending
from community.following.digests import confirmed_address
from community.following.follows import News, news, safe_moment
from community.models import Delivery, Webhook
from community.models.webhook import new_salt
from papers.search.words.index import Unusable
from work.job import LeaseLost, end, held, lease
from work.sweep import free_abandoned
from work.tell import tell

SEND = "community.send_delivery"
MOST_WEBHOOKS = 5
MOST_RESENT = 20  # deliveries of one webhook that wait at once
RETRIES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)
)  # after that it is given up
MOST_GIVEN_UP = 3
LASTING = timedelta(minutes=2)
log = logging.getLogger(__name__)


def add(by: User, address: str) -> Webhook:
    """A new webhook; its secret is shown once. Raises NotPossible in words."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to have webhooks."))
    address = address.strip()
    sending.check_address(address)
    if Webhook.objects.filter(user=by).count() >= MOST_WEBHOOKS:
        told = gettext("You have {count} webhooks, which is the most there can be.")
        raise NotPossible(told.format(count=MOST_WEBHOOKS))
    if Webhook.objects.filter(user=by, address=address).exists():
        raise NotPossible(gettext("You have a webhook to this address already."))
    return Webhook.objects.create(user=by, address=address, told_until=safe_moment())


def new_secret(webhook: Webhook) -> None:
    """A new secret; the old one is dead at once, also for deliveries that wait."""
    webhook.salt = new_salt()
    webhook.save(update_fields=["salt"])


def switch(webhook: Webhook, *, on: bool) -> None:
    """On again it tells what becomes visible from now; nothing of what it missed."""
    webhook.off_since = None if on else timezone.now()
    webhook.off_reason = "" if on else "You switched it off."
    webhook.given_up = 0
    if on:
        webhook.told_until = safe_moment()
    webhook.save(update_fields=["off_since", "off_reason", "given_up", "told_until"])


def send_test(webhook: Webhook) -> Delivery:
    """A delivery that says nothing, to try the address. Raises NotPossible."""
    _room(webhook)
    body = _body("test", timezone.now(), [])
    return _put(webhook, "test", body)


def send_again(delivery: Delivery) -> Delivery:
    """The same body and event once more, whatever became of it. Raises NotPossible."""
    _room(delivery.webhook)
    Delivery.objects.filter(pk=delivery.pk).exclude(state__in=Delivery.AT_WORK).update(
        state=Delivery.State.WAITING, due_at=timezone.now(), finished_at=None, attempts=0
    )
    transaction.on_commit(lambda: tell(SEND, delivery.pk))
    return delivery


def _room(webhook: Webhook) -> None:
    if not webhook.is_on:
        raise NotPossible(gettext("This webhook is off. Switch it on first."))
    if webhook.deliveries.filter(state=Delivery.State.WAITING).count() >= MOST_RESENT:
        raise NotPossible(
            gettext("Many deliveries of this webhook wait already; look again in a while.")
        )


def round_of_all() -> int:
    """Make deliveries of what is new, free what dead workers held, send what is due."""
    for pk in Webhook.objects.filter(off_since=None, user__is_active=True).values_list(
        "pk", flat=True
    ):
        try:
            _tell_news(pk)
        except Unusable:  # no search can be made yet: the same span is told at the next round
            break
        except Exception:  # one member's trouble must not keep the others waiting
            log.exception("webhook %s", pk)
    free_abandoned(Delivery.objects.all())
    Delivery.objects.filter(made_at__lt=timezone.now() - Delivery.KEPT).delete()
    due = Delivery.objects.waiting().filter(due_at__lte=timezone.now(), webhook__off_since=None)
    return sum(send(pk) for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:200]))


@transaction.atomic
def _tell_news(pk: int) -> None:
    """Put what is new into a delivery, and move the beginning of the next span."""
    rows = Webhook.objects.select_for_update(skip_locked=True, of=("self",))
    webhook = rows.select_related("user").filter(pk=pk, off_since=None).first()
    if webhook is None:
        return
    until = safe_moment()
    items = [
        item for item in news(webhook.user, since=webhook.told_until, until=until) if item.is_new
    ]
    if items:
        _put(webhook, "news", _body("news", until, items, since=webhook.told_until))
    Webhook.objects.filter(pk=pk).update(told_until=until)


def _put(webhook: Webhook, kind: str, body: dict[str, Any]) -> Delivery:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    delivery = Delivery.objects.create(webhook=webhook, kind=kind, body=text)
    transaction.on_commit(lambda: tell(SEND, delivery.pk))
    return delivery


def _body(
    kind: str, until: dt.datetime, items: list[News], *, since: dt.datetime | None = None
) -> dict[str, Any]:
    site = settings.KB_SITE_URL.rstrip("/")
    return {
        "type": kind,
        "timestamp": until.isoformat(),
        "since": since.isoformat() if since else None,
        "data": [
            {
                "kind": item.follow.kind,
                "target": item.target,
                "title": item.title,
                "url": site + item.address,
                "happened": list(item.happened),
                "papers": [
                    {
                        "key": paper.key,
                        "title": paper.title,
                        "url": site + paper.get_absolute_url(),
                        "api_url": site + reverse("api:paper", args=[paper.key]),
                    }
                    for paper in item.papers
                ],
            }
            for item in items
        ],
    }


def send(pk: int) -> bool:
    """Try one delivery, unless another worker is at it; whether it was taken."""
    free = Delivery.objects.waiting().filter(due_at__lte=timezone.now(), webhook__off_since=None)
    delivery = lease(free, pk, lasting=LASTING, state=Delivery.State.SENDING)
    if delivery is None:
        return False
    answer = sending.post(delivery.webhook, str(delivery.event), delivery.body)
    try:
        _note(delivery, answer)
    except LeaseLost:
        log.warning("delivery %s was sent twice: its lease had run out", pk)
    return answer.is_taken


@transaction.atomic
def _note(delivery: Delivery, answer: sending.Answer) -> None:
    outcome = {"status": answer.status, "answer": answer.text, "problem": answer.problem}
    if answer.is_taken:
        end(delivery, Delivery.State.TAKEN, **outcome)
        Webhook.objects.filter(pk=delivery.webhook_id).update(given_up=0)
        return
    is_over = answer.status == 410 or delivery.attempts > len(RETRIES)
    if not is_over:
        later = timezone.now() + RETRIES[delivery.attempts - 1]
        waits = {"state": Delivery.State.WAITING, "lease_until": None, "worker": ""}
        if not held(delivery).update(**waits, due_at=later, **outcome):
            raise LeaseLost(delivery.pk)
        return
    end(delivery, Delivery.State.GIVEN_UP, **outcome)
    Webhook.objects.filter(pk=delivery.webhook_id).update(given_up=F("given_up") + 1)
    webhook = Webhook.objects.select_related("user").get(pk=delivery.webhook_id)
    if answer.status == 410:
        _switch_off(webhook, "Its address answered 410: it is gone.")
    elif webhook.given_up >= MOST_GIVEN_UP:
        _switch_off(webhook, f"{MOST_GIVEN_UP} deliveries in a row were not taken.")


def _switch_off(webhook: Webhook, reason: str) -> None:
    """Off, with a mail to its owner, once."""
    changed = Webhook.objects.filter(pk=webhook.pk, off_since=None).update(
        off_since=timezone.now(), off_reason=reason
    )
    address = confirmed_address(webhook.user)
    if not changed or not address:
        return
    site = settings.KB_SITE_URL.rstrip("/")
    page = site + reverse("webhook", args=[webhook.pk])
    host = urlsplit(webhook.address).hostname
    context = {"webhook": webhook, "reason": reason, "page": page}
    EmailMessage(
        subject=f"The Living Survey: your webhook to {host} is off",
        body=render_to_string("following/webhook_off.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
