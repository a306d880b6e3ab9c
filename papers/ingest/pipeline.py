"""From a stored PDF to a paper, surviving the death of any process at any point.

The row is the truth. A worker has a document from the one UPDATE that leases it until the lease
ends; every later write names the lease, so a worker that was given up can do no harm. Reading and
matching are one transaction each, and each leaves the next state behind.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from papers.history import act
from papers.ingest import alone, candidate, citations, files_away
from papers.ingest.follow_up import follow_up, follow_up_the_forgotten
from papers.ingest.leasing import (
    TASK,
    forgotten,
    free_abandoned,
    is_suspect,
    lease,
    lease_time,
    next_in_turn,
    note_error,
    send_forgotten,
)
from papers.ingest.storing import FileLost, local_copy
from papers.ingest.trust import Sender, take
from papers.models import Document, Paper, Reading, WaitingWork
from papers.pdf.confined.pool import read_pdf
from papers.pdf.extraction import Extraction
from work.job import LeaseLost, advance, end, give_back
from work.tell import tell_of

log = logging.getLogger(__name__)

HINTS = 8
WORK_SECONDS = 15.0
FILE_LOST = "The stored file is missing or torn. Upload the same PDF again; nothing else is lost."

ReadPdf = Callable[[Path], Extraction]


def ingest(document_id: int, *, read: ReadPdf = read_pdf) -> Document | None:
    """Take one waiting document all the way. None when there is nothing to do, or no such row.

    read: turns a path into an Extraction, in a confined process. A document that lost its workers
    before is carried on in a process of its own, which reads in the usual way.
    """
    document = lease(document_id)
    if document is None:
        return None
    if is_suspect(document):
        alone.try_alone(document)
    elif not carry_on(document, read=read):
        return None
    document.refresh_from_db()
    if document.is_done:
        follow_up(document.pk)
    return document


def carry_on(document: Document, *, read: ReadPdf = read_pdf) -> bool:
    """Read and match a leased document, as far as needed. False when it was taken over."""
    try:
        if document.state == Document.State.READING:
            _read(document, read)
        if document.state == Document.State.MATCHING:
            _match(document)
    except LeaseLost:
        log.warning("document %s was taken over by another worker", document.pk)
        return False
    except Exception as problem:
        if files_away.is_away(problem):  # nobody's fault, however long it lasts
            log.warning("the storage of files is away: %s", problem)
            give_back(document)
            return True
        log.exception("document %s could not be ingested", document.pk)
        note_error(document, problem)
    return True


def carry_on_alone(document_id: int, mark: str, *, watcher: int) -> None:
    """What the process of papers.ingest.alone does. mark: the lease under which it works."""
    alone.end_with(watcher)
    document = Document.objects.filter(pk=document_id, lease=mark).first()
    if document is not None:
        carry_on(document)


def work(document_id: int) -> int:
    """Take in the document whose turn it is, then others whose messages may be lost.

    Where one of those had the turn, the document that the message names is taken in last: no other
    message comes for it. Goes on for WORK_SECONDS at most, so that other tasks get their turn;
    returns how many were taken in. One message that arrives is enough to empty the queue.
    """
    end, taken = time.monotonic() + WORK_SECONDS, 0
    first = next_in_turn(document_id)
    is_owed = first != document_id and forgotten().filter(pk=first).exists()
    waiting: int | None = first
    while waiting is not None:
        taken += ingest(waiting) is not None
        if time.monotonic() > end:
            return taken
        waiting = forgotten().values_list("pk", flat=True).first()
    if is_owed and Document.objects.waiting().filter(pk=document_id).exists():
        taken += ingest(document_id) is not None
    return taken


def _read(document: Document, read: ReadPdf) -> None:
    """Read the file and keep what was found; what cannot become a paper ends here."""
    try:
        with local_copy(document) as path:
            extraction = read(path)
    except FileLost:
        end(
            document,
            Document.State.FAILED,
            worker="",
            outcome=Document.Outcome.LOST,
            message=FILE_LOST,
        )
        return
    ending = {
        "outcome": str(extraction.status),
        "message": extraction.message,
        "warnings": _storable(extraction.warnings),
    }
    plain = _storable(extraction.to_json())
    text = plain.pop("text")
    with transaction.atomic():
        if extraction.status.has_text and _names_a_work(extraction):
            advance(
                document,
                Document.State.MATCHING,
                lease_until=timezone.now() + lease_time(),
                **ending,
            )
        else:
            if extraction.status.has_text:
                ending |= {"outcome": Document.Outcome.NOT_A_PAPER, "message": _NAMELESS}
            end(document, Document.State.FAILED, worker="", **ending)
        Reading.objects.update_or_create(
            document=document,
            defaults={
                "extraction": plain,
                "text": text,
                "page_count": extraction.page_count,
                "coverage": extraction.coverage,
                "seconds": extraction.seconds,
            },
        )


_NAMELESS = (
    "The text was read, but no title with an author or identifier was found; enter the paper by "
    "DOI or arXiv id."
)


def _names_a_work(extraction: Extraction) -> bool:
    """A title alone ("Contents") could be anything; somebody or something must vouch for it."""
    return bool(extraction.title and (extraction.authors or extraction.doi or extraction.arxiv))


def _storable(value: object) -> Any:
    """JSON values without what PostgreSQL refuses: NUL and lone surrogates."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value


def _match(document: Document) -> None:
    """One transaction: the document is done, and its paper, authors and references are there, or
    it waits for a curator."""
    reading = Reading.objects.get(document=document)
    extraction = Extraction.from_json(reading.extraction | {"text": ""})
    acting = act(task="reading of documents", document=document.pk, reason="read off a PDF")
    with transaction.atomic(), acting:
        end(document, Document.State.DONE, worker="")
        taken = take(
            candidate.from_extraction(extraction, document.sha256),
            _sender(document),
            document=document,
            newest_reference=newest_year(extraction),
            brings=bool(extraction.references) or document.licence_waits,
        )
        matched_by = ""
        if taken.recorded is not None:
            matched_by = taken.recorded.matched_by
            citations.write_references(taken.recorded.paper, document, extraction.references)
            citations.tie_citations_to(taken.recorded.paper)
            _settle_what_waited(document, taken.recorded.paper)
        Document.objects.filter(pk=document.pk).update(
            paper=taken.paper, effect=taken.effect, matched_by=matched_by
        )


def _settle_what_waited(document: Document, paper: Paper) -> None:
    """The file waited, and a curator or the operator has sent it as well."""
    WaitingWork.objects.waiting().filter(document=document).update(
        state=WaitingWork.State.ACCEPTED,
        paper=paper,
        confirmed_by="a curator, who sent the same file",
        decided_at=timezone.now(),
    )


def _sender(document: Document) -> Sender:
    """Who sent the file: one trusted sender is enough, else the first one."""
    sent = document.uploads.select_related("by").order_by("at", "pk")
    if sent.filter(is_trusted=True).exists():
        return Sender(None, is_trusted=True)
    first = sent.first()
    return Sender(first.by if first else None, is_trusted=False)


def newest_year(extraction: Extraction) -> int | None:
    """The latest year that at least two references give, and not one to come."""
    this_year = timezone.now().year
    years = sorted(e.year for e in extraction.references if e.year and 1950 <= e.year <= this_year)
    return years[-2] if len(years) >= 2 else None


def retry(document: Document) -> bool:
    """Read a failed document again from the beginning. False when it had not failed."""
    with transaction.atomic():
        failed = Document.objects.filter(pk=document.pk, state=Document.State.FAILED)
        changed = failed.update(
            state=Document.State.QUEUED,
            attempts=0,
            failures=0,
            outcome="",
            message="",
            warnings=[],
            finished_at=None,
            sent_at=timezone.now(),
        )
        if changed:
            Reading.objects.filter(document=document).delete()
            transaction.on_commit(lambda: tell_of(Document, TASK, document.pk))
    return bool(changed)


def sweep() -> dict[str, int]:
    """Look after what dead workers and lost messages left behind; returns counts, for the log."""
    counts = free_abandoned()
    return counts | {"sent": send_forgotten(HINTS), "followed up": follow_up_the_forgotten()}
