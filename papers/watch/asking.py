"""Asking a source: page by page, each kept with how far it was read, in one transaction.

Two workers never ask one source at once (the row is leased), and a worker that dies leaves what its
last whole page brought, with the cursor behind it: the next one goes on from there.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from papers.importers.fetching import SourceProblem
from papers.models import Source, SourceAnswer
from papers.watch import inbox, listed, refresh
from papers.watch.protocols import PROTOCOLS
from papers.watch.protocols.shapes import Page
from work import job, sweep
from work.tell import tell

log = logging.getLogger(__name__)

TASK = "papers.watch.ask_source"
LEASE = timedelta(minutes=10)
MOST_PAGES = 25
"""Read in one asking; more goes on at the next one, soon after."""
GOES_ON_AFTER = timedelta(minutes=1)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(days=1)
KEPT_ANSWERS = 200


class Unprepared(Exception):
    """A setting is missing; the text says which."""


@dataclass
class Outcome:
    """What came of asking: see SourceAnswer."""

    source: str
    works: int = 0
    fresh: int = 0
    known: int = 0
    refused: int = 0
    requests: int = 0
    is_whole: bool = False
    problem: str = ""


def tell_due() -> int:
    """Send the hint for each source whose time has come; returns how many. Nothing while watching
    is off."""
    sweep.free_abandoned(Source.objects.all())
    if not settings.KB_WATCH:
        return 0
    try:
        listed.read_lists()
    except listed.BadList as problem:  # the sources that are here are asked all the same
        log.error("list of sources: %s", problem)
    pks = list(Source.objects.due().values_list("pk", flat=True)[:50])
    for pk in pks:
        tell(TASK, pk)
    return len(pks)


def ask(pk: int, *, at_once: bool = False) -> Outcome | None:
    """Ask one source, if its time has come and nobody is at it. Never raises SourceProblem.

    at_once: although its time has not come, or it is switched off.
    """
    free = Source.objects.waiting() if at_once else Source.objects.due()
    source = job.lease(free.order_by(), pk, lasting=LEASE, state=Source.State.ASKING)
    if source is None:
        return None
    outcome, started, wait = Outcome(source.slug), time.monotonic(), 0.0
    try:
        _read(source, outcome)
    except SourceProblem as problem:
        outcome.problem, wait = problem.why[:500], problem.wait_seconds
    except Unprepared as problem:
        outcome.problem = str(problem)[:500]
    except job.LeaseLost:
        return None
    except Exception as problem:  # a fault of ours must not stop the other sources
        log.exception("source %s", source.slug)
        outcome.problem = f"Reading it failed here ({type(problem).__name__})."
    _note(source, outcome, time.monotonic() - started, wait)
    return outcome


def _read(source: Source, outcome: Outcome) -> None:
    """Read pages until the last one, or as many as are read at once."""
    protocol = PROTOCOLS[source.kind]
    key = str(getattr(settings, protocol.needs_key, "")) if protocol.needs_key else ""
    if protocol.needs_key and not key:
        raise Unprepared(f"It is asked with a key only: set {protocol.needs_key}.")
    if not (source.address or protocol.address):
        raise Unprepared("It has no address to be asked at.")
    asker = protocol.asker(source.address, key)
    try:
        for number, page in enumerate(protocol.pages(asker, source.query, source.cursor), 1):
            _take(source, page, outcome)
            outcome.is_whole = page.is_last
            if number >= MOST_PAGES:
                return
    finally:
        outcome.requests = asker.requests


def _take(source: Source, page: Page, outcome: Outcome) -> None:
    """Keep what a page names, and that it was read. Raises LeaseLost."""
    with transaction.atomic():
        if not job.renew(source, lasting=LEASE, cursor=page.cursor):
            raise job.LeaseLost(source.pk)
        taken = inbox.take_in(page.works, source)
        refresh.note_all(taken.known)
    outcome.works += len(page.works)
    outcome.fresh += len(taken.fresh)
    outcome.known += len(taken.known)
    outcome.refused += taken.refused


@transaction.atomic
def _note(source: Source, outcome: Outcome, seconds: float, wait: float) -> None:
    """The state of the source, when it is asked again, and the line in its log."""
    now = timezone.now()
    changes: dict[str, object] = {"asked_at": now, "problem": outcome.problem}
    if outcome.problem:
        changes["failures"] = source.failures + 1
        changes["next_at"] = now + pause(source.failures + 1, source.every_minutes, wait)
    else:
        rhythm = timedelta(minutes=source.every_minutes)
        changes |= {"failures": 0, "succeeded_at": now}
        changes["next_at"] = now + (rhythm if outcome.is_whole else GOES_ON_AFTER)
    held = job.held(source).update(
        state=Source.State.WAITING, lease_until=None, worker="", finished_at=now, **changes
    )
    if not held:
        return
    SourceAnswer.objects.create(
        source=source,
        seconds=round(seconds, 2),
        requests=outcome.requests,
        works=outcome.works,
        fresh=outcome.fresh,
        known=outcome.known,
        refused=outcome.refused,
        is_whole=outcome.is_whole,
        problem=outcome.problem,
    )
    old = source.answers.values_list("pk", flat=True)[KEPT_ANSWERS:]
    SourceAnswer.objects.filter(pk__in=list(old)).delete()


def pause(failures: int, every_minutes: int, asked_for: float = 0.0) -> timedelta:
    """How long a source is left alone after so many failures in a row.

    Twice as long each time, never longer than its rhythm or a day, never shorter than it asked for.
    """
    doubled = FIRST_PAUSE * 2 ** min(failures - 1, 12)
    longest = min(LONGEST_PAUSE, max(FIRST_PAUSE, timedelta(minutes=every_minutes)))
    return max(min(doubled, longest), timedelta(seconds=min(asked_for, 7 * 86400)))
