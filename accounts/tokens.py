"""Tokens of the API: made, recognised, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import ApiToken, User
from accounts.permissions import SCOPES
from accounts.roles import NotPossible, is_member, scopes_of

LIFETIMES_DAYS = (7, 30, 90, 365)
MOST_TOKENS = 50
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def make_token(by: User, *, name: str, scopes: Iterable[str], days: int) -> tuple[ApiToken, str]:
    """A new token and its text, which is told this once and kept nowhere.

    Raises NotPossible, also for a scope that is beyond the member's role.
    """
    wanted = [scope for scope in SCOPES if scope in set(scopes)]
    if not is_member(by):
        raise NotPossible(gettext("Sign in to make a token."))
    if not wanted:
        raise NotPossible(gettext("Choose at least one scope."))
    if beyond := [scope for scope in wanted if scope not in scopes_of(by)]:
        raise NotPossible(
            gettext("Your role does not allow the scope {beyond}.").format(beyond=", ".join(beyond))
        )
    if days not in LIFETIMES_DAYS:
        raise NotPossible(
            gettext("A token lives {value} days.").format(value=", ".join(map(str, LIFETIMES_DAYS)))
        )
    if not name.strip():
        raise NotPossible(gettext("Give the token a name, so that you know later what uses it."))
    if ApiToken.objects.visible_to(by).valid().count() >= MOST_TOKENS:
        raise NotPossible(
            gettext("You have {most_tokens} valid tokens. Revoke one first.").format(
                most_tokens=MOST_TOKENS
            )
        )
    prefix = secrets.token_hex(4)
    text = f"lsv_{prefix}_{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        user=by,
        name=name.strip()[:80],
        prefix=prefix,
        secret_sha256=_digest(text),
        scopes=wanted,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return made, text


def token_of(text: str) -> ApiToken | None:
    """The valid token with this text, its use noted (at most once a minute)."""
    valid = ApiToken.objects.valid().select_related("user").filter(secret_sha256=_digest(text))
    token = valid.first()
    if token is None:
        return None
    now = timezone.now()
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_IS_NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token


def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token now. Ended again, nothing changes."""
    if token.user_id != by.pk:
        raise NotPossible(gettext("This is not your token."))
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    token.refresh_from_db(fields=["revoked_at"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
