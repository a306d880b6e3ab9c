"""Limits that keep a new account from flooding the moderators, and the trust that lifts them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from community.models import Act, Report, State, moderated_models


def too_much(user: User) -> str:
    """Why `user` may not hand in anything more now, for them to read; empty when they may.

    Locks the account's row, so that requests side by side are counted one after another: call it
    inside a transaction.
    """
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    since = timezone.now() - timedelta(days=1)
    sent = Act.objects.filter(by=user, after=State.PENDING, at__gt=since).count()
    known = published_count(user) > 0
    allowed = settings.KB_DAILY_KNOWN if known else settings.KB_DAILY_NEW
    if sent < allowed:
        return ""
    if known:
        told = gettext(
            "You may hand in {allowed} contributions a day. Save this as a draft for now."
        )
    else:
        told = gettext(
            "You may hand in {allowed} contributions a day, until the first one is published. Save"
            " this as a draft for now."
        )
    return told.format(allowed=allowed)


def too_many_reports(user: User) -> str:
    """The same for reports: as many open ones as a known account may hand in a day."""
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    if Report.objects.filter(author=user, outcome="").count() < settings.KB_DAILY_KNOWN:
        return ""
    return gettext("The moderators still have many reports of yours to look at. Try again later.")


def is_trusted(user: User) -> bool:
    """Whether what `user` hands in is public at once: enough is published, nothing was refused."""
    wanted = settings.KB_TRUST_AFTER
    return bool(wanted) and published_count(user) >= wanted and not _refused(user)


def published_count(user: User) -> int:
    """How many contributions of the account, of every kind, are public."""
    return _count(user, State.PUBLISHED)


def past_decisions(authors: set[int]) -> dict[int, tuple[int, int]]:
    """For each account: how many of its contributions are public, how many were refused."""
    counts: dict[int, tuple[int, int]] = {}
    refused = Count("pk", Q(state__in=[State.DECLINED, State.HIDDEN]))
    for model in moderated_models():
        rows = model._default_manager.filter(author__in=authors).order_by().values("author")
        counted = rows.annotate(yes=Count("pk", Q(state=State.PUBLISHED)), no=refused)
        for author, yes, no in counted.values_list("author", "yes", "no"):
            before = counts.get(author, (0, 0))
            counts[author] = (before[0] + yes, before[1] + no)
    return counts


def _refused(user: User) -> bool:
    return bool(_count(user, State.DECLINED, State.HIDDEN))


def _count(user: User, *states: str) -> int:
    counts = (
        model._default_manager.filter(author=user, state__in=states).count()
        for model in moderated_models()
    )
    return sum(counts)
