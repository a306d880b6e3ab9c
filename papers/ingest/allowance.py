"""How much an account may send in a day: PDFs and imported works together, the last 24 hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.roles import is_curator
from papers.models import ImportBatch, Upload

DAY = timedelta(hours=24)


def left_today(user: User | None) -> int | None:
    """How many more an account may send now. None: no limit, as for curators and the operator.

    Requests that arrive at the same moment may pass it by a few.
    """
    if user is None or is_curator(user):
        return None
    return max(0, settings.KB_DAILY_UPLOADS - len(_sent(user)))


def free_again_at(user: User | None) -> datetime:
    """When the account may send the next one, given that it has none left."""
    sent = sorted(_sent(user))[-settings.KB_DAILY_UPLOADS :]
    return (sent[0] if sent else timezone.now()) + DAY


def _sent(user: User | None) -> list[datetime]:
    """When each file and each imported work of the last day came. A file sent again is one."""
    since = timezone.now() - DAY
    sent = list(Upload.objects.filter(by=user, at__gte=since).values_list("at", flat=True))
    for batch in ImportBatch.objects.filter(by=user, applied_at__gte=since):
        sent += [batch.applied_at or since] * len(batch.results)
    return sent
