"""What an account may do here: four roles, each a group with permissions.

Members (every account) contribute; curators decide about records; moderators decide about what
people say; administrators (Django's staff flag) do all of it.
"""

from __future__ import annotations

from typing import TypeGuard

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.permissions import CURATE, MODERATE, SCOPES


class NotPossible(Exception):
    """The act is not allowed, or somebody was first; the text is for the reader."""


def is_member(user: Visitor) -> TypeGuard[User]:
    """Signed in, with an account that is in use."""
    return bool(user is not None and user.is_authenticated and user.is_active)


def signed_in(user: Visitor) -> User:
    """The account of a request, where one is needed. Raises PermissionDenied without one."""
    if not isinstance(user, User):
        raise PermissionDenied(gettext("Sign in first."))
    return user


def key_of(user: Visitor) -> int | None:
    """The primary key of the account; None for a reader without one."""
    return user.pk if user is not None else None


def is_admin(user: Visitor) -> TypeGuard[User]:
    return is_member(user) and user.is_staff


def is_curator(user: Visitor) -> TypeGuard[User]:
    return is_admin(user) or (is_member(user) and user.has_perm(CURATE))


def is_moderator(user: Visitor) -> TypeGuard[User]:
    return is_admin(user) or (is_member(user) and user.has_perm(MODERATE))


def role_of(user: Visitor) -> str:
    """The highest role in words: visitor, member, curator, moderator or admin."""
    if not is_member(user):
        return "visitor"
    if is_admin(user):
        return "admin"
    if is_moderator(user):
        return "moderator"
    return "curator" if is_curator(user) else "member"


def scopes_of(user: Visitor) -> tuple[str, ...]:
    """The scopes that mean anything for this role."""
    if not is_member(user):
        return ()
    has = {"curate": is_curator(user), "moderate": is_moderator(user), "admin": is_admin(user)}
    return tuple(scope for scope in SCOPES if has.get(scope, True))
