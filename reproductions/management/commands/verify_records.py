"""Hold the shipped records against history and rules: `manage.py verify_records`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reproductions.runs.history import History
from reproductions.runs.verification import verify


class Command(BaseCommand):
    help = "Check that every shipped record names committed code and states what its values give."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR / "runs")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(options["folder"], History.here())
        if options["verbosity"] > 1:
            for note in report.notes:
                self.stdout.write(f"note: {note}")
        for problem in report.problems:
            self.stderr.write(f"problem: {problem}")
        self.stdout.write(
            f"{report.records} records: {report.in_history} name a commit of this history, "
            f"{report.judged} judged again, {len(report.notes)} notes, "
            f"{len(report.problems)} problems"
        )
        if report.problems:
            raise CommandError("records that cannot be believed as they are")
