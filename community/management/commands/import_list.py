"""`manage.py import_list`: a reading list in a file beside the record, or made a public list."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import NotPossible
from community.list_files.folder import NotAList, read_bytes, read_path
from community.list_files.matching import Matched, matched
from community.list_files.shapes import Left, ListFile
from community.models import PublicList
from community.public_lists import taking_in
from papers.models import Paper


class Command(BaseCommand):
    help = "Take in a reading list (Markdown files or data.yaml), or with --dry-run only show it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a file, a folder, or - for input")
        parser.add_argument("--dry-run", action="store_true", help="show, write nothing")
        parser.add_argument("--json", action="store_true", help="a JSON line for each entry")
        parser.add_argument("--slug", default="", help="the list to make or fill, by its address")
        parser.add_argument("--by", default="", help="the account whose list it becomes")

    def handle(self, *, path: str, **options: Any) -> None:
        try:
            read = (
                read_bytes(sys.stdin.buffer.read(), name="input")
                if path == "-"
                else read_path(Path(path))
            )
        except NotAList as problem:
            raise CommandError(str(problem)) from problem
        by = None if options["dry_run"] else _account(options["by"])
        papers = Paper.objects.visible_to(by) if by else None
        rows = list(matched(read.papers, papers))
        for row in rows:
            self.stdout.write(_as_json(row) if options["json"] else _in_words(row))
        summary = _summary(read, rows)
        if by:
            summary["list"] = self._take_in(read, by, options["slug"])
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            self._tell(read, summary)

    def _take_in(self, read: ListFile, by: User, slug: str) -> str:
        """The address of the list that was made or filled."""
        into = PublicList.objects.filter(slug=slug).first() if slug else None
        try:
            return taking_in.take_in(read, by=by, into=into, slug=slug).slug
        except NotPossible as problem:
            raise CommandError(str(problem)) from problem

    def _tell(self, read: ListFile, summary: dict[str, Any]) -> None:
        for left in read.left:
            self.stdout.write(f"left line {left.line}: {left.why}: {left.text[:80]}")
        counts = ", ".join(f"{number} {name}" for name, number in summary["status"].items())
        self.stdout.write(f"{summary['entries']} entries, {counts or 'none'}.")
        if "list" in summary:
            self.stdout.write(f"They stand in the list “{summary['list']}”.")


def _account(name: str) -> User:
    account = User.objects.filter(username=name, is_active=True).first() if name else None
    if account is None:
        raise CommandError("Say with --by whose list it becomes, or only look with --dry-run.")
    return account


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
