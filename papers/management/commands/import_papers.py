"""`manage.py import_papers`: by identifier, bibliography file or pasted reference."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from papers.importers.importing import Preview, apply_batch, make_batch, previews


class Command(BaseCommand):
    help = "Import papers by identifier, bibliography file or pasted reference. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what", nargs="+", help="identifier, address, entry, file to read, or - for input"
        )
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")

    def handle(self, *, what: list[str], dry_run: bool, **options: Any) -> None:
        batch = make_batch("\n".join(_text(item) for item in what))
        if dry_run:
            for preview in previews(batch):
                self._show(preview)
        else:
            for row in apply_batch(batch):
                self.stdout.write(f"{row['effect']:9} {row['key']}  {row['title']}")
                if row["may_be"]:
                    self.stdout.write(f"          may be {row['may_be']}: a curator is asked")
                if row["conflicts"]:
                    self.stdout.write(f"          differs: {', '.join(row['conflicts'])}")
        for problem in batch.problems:
            self.stderr.write(problem)
        if batch.problems:
            raise SystemExit(1)

    def _show(self, preview: Preview) -> None:
        match = preview.match
        word = "ask " if preview.asks else "here" if match else "new "
        where = f"  is {match.paper.key}, by {match.by}" if match else ""
        if match and preview.asks:
            where = f"  may be {match.paper.key}: {match.by}"
        self.stdout.write(f"{word} {preview.candidate.title}{where}")
        for row in (*preview.filling, *preview.differing):
            verb = "adds" if row in preview.filling else "differs in"
            self.stdout.write(f"     {verb} {row.label}: {row.there_in_words[:100]}")


def _text(item: str) -> str:
    if item == "-":
        return sys.stdin.read()
    path = Path(item)
    is_file = len(item) < 250 and "\n" not in item and path.is_file()
    return path.read_text(errors="replace") if is_file else item
