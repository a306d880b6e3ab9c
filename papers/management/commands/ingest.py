"""`manage.py ingest`: take in PDFs and folders of PDFs, in the queue or right here."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from papers.ingest.pdf_paths import pdf_paths
from papers.ingest.pipeline import ingest
from papers.ingest.receive import Refused, receive
from papers.models import Document
from papers.pdf.confined.pool import ReaderPool
from work.command import WorkCommand, side_by_side

REFUSED, UNREADABLE, QUEUED = "refused", "cannot be opened", "queued"


@dataclass(frozen=True)
class Line:
    """What became of one file."""

    path: Path
    what: str
    detail: str = ""
    paper: str = ""

    @property
    def is_bad(self) -> bool:
        return self.what not in (QUEUED, "new", "enriched", "known", "already here")


class Command(WorkCommand):
    jobs = os.cpu_count() or 1
    help = "Take in PDFs (folders too). Ends with 0 when every file was read or queued, else 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="+", help="PDF, or folder of PDFs")
        super().add_arguments(parser)
        parser.add_argument("--licence", default="", choices=Document.Licence.values)
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *, path: list[str], now: bool, jobs: int, **options: Any) -> None:
        paths = pdf_paths(path)
        if not paths:
            raise CommandError("No PDF found there.")
        take = partial(_take_now if now else _queue, licence=options["licence"])
        lines = []
        with tqdm(total=len(paths), unit="PDF", disable=options["quiet"] or None) as bar:
            for line in self._taken(paths, take, max(1, jobs) if now else 0):
                lines.append(line)
                bar.update()
        self._report(lines)
        if any(line.is_bad for line in lines):
            raise SystemExit(1)

    def _taken(self, paths: list[Path], take: Callable[..., Line], jobs: int) -> Iterator[Line]:
        if not jobs:
            yield from map(take, paths)
            return
        with ReaderPool(jobs) as pool:
            yield from side_by_side(partial(take, pool=pool), paths, jobs=jobs)

    def _report(self, lines: Iterable[Line]) -> None:
        counts: Counter[str] = Counter()
        for line in lines:
            counts[line.what] += 1
            if line.is_bad:
                self.stdout.write(f"{line.path}: {line.detail or line.what}")
            elif line.paper:
                self.stdout.write(f"{line.path}: {line.what}, {line.paper}")
        self.stdout.write("")
        for what, count in counts.most_common():
            self.stdout.write(f"{count:6}  {what}")
        self.stdout.write(f"{counts.total():6}  files in all")


def _received(path: Path, licence: str, send: bool) -> tuple[Document, bool] | Line:
    try:
        with path.open("rb") as content:
            received = receive(content, name=path.name, licence=licence, send=send)
    except Refused as reason:
        return Line(path, REFUSED, str(reason))
    except OSError as problem:
        return Line(path, UNREADABLE, problem.strerror or str(problem))
    return received.document, received.is_new


def _queue(path: Path, licence: str) -> Line:
    received = _received(path, licence, send=True)
    if isinstance(received, Line):
        return received
    document, is_new = received
    return Line(path, QUEUED) if is_new or document.is_active else _told(path, document, False)


def _take_now(path: Path, licence: str, pool: ReaderPool) -> Line:
    received = _received(path, licence, send=False)
    if isinstance(received, Line):
        return received
    document, is_new = received
    if document.is_active:
        document = ingest(document.pk, read=pool.read) or document
        is_new = True
    document = Document.objects.select_related("paper").get(pk=document.pk)
    return _told(path, document, is_new)


def _told(path: Path, document: Document, is_new: bool) -> Line:
    if document.has_failed:
        return Line(path, document.outcome, document.message)
    if document.is_active:
        return Line(path, QUEUED)
    paper = document.paper.key if document.paper else ""
    return Line(path, document.effect if is_new else "already here", paper=paper)
