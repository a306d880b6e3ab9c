"""The community's part of the site."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommunityConfig(AppConfig):
    name = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.moderation import kinds  # noqa: F401  (what moderators decide about)
        from community.reviews import searching as review_signs  # noqa: F401  (has:review)
        from community.videos import searching as video_signs  # noqa: F401  (has:video)

        post_migrate.connect(make_groups, sender=self)


def make_groups(**kwargs: Any) -> None:
    """Give every database the groups of `papers.roles`, with their permissions.

    Permissions that an administrator added stay.
    """
    from django.contrib.auth.models import Group, Permission

    from papers.roles import GROUPS

    for name, wanted in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for permission in wanted:
            app, codename = permission.split(".")
            found = Permission.objects.filter(content_type__app_label=app, codename=codename)
            group.permissions.add(*found)
