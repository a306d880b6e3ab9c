"""The site as a Django app."""

import warnings
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate

from kb.languages.compiled import compile_catalogues
from kb.site.per_thread import remember_texts, use_plain_locals


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Site"

    def ready(self) -> None:
        use_plain_locals()
        remember_texts()
        try:
            compile_catalogues(Path(settings.LOCALE_PATHS[0]))
        except OSError as error:  # a folder that may not be written: English all the same
            warnings.warn(f"The languages could not be compiled ({error}).", stacklevel=2)
        # Only apps with models are told; this one is the last of ours.
        last = apps.get_app_config("community")
        post_migrate.connect(_watch_what_is_public, sender=last, dispatch_uid="public-changes")


def _watch_what_is_public(using: str, **told: Any) -> None:
    """Whatever tables there are after a migration: their changes are counted."""
    from kb.site import public_changes

    if using == "default":
        public_changes.install()
