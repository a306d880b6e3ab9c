"""`manage.py import_list`: what a reading list in a file holds, beside the record."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.list_files.folder import NotAList, read_bytes, read_path
from community.list_files.matching import Matched, matched
from community.list_files.shapes import Left, ListFile


class Command(BaseCommand):
    help = "Read a reading list (Markdown files or data.yaml) and match it with the papers here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a file, a folder, or - for input")
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        parser.add_argument("--json", action="store_true", help="a JSON line for each entry")

    def handle(self, *, path: str, **options: Any) -> None:
        try:
            read = (
                read_bytes(sys.stdin.buffer.read(), name="input")
                if path == "-"
                else read_path(Path(path))
            )
        except NotAList as problem:
            raise CommandError(str(problem)) from problem
        rows = list(matched(read.papers))
        for row in rows:
            self.stdout.write(_as_json(row) if options["json"] else _in_words(row))
        summary = _summary(read, rows)
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            for left in read.left:
                self.stdout.write(f"left line {left.line}: {left.why}: {left.text[:80]}")
            counts = ", ".join(f"{number} {name}" for name, number in summary["status"].items())
            self.stdout.write(f"{summary['entries']} entries, {counts or 'none'}.")


def _as_json(row: Matched) -> str:
    entry = row.entry
    line = {
        "section": list(entry.section),
        "title": entry.title,
        "authors": list(entry.authors),
        "year": entry.year,
        "venue": entry.venue,
        "links": [
            {"kind": link.kind, "label": link.label, "url": link.url} for link in entry.links
        ],
        "abbreviation": entry.abbreviation,
        "focus": entry.focus,
        "notes": entry.notes,
        "matched": row.paper.key if row.paper and row.status == "here" else None,
        "status": row.status,
        "warnings": list(row.warnings),
        "line": entry.line,
        "file": entry.file,
    }
    return json.dumps(line, ensure_ascii=False)


def _in_words(row: Matched) -> str:
    entry = row.entry
    when = " ".join(str(part) for part in (entry.venue, entry.year) if part)
    where = f"  is {row.paper.key}" if row.paper and row.status == "here" else ""
    lines = [f"{row.status:8} {entry.title}{f' ({when})' if when else ''}{where}"]
    return "\n".join([*lines, *(f"         {warning}" for warning in row.warnings)])


def _summary(read: ListFile, rows: list[Matched]) -> dict[str, Any]:
    """entries: what the file lists as papers; recognised: those that were read with a title."""
    return {
        "title": read.title,
        "entries": len(rows),
        "recognised": sum(bool(row.entry.title) for row in rows),
        "status": dict(Counter(row.status for row in rows)),
        "sections": [list(section.path) for section in read.sections],
        "classification": [{"depth": depth, "text": text} for depth, text in read.classification],
        "others": [
            {
                "kind": entry.kind.value,
                "name": entry.title,
                "notes": entry.notes,
                "line": entry.line,
            }
            for entry in read.others
        ],
        "told": [_told(left) for left in read.left],
    }


def _told(left: Left) -> dict[str, Any]:
    return {"line": left.line, "text": left.text, "why": left.why, "file": left.file}
