"""Bring the embeddings up to date: `manage.py embed`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.management.progress import paper_bar
from papers.search.meaning import embedding, encoder


class Command(BaseCommand):
    help = "Embed papers whose text changed since the chosen encoder read it. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--convert", action="store_true", help="only convert the encoder for this processor"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            encoder.ensure()
        except encoder.Unavailable as reason:
            self.stderr.write(f"Searches go by words alone: {reason}")
        if not options["convert"]:
            self._embed()

    def _embed(self) -> None:
        try:
            with paper_bar() as show:
                made = embedding.embed_papers(progress=show)
            embedding.index_if_many()
        except encoder.Unavailable as reason:
            raise CommandError(f"The encoder cannot be used: {reason}") from None
        if made:
            self.stdout.write(f"embedded {made} papers")
