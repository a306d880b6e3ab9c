"""`manage.py import_workshop`: a workshop's site or an export of it, beside what is here."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.importers.workshop_files.changes import Change
from papers.importers.workshop_files.folder import NotAWorkshop, read_path
from papers.importers.workshop_files.shapes import Fields, Told, WorkshopFiles
from papers.importers.workshop_files.writing import CannotImport, apply, preview


class Command(BaseCommand):
    help = "Import a workshop from Jekyll data, pages or exports. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a folder, a ZIP or a file")
        parser.add_argument("--slug", required=True, help="the workshop's address")
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        parser.add_argument("--json", action="store_true", help="everything as one JSON object")

    def handle(self, *, path: str, slug: str, dry_run: bool, **options: Any) -> None:
        try:
            read = read_path(Path(path))
            changes = preview(slug, read)[1] if dry_run else apply(slug, read)
        except (NotAWorkshop, CannotImport) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(slug, read, changes), ensure_ascii=False))
            return
        for change in changes:
            if change.status != "same":
                fields = f" ({', '.join(change.fields)})" if change.fields else ""
                self.stdout.write(f"{change.status:8} {change.part:8} {change.shown}{fields}")
        for draft in read.drafts:
            self.stdout.write(f"draft    {draft['file']}, line {draft['line']}")
        for told in read.told:
            self.stdout.write(f"told     {told.file}: {told.text[:80]}: {told.why}")
        counts = Counter(f"{change.part} {change.status}" for change in changes)
        self.stdout.write(
            ", ".join(f"{number} {name}" for name, number in counts.items()) or "Nothing."
        )


def _as_json(slug: str, read: WorkshopFiles, changes: list[Change]) -> Fields:
    people: dict[str, list[Fields]] = defaultdict(list)
    for person in read.people:
        people[person["role"]].append({k: v for k, v in person.items() if k not in ("role", "key")})
    return {
        "slug": slug,
        "details": read.details,
        "people": people,
        "papers": [_paper(paper) for paper in read.papers],
        "talks": read.schedule,
        "dates": read.dates,
        "news": read.news,
        "sponsors": read.sponsors,
        "drafts": read.drafts,
        "told": [_told(told) for told in read.told],
        "changes": [
            {"part": c.part, "status": c.status, "shown": c.shown, "fields": list(c.fields)}
            for c in changes
        ],
    }


def _paper(paper: Fields) -> Fields:
    """With each author's own affiliation."""
    places = paper.get("author_affiliations") or []
    starred = paper.get("corresponding") or []
    authors = [
        {
            "name": name,
            "affiliation": places[place] if place < len(places) else "",
            "corresponding": name in starred,
        }
        for place, name in enumerate(paper["authors"])
    ]
    aside = ("authors", "author_affiliations", "corresponding")
    return {k: v for k, v in paper.items() if k not in aside} | {"authors": authors}


def _told(told: Told) -> Fields:
    return {"file": told.file, "line": told.line, "text": told.text, "why": told.why}
