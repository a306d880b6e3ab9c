"""`manage.py mirror SOURCE`: a read-only site from a dump, in an empty data folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.backup.mirror import Unfit, load


class Command(BaseCommand):
    help = "Load a dump (a folder, or its address below /dumps/) into an empty data folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a folder, or https://…/dumps/<date>/")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        try:
            with tempfile.TemporaryDirectory(dir=settings.KB_DATA_DIR) as folder:
                manifest = load(options["source"], Path(folder))
        except Unfit as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"A mirror of {manifest['site']} as of {manifest['made_at']}.")
        self.stdout.write("`manage.py up` embeds, builds the index and serves it, read-only.")
