"""What an account may do here: four roles, each a group with permissions.

Members (every account) contribute; curators decide about records; moderators decide about what
people say; administrators (Django's staff flag) do all of it.
"""

from __future__ import annotations

from typing import Any

CURATE = "papers.curate"
MODERATE = "papers.moderate"
# The groups that every database has, and the permissions of each (app.codename).
GROUPS: dict[str, tuple[str, ...]] = {
    "curators": (
        CURATE,
        "papers.add_paper",
        "papers.change_paper",
        "papers.change_person",
        "reproductions.add_run",
    ),
    "moderators": (MODERATE,),
}
# What a token of the API may be allowed; none of them gives more than its owner's role.
SCOPES = ("read", "contribute", "curate", "moderate", "admin")


def is_member(user: Any) -> bool:
    """Signed in, with an account that is in use."""
    return bool(user is not None and user.is_authenticated and user.is_active)


def is_admin(user: Any) -> bool:
    return is_member(user) and bool(user.is_staff)


def is_curator(user: Any) -> bool:
    return is_admin(user) or (is_member(user) and user.has_perm(CURATE))


def is_moderator(user: Any) -> bool:
    return is_admin(user) or (is_member(user) and user.has_perm(MODERATE))


def role_of(user: Any) -> str:
    """The highest role in words: visitor, member, curator, moderator or admin."""
    if not is_member(user):
        return "visitor"
    if is_admin(user):
        return "admin"
    if is_moderator(user):
        return "moderator"
    return "curator" if is_curator(user) else "member"


def scope_of(permission: str) -> str:
    """The scope that a token needs before its owner's permission counts."""
    if permission in GROUPS["moderators"]:
        return "moderate"
    return "curate" if permission in GROUPS["curators"] else "admin"


def scopes_of(user: Any) -> tuple[str, ...]:
    """The scopes that mean anything for this role."""
    if not is_member(user):
        return ()
    has = {"curate": is_curator(user), "moderate": is_moderator(user), "admin": is_admin(user)}
    return tuple(scope for scope in SCOPES if has.get(scope, True))
