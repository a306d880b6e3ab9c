"""The site as a Django app."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Site"

    def ready(self) -> None:
        # Only apps with models are told; this one is the last of ours.
        last = apps.get_app_config("community")
        post_migrate.connect(_watch_what_is_public, sender=last, dispatch_uid="public-changes")


def _watch_what_is_public(using: str, **told: Any) -> None:
    """Whatever tables there are after a migration: their changes are counted."""
    from kb.site import public_changes

    if using == "default":
        public_changes.install()
