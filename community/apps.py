"""The community's part of the site."""

from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community.moderation import kinds  # noqa: F401  (what moderators decide about)
        from community.reviews import searching as review_signs  # noqa: F401  (has:review)
        from community.videos import searching as video_signs  # noqa: F401  (has:video)
