"""`manage.py restore FILE`: a backup into an empty data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.backup.archive import Unfit, restore
from kb.backup.postgres_tools import ToolProblem


class Command(BaseCommand):
    help = "Bring a backup into an empty data folder, and its tables up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = restore(options["file"])
        except (Unfit, ToolProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored the database and {summary.files} files.")
        self.stdout.write("`manage.py up` builds the index and starts the site.")
