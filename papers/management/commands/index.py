"""Bring the lexical index up to date: `manage.py index`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from papers.management.progress import paper_bar
from papers.search.words import index
from papers.search.words.index import Progress, catch_up, has_drifted, rebuild_index


class Command(BaseCommand):
    help = "Let the index follow the database; build it anew when it is missing or damaged."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="build it anew in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        with paper_bar() as show:
            number = rebuild_index(show) if options["rebuild"] else self._follow(show)
        if number:
            self.stdout.write(f"indexed {number} papers")

    def _follow(self, show: Progress) -> int:
        try:
            where = index.current_folder()
            index.check(where)
            if has_drifted(where):
                return rebuild_index(show)
        except index.Unusable:
            return rebuild_index(show)
        with index.writer_lock(wait=True):
            return catch_up(show)
