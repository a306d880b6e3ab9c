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
            for name, extraction in pool.read_many(paths):
                unreadable += isinstance(extraction, OSError)
                line = as_line(name, extraction) if json else "\n".join(_in_words(name, extraction))
                self.stdout.write(line)
                self.stdout.flush()
        if unreadable:
            raise CommandError(f"{unreadable} of {len(paths)} files could not be opened.")


def as_line(name: str, extraction: Extraction | OSError) -> str:
    """One JSON line: file, status, title, authors, abstract, year, identifiers, lists, doubts."""
    if isinstance(extraction, OSError):
        plain: dict[str, Any] = {"file": name, "status": _UNREADABLE, "message": str(extraction)}
        return json.dumps(plain, ensure_ascii=False)
    plain = {
        "file": name,
        "status": str(extraction.status),
        "message": extraction.message,
        "title": extraction.title,
        "authors": [author.name for author in extraction.authors],
        "affiliations": [author.affiliations for author in extraction.authors],
        "abstract": extraction.abstract,
        "year": extraction.year,
        "venue": extraction.venue,
        "doi": extraction.doi,
        "arxiv": extraction.arxiv,
        "sections": [f"{s.number} {s.title}".strip() for s in extraction.sections],
        "captions": [
            {"label": c.label, "text": c.text, "page": c.page} for c in extraction.captions
        ],
        "references": [
            {"raw": r.raw, "title": r.title, "year": r.year, "doi": r.doi, "arxiv": r.arxiv}
            for r in extraction.references
        ],
        "confidence": extraction.confidence,
        "coverage": extraction.coverage,
        "pages": extraction.page_count,
        "warnings": extraction.warnings,
        "seconds": extraction.seconds,
    }
    return json.dumps(plain, ensure_ascii=False)


def _in_words(name: str, extraction: Extraction | OSError) -> Iterator[str]:
    if isinstance(extraction, OSError):
        yield f"{name}: {extraction.strerror}"
        return
    yield f"{name}: {extraction.status}, {extraction.page_count} pages, {extraction.seconds:.2f} s"
    yield f"  {extraction.title or '(no title)'}"
    yield f"  {', '.join(author.name for author in extraction.authors) or '(no authors)'}"
    ids = [f"{label} {value}" for label, value in _facts(extraction) if value]
    yield f"  {', '.join(ids)}"
    for warning in extraction.warnings:
        yield f"  ! {warning}"


def _facts(extraction: Extraction) -> list[tuple[str, Any]]:
    return [
        ("year", extraction.year),
        ("doi", extraction.doi),
        ("arXiv", extraction.arxiv),
        ("sections", len(extraction.sections)),
        ("references", len(extraction.references)),
    ]
