"""`manage.py migrate`: Django's own, quicker; a database of another version is refused."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from kb.site.migrating import each_model_alone

# Every database from before the first release has it; since then the tables start anew.
UNRELEASED = ("papers", "0002_follow_changes")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_other_versions(options["database"])
        with each_model_alone():
            super().handle(*args, **options)


def _refuse_other_versions(alias: str) -> None:
    """Raises CommandError for a database that cannot be brought up to date from here."""
    loader = MigrationLoader(connections[alias])
    applied = set(loader.applied_migrations)
    place = f"the data folder {settings.KB_DATA_DIR}, or whatever DATABASE_URL names"
    if UNRELEASED in applied:
        raise CommandError(
            f"The database (in {place}) was made before version 0.2, the first release, and "
            "cannot be brought up to date. Move the data folder away, or name another with "
            "KB_DATA_DIR, and start again: the field is loaded anew."
        )
    ours = {app.label for app in apps.get_app_configs() if _is_ours(app.path)}
    unknown = {key for key in applied - set(loader.disk_migrations) if key[0] in ours}
    if unknown:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in unknown))
        raise CommandError(
            f"The database (in {place}) was made by a newer version of the site ({names}). Start "
            "that version, or name another data folder with KB_DATA_DIR."
        )


def _is_ours(path: str) -> bool:
    return path.startswith(str(settings.BASE_DIR)) and "site-packages" not in path
