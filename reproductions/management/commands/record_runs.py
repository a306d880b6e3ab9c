"""Write the records that ship with the repository: `manage.py record_runs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from reproductions import registry
from reproductions.models import Run
from reproductions.runs import shipped


class Command(BaseCommand):
    help = "Append the newest finished run of each program, scale, seed and device to its record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="program")
        parser.add_argument("--folder", type=Path, default=settings.FIXTURES_DIR / "runs")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = options["slugs"] or registry.slugs()
        own = Run.objects.finished().filter(origin=Run.Origin.OWN, program__in=slugs)
        newest: dict[str, Run] = {}
        for run in own.exclude(scale="smoke").order_by("finished_at", "pk"):
            newest[shipped.file_name(run)] = run
        kept = []
        for name, run in sorted(newest.items()):
            if not run.made_by(registry.hashes(registry.program(run.program))):
                self.stdout.write(f"{name}: left out, run {run.pk} was made by other code")
            elif not run.code.get("commit") or run.code.get("dirty"):
                self.stdout.write(f"{name}: left out, run {run.pk} was made by uncommitted code")
            else:
                kept.append(run)
        for name, is_new in shipped.write_all(kept, options["folder"]).items():
            self.stdout.write(f"{name}: {'written' if is_new else 'says the same already'}")
