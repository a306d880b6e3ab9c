"""Closing an account: who wrote it is forgotten, what was contributed stays.

At once and for good. An undo would mean to keep name and address for a while: what a member asks to
be forgotten is forgotten.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import ApiToken, IdempotencyKey, User
from accounts.roles import NotPossible
from accounts.sessions import end_sessions
from community.models import (
    Follow,
    ListImport,
    ListKeeper,
    Mark,
    PersonClaim,
    Profile,
    ReadingList,
    ReviewDraft,
    ScheduleStar,
    StepDone,
    Subscription,
    Webhook,
)
from papers.curation.waiting import withdraw_all_of
from papers.models import WorkshopOrganiser
from reproductions.attested.registering import retire_all_of

_FORGOTTEN: tuple[Any, ...] = (
    EmailAddress,
    SocialAccount,
    Authenticator,
    ApiToken,
    IdempotencyKey,
    Follow,
    ListKeeper,
    Mark,
    ScheduleStar,
    StepDone,
    Subscription,
    Webhook,
    WorkshopOrganiser,
)


@transaction.atomic
def close_account(user: User, *, typed_name: str) -> None:
    """Forget the member. `typed_name` is the user name, typed to confirm.

    Raises NotPossible, also for the last administrator.
    """
    accounts = get_user_model()._default_manager
    row: Any = accounts.select_for_update().get(pk=user.pk)
    if typed_name != row.get_username():
        raise NotPossible(gettext("Type your user name exactly as it is."))
    if row.is_superuser and not _other_administrators(row):
        raise NotPossible(gettext("You are the only administrator. Make another one first."))
    end_sessions(UserSession.objects.filter(user=row))
    for model in _FORGOTTEN:
        model._default_manager.filter(user=row).delete()
    ReadingList.objects.filter(owner=row, is_shared=False).delete()
    ListImport.objects.filter(by=row).delete()
    ReviewDraft.objects.filter(review__author=row).delete()
    withdraw_all_of(row)
    retire_all_of(row)
    PersonClaim.objects.filter(user=row).update(
        state=PersonClaim.State.WITHDRAWN, statement="", reason="", decided_at=timezone.now()
    )
    Profile.objects.update_or_create(
        user=row,
        defaults={
            **dict.fromkeys(("name", "affiliation", "homepage", "orcid"), ""),
            "is_public": False,
            "closed_at": timezone.now(),
        },
    )
    _empty(row)


def _other_administrators(user: User) -> bool:
    others = get_user_model()._default_manager.exclude(pk=user.pk)
    return others.filter(is_superuser=True, is_active=True).exists()


def _empty(user: User) -> None:
    """The row stays, because contributions point to it; nothing in it names anybody."""
    user.username = f"former-member-{secrets.token_hex(6)}"
    user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
