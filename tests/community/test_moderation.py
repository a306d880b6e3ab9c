"""Roles, and the moves from state to state that every contribution shares."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from accounts.models import User
from accounts.roles import is_curator, is_moderator, role_of

pytestmark = pytest.mark.django_db


def user(name: str, *groups: str, **fields: object) -> User:
    made = User.objects.create_user(name, f"{name}@example.org", **fields)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def test_roles_follow_groups_and_the_staff_flag() -> None:
    assert role_of(AnonymousUser()) == role_of(None) == "visitor"
    assert role_of(user("mia")) == "member"
    assert role_of(user("cam", "curators")) == "curator"
    assert role_of(user("moe", "moderators")) == "moderator"
    assert role_of(user("ada", is_staff=True)) == "admin"


def test_an_account_out_of_use_has_no_role() -> None:
    gone = user("gone", "curators", "moderators", is_active=False)

    assert role_of(gone) == "visitor"
    assert not is_curator(gone)
    assert not is_moderator(gone)
