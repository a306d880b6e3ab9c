"""Bring the embeddings up to date: `manage.py embed`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from papers.search import embedding, encoder


class Command(BaseCommand):
    help = "Embed papers whose text changed since the chosen encoder read it. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        bar: tqdm | None = None

        def show(done: int, total: int) -> None:
            nonlocal bar
            bar = bar or tqdm(total=total, desc="  papers", leave=False, file=sys.stderr)
            bar.update(done - bar.n)

        try:
            encoder.ensure()
        except encoder.Unavailable as reason:
            self.stderr.write(f"Searches go by words alone: {reason}")
        try:
            made = embedding.embed_papers(progress=show)
            embedding.index_if_many()
        except encoder.Unavailable as reason:
            raise CommandError(f"The encoder cannot be used: {reason}") from None
        finally:
            if bar is not None:
                bar.close()
        if made:
            self.stdout.write(f"embedded {made} papers")
