"""Which worker has a document, and whose fault it is when a try ends without a result.

That can happen in three ways, and they are told apart. An error of ours is caught by the worker,
and counts. The death of a process that had nothing but this document is seen by the worker that
watched it (papers.ingest.alone), and counts. A worker that falls silent counts for nothing: it may
have been killed from outside, with any document in its hands. Such a document waits behind those
that were tried less often, and after SUSPECT_AFTER silent workers it is tried alone.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from papers.models import Document, Reading, Upload
from work import job, sweep

TASK = "papers.ingest.ingest_document"
FORGOTTEN_AFTER = timedelta(seconds=8)  # a message takes less than one; the sweep comes every 15
SUSPECT_AFTER = 2
OPERATOR_AFTER = 10
POISON = (
    "Work on this file ended its process in {times} tries. An administrator can look at it; "
    "meanwhile enter the paper by DOI or arXiv id."
)
VANISHED = (
    "The workers that had this file fell silent {times} times, so it was set aside. An "
    "administrator can retry it."
)
BROKEN = "Reading it failed {times} times ({problem}). An administrator can retry it."


def lease_time() -> timedelta:
    """How long a worker may be silent before its document is given to another."""
    return timedelta(seconds=settings.KB_INGEST_LEASE_SECONDS)


def forgotten() -> QuerySet[Document]:
    """Documents that the queue forgot, in their turn."""
    return _in_turn().forgotten(FORGOTTEN_AFTER)


def send_forgotten(most: int) -> int:
    """Tell the queue again of documents that it forgot; returns how many."""
    return sweep.send_again(_in_turn(), TASK, after=FORGOTTEN_AFTER, most=most)


def next_in_turn(document_id: int) -> int:
    """Whose turn it is when the queue tells of a document: it tells of each once, but in the order
    in which they came."""
    first = _in_turn().waiting().values_list("pk", flat=True).first()
    return document_id if first is None else first


def _in_turn() -> job.JobQuerySet[Document]:
    """The least often tried first, then what follows the fewest others of its sender in a day, then
    the oldest: whoever sends fifty holds up nobody who sends one. The operator's come after a
    sender's first OPERATOR_AFTER."""
    sent = Upload.objects.filter(document=OuterRef("pk")).order_by("at", "pk")
    today = Upload.objects.filter(
        by=OuterRef("sender"),
        at__lt=OuterRef("received_at"),
        at__gt=timezone.now() - timedelta(days=1),
    )
    counted = today.order_by().values("by").annotate(number=Count("pk")).values("number")
    of_sender = Coalesce(Subquery(counted), 0)
    turn = Case(When(sender=None, then=Value(OPERATOR_AFTER)), default=of_sender)
    named = Document.objects.annotate(sender=Subquery(sent.values("by")[:1]))
    return named.annotate(turn=turn).order_by("attempts", "turn", "received_at", "pk")


def lease(document_id: int) -> Document | None:
    """The document, held by this process from now on; None when it is not free."""
    waiting, abandoned = Document.objects.waiting(), Document.objects.abandoned()
    free = (waiting | abandoned).filter(attempts__lt=Document.MOST_TRIES)
    has_reading = Exists(Reading.objects.filter(document=OuterRef("pk")))
    state = Case(
        When(has_reading, then=Value(Document.State.MATCHING)),
        default=Value(Document.State.READING),
    )
    return job.lease(free, document_id, lasting=lease_time(), state=state)


def is_suspect(document: Document) -> bool:
    """Whether so many workers fell silent over a leased document that it is tried alone."""
    return document.attempts - 1 - document.failures >= SUSPECT_AFTER


def note_error(document: Document, problem: Exception) -> None:
    """After an error of ours: wait for the sweep, or end after the last try that counts."""
    failures = document.failures + 1
    Document.objects.filter(pk=document.pk, lease=document.lease).update(failures=failures)
    if failures < Document.ATTEMPTS:
        job.give_back(document)
    else:
        message = BROKEN.format(times=failures, problem=type(problem).__name__)
        _set_aside(job.held(document), message)


def note_death(document: Document) -> None:
    """After the process that had only this document died under a watcher that lives."""
    held = Document.objects.filter(
        pk=document.pk, lease=document.lease, state__in=Document.AT_WORK
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
    freed = sweep.free_abandoned(Document.objects.all())
    worn = Document.objects.waiting().filter(attempts__gte=Document.MOST_TRIES)
    return {"freed": freed, "poison": _set_aside(worn, VANISHED.format(times=Document.MOST_TRIES))}
