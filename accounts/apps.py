"""Accounts as a Django app, and the sessions of `allauth` as we use them."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_make_groups)


def _make_groups(**kwargs: Any) -> None:
    """Give every database the groups of `accounts.permissions`, with their permissions.

    Heard after every app is migrated, as each brings permissions of its own. Those that an
    administrator added stay.
    """
    from django.contrib.auth.models import Group, Permission

    from accounts.permissions import GROUPS

    for name, permissions in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for permission in permissions:
            app, codename = permission.split(".")
            rows = Permission.objects.filter(content_type__app_label=app, codename=codename)
            group.permissions.add(*rows)


class Sessions(UserSessionsConfig):  # type: ignore[misc]
    """`allauth.usersessions` without its signal handlers; see `accounts.sessions`."""

    def ready(self) -> None:
        """Nothing: the middleware notes every session."""
