"""`manage.py import_workshop`: a workshop's site or an export of it, beside what is here."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.importers.workshop_files.folder import NotAWorkshop, read_path
from papers.importers.workshop_files.report import as_json
from papers.importers.workshop_files.writing import CannotImport, apply, preview


class Command(BaseCommand):
    help = "Import a workshop from Jekyll data, pages or exports. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a folder, a ZIP or a file")
        parser.add_argument("--slug", required=True, help="the workshop's address")
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        parser.add_argument(
            "--publish", action="store_true", help="write to a public workshop, not to its drafts"
        )
        parser.add_argument(
            "--theirs", action="store_true", help="in conflicts take what the files say"
        )
        parser.add_argument("--json", action="store_true", help="everything as one JSON object")

    def handle(self, *, path: str, slug: str, dry_run: bool, **options: Any) -> None:
        try:
            read = read_path(Path(path))
            changes = preview(slug, read)[1]
            theirs = {c.key for c in changes if c.differences} if options["theirs"] else set()
            if dry_run:
                changes = preview(slug, read, theirs=theirs)[1]
            else:
                changes = apply(slug, read, theirs=theirs, publish=options["publish"])
        except (NotAWorkshop, CannotImport) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(as_json(slug, read, changes), ensure_ascii=False))
            return
        for change in changes:
            if change.status != "same":
                fields = f" ({', '.join(change.fields)})" if change.fields else ""
                self.stdout.write(f"{change.status:8} {change.part:8} {change.shown}{fields}")
        for draft in read.drafts:
            self.stdout.write(f"draft    {draft['file']}, line {draft['line']}")
        for entry in read.told:
            self.stdout.write(f"told     {entry.file}: {entry.text[:80]}: {entry.why}")
        counts = Counter(f"{change.part} {change.status}" for change in changes)
        self.stdout.write(
            ", ".join(f"{number} {name}" for name, number in counts.items()) or "Nothing."
        )
