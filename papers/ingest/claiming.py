"""Who owns a document: one worker, from the UPDATE that claims it until its lease ends.

A try can end without a result in three ways, and they are told apart. An error of ours is caught by
the worker, and counts. The death of a process that had nothing but this document is seen by the
worker that watched it (papers.ingest.alone), and counts. A worker that falls silent counts for
nothing: it may have been killed from outside, with any document in its hands. Such a document waits
behind those that were tried less often, and after SUSPECT_AFTER silent workers it is tried alone.
"""

from __future__ import annotations

import os
import socket
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from papers.models import Document, Reading

FORGOTTEN_AFTER = timedelta(seconds=8)
SUSPECT_AFTER = 2
POISON = (
    "Work on this file ended its process in {times} tries. An administrator can look at it; "
    "meanwhile enter the paper by DOI or arXiv id."
)
VANISHED = (
    "The workers that had this file fell silent {times} times, so it was set aside. An "
    "administrator can retry it."
)
BROKEN = "Reading it failed {times} times ({problem}). An administrator can retry it."


class LeaseLost(Exception):
    """Another worker has the document now."""


def lease() -> timedelta:
    """How long a worker may be silent before its document is given to another."""
    return timedelta(seconds=settings.KB_INGEST_LEASE_SECONDS)


def forgotten() -> QuerySet[Document]:
    """Documents that wait longer than a message takes: the least often tried, then the oldest."""
    sent = timezone.now() - FORGOTTEN_AFTER
    return Document.objects.filter(
        Q(sent_at=None) | Q(sent_at__lt=sent), state=Document.State.QUEUED
    ).order_by("attempts", "received_at", "pk")


def claim(document_id: int) -> Document | None:
    """The document, owned by this process from now on; None when it is not free."""
    now, mark = timezone.now(), uuid.uuid4()
    free = Q(state=Document.State.QUEUED) | Q(state__in=Document.CLAIMED, lease_until__lt=now)
    has_reading = Exists(Reading.objects.filter(document=OuterRef("pk")))
    taken = Document.objects.filter(free, pk=document_id, attempts__lt=Document.MOST_TRIES).update(
        state=Case(
            When(has_reading, then=Value(Document.State.MATCHING)),
            default=Value(Document.State.READING),
        ),
        claim=mark,
        attempts=F("attempts") + 1,
        worker=f"{socket.gethostname()}:{os.getpid()}"[:200],
        lease_until=now + lease(),
    )
    return Document.objects.filter(pk=document_id, claim=mark).first() if taken else None


def is_suspect(document: Document) -> bool:
    """Whether so many workers fell silent over a claimed document that it is tried alone."""
    return document.attempts - 1 - document.failures >= SUSPECT_AFTER


def _owned(document: Document) -> QuerySet[Document]:
    return Document.objects.filter(pk=document.pk, claim=document.claim, state=document.state)


def advance(document: Document, state: str, **more: Any) -> None:
    """The next state, if the document is still ours. Raises LeaseLost."""
    if not _owned(document).update(state=state, **more):
        raise LeaseLost(document.pk)
    document.state = Document.State(state)


def end(document: Document, state: str, **more: Any) -> None:
    """The last state, if the document is still ours. Raises LeaseLost."""
    advance(document, state, finished_at=timezone.now(), lease_until=None, worker="", **more)


def give_back(document: Document) -> None:
    """Let the document wait for another try; no blame."""
    _owned(document).update(
        state=Document.State.QUEUED, lease_until=None, worker="", sent_at=timezone.now()
    )


def note_error(document: Document, problem: Exception) -> None:
    """After an error of ours: wait for the sweep, or end after the last try that counts."""
    failures = document.failures + 1
    Document.objects.filter(pk=document.pk, claim=document.claim).update(failures=failures)
    if failures < Document.ATTEMPTS:
        give_back(document)
    else:
        told = BROKEN.format(times=failures, problem=type(problem).__name__)
        _set_aside(_owned(document), told)


def note_death(document: Document) -> None:
    """After the process that had only this document died under a watcher that lives."""
    held = Document.objects.filter(
        pk=document.pk, claim=document.claim, state__in=Document.CLAIMED
    )  # the dead process may have gone from reading to matching
    held.update(failures=document.attempts)
    _set_aside(held, POISON.format(times=document.attempts))


def _set_aside(documents: QuerySet[Document], message: str) -> int:
    return documents.update(
        state=Document.State.FAILED,
        outcome=Document.Outcome.POISON,
        message=message,
        finished_at=timezone.now(),
        lease_until=None,
        worker="",
    )


def free_abandoned() -> dict[str, int]:
    """Queue what silent workers held; set aside what was tried too often. Returns counts."""
    abandoned = Document.objects.abandoned()
    freed = abandoned.update(state=Document.State.QUEUED, lease_until=None, worker="", sent_at=None)
    worn = Document.objects.filter(state=Document.State.QUEUED, attempts__gte=Document.MOST_TRIES)
    return {"freed": freed, "poison": _set_aside(worn, VANISHED.format(times=Document.MOST_TRIES))}
