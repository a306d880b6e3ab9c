"""`manage.py import_papers`: by identifier, bibliography file or pasted reference."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.importers.decoding import UnknownEncoding, decode
from papers.importers.importing import Preview, apply_batch, make_batch, previews
from papers.ingest.match import known_venue
from papers.models import ImportBatch


class Command(BaseCommand):
    help = "Import papers by identifier, bibliography file or pasted reference. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what", nargs="+", help="identifier, address, entry, file to read, or - for input"
        )
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON line for each work")

    def handle(self, *, what: list[str], dry_run: bool, **options: Any) -> None:
        texts, guesses = zip(*(_text(item) for item in what), strict=True)
        encoding = next((name for name in guesses if name), "")
        batch = make_batch("\n".join(texts), encoding=encoding)
        if encoding and not options["json"]:
            self.stderr.write(f"Read as {encoding}; look whether accents and signs are right.")
        works = previews(batch) if dry_run or options["json"] else []
        if not dry_run:
            self._apply(batch, quiet=options["json"])
        for work in works:
            line = _as_json(work, encoding) if options["json"] else _in_words(work)
            self.stdout.write(line)
        for problem in batch.problems:
            if options["json"]:
                self.stdout.write(json.dumps(_bad(problem), ensure_ascii=False))
            else:
                self.stderr.write(problem)
        batch.delete() if dry_run else None
        if batch.problems:
            raise SystemExit(1)

    def _apply(self, batch: ImportBatch, *, quiet: bool) -> None:
        for row in apply_batch(batch):
            if quiet:
                continue
            self.stdout.write(f"{row['effect']:9} {row['key']}  {row['title']}")
            if row["may_be"]:
                self.stdout.write(f"          may be {row['may_be']}; a curator is asked")
            if row["conflicts"]:
                self.stdout.write(f"          differs: {', '.join(row['conflicts'])}")


def _in_words(work: Preview) -> str:
    where = f"  is {work.match.paper.key}, by {work.match.by}" if work.match else ""
    if work.asks and work.match:
        where = f"  may be {work.match.paper.key}: {work.match.by}"
    if work.repeats is not None:
        where = f"  is entry {work.repeats + 1} once more"
    lines = [f"{work.status:4} {work.candidate.title}{where}"]
    for row in (*work.filling, *work.differing):
        verb = "adds" if row in work.filling else "differs in"
        lines.append(f"     {verb} {row.label}: {row.there_in_words[:100]}")
    lines += [f"     {warning}" for warning in work.candidate.warnings]
    return "\n".join(lines)


def _as_json(work: Preview, encoding: str) -> str:
    candidate = work.candidate
    venue = known_venue(candidate.venue)
    warnings = list(candidate.warnings)
    if encoding:
        warnings.append(f"read as {encoding}")
    if work.repeats is not None:
        warnings.append(f"the same as entry {work.repeats + 1}")
    if work.asks and work.match:
        warnings.append(f"may be {work.match.paper.key}: {work.match.by}")
    line = {
        "status": work.status,
        "title": candidate.title,
        "authors": list(candidate.authors),
        "year": candidate.year,
        "venue": venue.name if venue else None,
        "venue_line": candidate.venue,
        "doi": candidate.doi,
        "arxiv": candidate.arxiv,
        "openreview": candidate.openreview,
        "matched": work.match.paper.key if work.match else None,
        "warnings": warnings,
    }
    return json.dumps(line, ensure_ascii=False)


def _bad(problem: str) -> dict[str, Any]:
    """What could not be read, in the shape of a work."""
    empty = dict.fromkeys(("venue_line", "doi", "arxiv", "openreview"), "")
    return {
        "status": "bad",
        "title": "",
        "authors": [],
        "year": None,
        "venue": None,
        **empty,
        "matched": None,
        "warnings": [problem],
    }


def _text(item: str) -> tuple[str, str]:
    """The text of an argument, and its encoding where that had to be guessed."""
    path = Path(item)
    is_file = len(item) < 250 and "\n" not in item and path.is_file()
    if item != "-" and not is_file:
        return item, ""
    content = sys.stdin.buffer.read() if item == "-" else path.read_bytes()
    try:
        decoded = decode(content)
    except UnknownEncoding as problem:
        raise CommandError(f"{item}: {problem}") from problem
    return decoded.text, decoded.encoding if decoded.is_guess else ""
