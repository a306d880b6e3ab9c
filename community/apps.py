"""The community's part of the site."""

from __future__ import annotations

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from community import flags  # noqa: F401  (has:review, has:video)
        from community.corrections import proposing
        from community.moderation import kinds  # noqa: F401  (what moderators decide about)
        from community.public_lists import shipped
        from papers.ingest import proposals

        proposals.register(proposing.propose_gaps)
        shipped.join_load_field()
