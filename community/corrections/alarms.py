"""An alarm when one account changes unusually many records, on whatever path.

Counted from the history that the database itself writes, so changes in the admin and by scripts
that name an account count like corrections.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from pghistory.models import Context

from accounts.models import User
from community.models import Alarm
from papers.history.shapes import KIND_OF, KIND_OF_PART, OWNERS, events_of
from papers.models import TRACKED

Touched = set[tuple[str, int]]


def watch() -> list[Alarm]:
    """Raise the alarms that the last hour asks for and mail the administrators; each once."""
    moment = timezone.now()
    acts = _records_by_act(moment - timedelta(hours=1))
    by_account: dict[int, Touched] = defaultdict(set)
    raised = []
    hour = moment.replace(minute=0, second=0, microsecond=0)
    for (account, context), touched in acts.items():
        by_account[account] |= touched
        if len(touched) >= settings.KB_ALARM_ACT:
            raised.append(_raise(account, context, hour, len(touched)))
    for account, touched in by_account.items():
        if len(touched) >= settings.KB_ALARM_HOUR:
            raised.append(_raise(account, None, hour, len(touched)))
    return [alarm for alarm in raised if alarm is not None]


def see(alarm: Alarm, *, by: User) -> bool:
    """Say that one has looked; False when another curator did before."""
    waiting = Alarm.objects.filter(pk=alarm.pk, seen_at=None)
    return bool(waiting.update(seen_by=by, seen_at=timezone.now()))


def _records_by_act(since: object) -> dict[tuple[int, uuid.UUID], Touched]:
    """By account and act: the records that were changed."""
    contexts = Context.objects.filter(updated_at__gte=since, metadata__user__isnull=False)
    accounts = dict(contexts.values_list("pk", "metadata__user"))
    alive = set(
        get_user_model()
        ._default_manager.values_list("pk", flat=True)
        .filter(pk__in=[account for account in accounts.values() if isinstance(account, int)])
    )
    touched: dict[tuple[int, uuid.UUID], Touched] = defaultdict(set)
    for model in TRACKED:
        part = OWNERS.get(model)
        if part is not None and part.of is not None:
            continue  # its owner's row changes with it
        kind = KIND_OF.get(model) or KIND_OF_PART[model]
        column = part.column if part else "id"
        events = events_of(model)._default_manager.filter(pgh_context_id__in=accounts)
        for context, record in events.values_list("pgh_context_id", column).distinct():
            if accounts[context] in alive:
                touched[accounts[context], context].add((kind, record))
    return touched


def _raise(account: int, context: uuid.UUID | None, hour: dt.datetime, count: int) -> Alarm | None:
    """The alarm, if it is new. The row goes in first, so only one process mails."""
    rows = Alarm.objects.bulk_create(
        [Alarm(account_id=account, act=context, hour=hour, record_count=count)],
        ignore_conflicts=True,
    )
    alarm = Alarm.objects.filter(account_id=account, act=context, hour=hour).first()
    if alarm is None or alarm.raised_at != rows[0].raised_at:
        if alarm is not None:
            Alarm.objects.filter(pk=alarm.pk).update(record_count=max(count, alarm.record_count))
        return None
    transaction.on_commit(lambda: _mail(alarm))
    return alarm


def _mail(alarm: Alarm) -> None:
    staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
    addresses = [mail for mail in staff.values_list("email", flat=True) if mail]
    how = "with one act" if alarm.act else "within an hour"
    send_mail(
        f"{alarm.account} changed {alarm.record_count} records",
        f"The account {alarm.account} changed {alarm.record_count} records {how}.\n"
        "Look at /corrections/: every change can be set back from the history of its record.\n",
        None,
        addresses,
        fail_silently=True,
    )
