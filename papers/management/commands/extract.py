"""`manage.py extract`: what the reader understands of PDFs, without touching the database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.ingest.pdf_paths import pdf_paths
from papers.pdf.confined.pool import ReaderPool
from papers.pdf.extraction import Extraction

_UNREADABLE = "unreadable"


class Command(BaseCommand):
    help = "Read PDFs in confined processes and print what was understood; nothing is stored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="+", help="PDF, or folder of PDFs")
        parser.add_argument("--json", action="store_true", help="one JSON object a line and file")
        parser.add_argument("--jobs", type=int, default=2, help="readers at once (default 2)")

    def handle(self, *, path: list[str], json: bool, jobs: int, **options: Any) -> None:
        paths = pdf_paths(path)
        if not paths:
            raise CommandError("No PDF found there.")
        unreadable = 0
        with ReaderPool(max(1, jobs)) as pool:
            for name, found in pool.read_many(paths):
                unreadable += isinstance(found, OSError)
                line = as_line(name, found) if json else "\n".join(_in_words(name, found))
                self.stdout.write(line)
                self.stdout.flush()
        if unreadable:
            raise CommandError(f"{unreadable} of {len(paths)} files could not be opened.")


def as_line(name: str, found: Extraction | OSError) -> str:
    """One JSON line: file, status, title, authors, abstract, year, identifiers, lists, doubts."""
    if isinstance(found, OSError):
        plain: dict[str, Any] = {"file": name, "status": _UNREADABLE, "message": str(found)}
        return json.dumps(plain, ensure_ascii=False)
    plain = {
        "file": name,
        "status": str(found.status),
        "message": found.message,
        "title": found.title,
        "authors": [author.name for author in found.authors],
        "affiliations": [author.affiliations for author in found.authors],
        "abstract": found.abstract,
        "year": found.year,
        "venue": found.venue,
        "doi": found.doi,
        "arxiv": found.arxiv,
        "sections": [f"{s.number} {s.title}".strip() for s in found.sections],
        "captions": [{"label": c.label, "text": c.text, "page": c.page} for c in found.captions],
        "references": [
            {"raw": r.raw, "title": r.title, "year": r.year, "doi": r.doi, "arxiv": r.arxiv}
            for r in found.references
        ],
        "confidence": found.confidence,
        "coverage": found.coverage,
        "pages": found.page_count,
        "warnings": found.warnings,
        "seconds": found.seconds,
    }
    return json.dumps(plain, ensure_ascii=False)


def _in_words(name: str, found: Extraction | OSError) -> Iterator[str]:
    if isinstance(found, OSError):
        yield f"{name}: {found.strerror}"
        return
    yield f"{name}: {found.status}, {found.page_count} pages, {found.seconds:.2f} s"
    yield f"  {found.title or '(no title)'}"
    yield f"  {', '.join(author.name for author in found.authors) or '(no authors)'}"
    ids = [f"{label} {value}" for label, value in _facts(found) if value]
    yield f"  {', '.join(ids)}"
    for warning in found.warnings:
        yield f"  ! {warning}"


def _facts(found: Extraction) -> list[tuple[str, Any]]:
    return [
        ("year", found.year),
        ("doi", found.doi),
        ("arXiv", found.arxiv),
        ("sections", len(found.sections)),
        ("references", len(found.references)),
    ]
