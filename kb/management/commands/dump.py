"""`manage.py dump FOLDER`: all that is public, for whoever wants to mirror it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.backup.dump import dump


class Command(BaseCommand):
    help = "Write all that is public into a new folder: JSON Lines, citation formats, hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = dump(options["folder"])
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        files = manifest["files"].values()
        rows = sum(file["lines"] for name, file in manifest["files"].items() if "tables/" in name)
        size = sum(file["bytes"] for file in files) / 2**20
        self.stdout.write(f"{options['folder']}: {rows:,} rows, {len(files)} files, {size:.1f} MB")
