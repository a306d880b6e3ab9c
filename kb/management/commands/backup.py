"""`manage.py backup FILE`: the whole site in one file, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.backup.archive import Unfit, backup
from kb.backup.postgres_tools import ToolProblem


class Command(BaseCommand):
    help = "Write database, files and a manifest with their hashes into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--with-secret-key",
            action="store_true",
            help="also the key that signs sessions; keep the file as you keep the key",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = backup(options["file"], with_secret=options["with_secret_key"])
        except (Unfit, ToolProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{options['file']}: the database and {summary.files} files, "
            f"{summary.size_bytes / 2**20:.1f} MB"
        )
        for name in summary.missing:
            self.stderr.write(f"not in the storage, so not in the backup: {name}")
