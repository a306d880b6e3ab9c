"""Load the published numbers: `manage.py load_numbers`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.data_files.loading import refresh_statistics
from papers.models import FixtureRecord
from reproductions.judging import judge
from reproductions.ledger.load import load_numbers
from reproductions.runs import shipped
from reproductions.runs.rejudging import judge_again
from reproductions.survey_tables.versions import load_tables


class Command(BaseCommand):
    help = "Load fixtures/numbers and tables, claims of the programs and recorded runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.FIXTURES_DIR)
        parser.add_argument(
            "--if-changed", action="store_true", help="do nothing when no file changed since"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="let the files win over edits made here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        digest = files_digest(options["folder"])
        loaded = FixtureRecord.objects.filter(kind="ledger", key="files", sha256=digest)
        if options["if_changed"] and loaded.exists():
            return
        report = load_numbers(options["folder"], overwrite=options["overwrite"])
        for line in report.lines():
            self.stdout.write(line)
        if report.problems:
            raise CommandError(f"{len(report.problems)} problem(s); nothing was loaded.")
        again = judge_again(report.corrected) if report.corrected else 0
        self.stdout.write(f"runs judged again, as their numbers were corrected: {again}")
        count, problems = shipped.load(options["folder"] / "runs")
        self.stdout.write(f"recorded runs: {count} new")
        lines, faults = load_tables(options["folder"] / "tables")
        for line in lines:
            self.stdout.write(line)
        for text in (*problems, *faults):
            self.stderr.write(f"problem: {text}")
        refresh_statistics()
        FixtureRecord.objects.update_or_create(
            kind="ledger", key="files", defaults={"sha256": digest}
        )


def files_digest(folder: Path) -> str:
    """Changes when a published number, a claim, a rule of judging or a recorded run does."""
    code = Path(judge.__file__).parents[1]
    watched = [
        *folder.glob("numbers/**/*"),
        *folder.glob("runs/**/*"),
        *folder.glob("tables/*"),
        *code.glob("reference/*/claims.toml"),
        *code.glob("*.py"),
        *code.glob("judging/*.py"),
        *code.glob("ledger/*.py"),
        *code.glob("runs/*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(path for path in watched if path.is_file()):
        digest.update(str(path.name).encode() + path.read_bytes())
    return digest.hexdigest()
