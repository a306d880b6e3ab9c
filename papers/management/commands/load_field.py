"""Load the field's data files into the database: `manage.py load_field`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from papers import people_index
from papers.data_files import Report, check_catalogue, load_catalogue
from papers.data_files.others import check_others, load_others


class Command(BaseCommand):
    help = (
        "Load fixtures/ (papers, people, venues, workshops, topics, timeline, lists)."
        " Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.FIXTURES_DIR)
        parser.add_argument("--check", action="store_true", help="only check the files")
        parser.add_argument("--again", action="store_true", help="look at unchanged files too")
        parser.add_argument("--quiet", action="store_true", help="say only what needs a look")
        parser.add_argument(
            "--overwrite", action="store_true", help="let the files win over edits made here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        report = check_catalogue(folder) if options["check"] else self._load(options)
        check_others(folder, report)
        if not options["check"]:
            load_others(folder, report, overwrite=options["overwrite"])
            people_index.fold()
        nothing_new = not report.total("new") and not report.total("changed")
        for line in report.lines():
            if not (options["quiet"] and nothing_new and line.endswith(" same")):
                self.stdout.write(line)
        if report.problems:
            raise CommandError(f"{len(report.problems)} problem(s); nothing was loaded.")

    def _load(self, options: dict[str, Any]) -> Report:
        bars: dict[str, tqdm] = {}

        def show(kind: str, done: int, total: int) -> None:
            if kind not in bars:
                bars[kind] = tqdm(
                    total=total, desc=f"  {kind}s", leave=False, file=sys.stderr, disable=None
                )
            bars[kind].update(done - bars[kind].n)
            if done == total:
                bars[kind].close()

        return load_catalogue(
            options["folder"],
            overwrite=options["overwrite"],
            again=options["again"],
            progress=show,
        )
