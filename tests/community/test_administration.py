"""Roles in the administration, and the settings that guard the way in."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from accounts.roles import role_of
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def staff() -> Client:
    """Staff with every permission on accounts, but no superuser."""
    who = user("sue", is_staff=True)
    who.user_permissions.set(Permission.objects.filter(content_type__model__in=["user", "group"]))
    client = Client()
    client.force_login(User.objects.get(pk=who.pk))
    return client


def form(**values: Any) -> dict[str, Any]:
    return {"username": "mia", "email": "mia@example.org", "is_active": "on", **values}


def test_staff_make_curators() -> None:
    mia = user("mia")
    curators = Group.objects.get(name="curators")

    answer = staff().post(f"/admin/accounts/user/{mia.pk}/change/", form(groups=[curators.pk]))

    assert answer.status_code == 302
    assert role_of(User.objects.get(pk=mia.pk)) == "curator"


def test_staff_make_no_administrators_and_give_no_group_of_their_own_making() -> None:
    mia = user("mia")
    strong = Group.objects.create(name="strong")
    strong.permissions.set(Permission.objects.all())
    client = staff()

    client.post(
        f"/admin/accounts/user/{mia.pk}/change/",
        form(is_staff="on", is_superuser="on", email="x@evil.example"),
    )
    client.post(f"/admin/accounts/user/{mia.pk}/change/", form(groups=[strong.pk]))
    client.post(
        f"/admin/accounts/user/{mia.pk}/password/",
        {"password1": "taken over 1", "password2": "taken over 1"},
    )

    mia = User.objects.get(pk=mia.pk)
    assert (mia.is_staff, mia.is_superuser, mia.email) == (False, False, "mia@example.org")
    assert not mia.groups.exists()
    assert not mia.check_password("taken over 1")


def test_staff_do_not_touch_administrators() -> None:
    ada = user("ada", is_staff=True, is_superuser=True)
    client = staff()

    answers = [
        client.post(f"/admin/accounts/user/{ada.pk}/change/", form(username="ada", is_active="")),
        client.post(
            f"/admin/accounts/user/{ada.pk}/password/",
            {"password1": "taken over 1", "password2": "taken over 1"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert User.objects.get(pk=ada.pk).is_active


def test_the_administration_has_no_door_of_its_own() -> None:
    answer = Client().post("/admin/login/", {"username": "ada", "password": "guess"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def policy(**environment: str) -> str:
    """form-action of a site started with these settings."""
    command = (
        "import kb.settings as s; print(*s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )
    clean = {name: value for name, value in os.environ.items() if "CLIENT_ID" not in name}
    done = subprocess.run(
        [sys.executable, "-c", command],
        env=clean | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_forms_may_lead_to_orcid_and_github_only_when_their_keys_are_set() -> None:
    github = {"GITHUB_CLIENT_ID": "id", "GITHUB_SECRET": "secret"}

    assert policy() == "'self'"
    assert policy(**github) == "'self' https://github.com"
