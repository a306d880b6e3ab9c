"""Background work of the watch. A message is a hint; the row of the source decides."""

import contextlib

from celery import shared_task
from django.conf import settings

from papers.search.meaning import encoder
from papers.watch import asking, belonging, inbox, links, refresh


@shared_task(name="papers.watch.tell_due")
def tell_due() -> None:
    """Find the sources whose time has come, and those that a dead worker held."""
    asking.tell_due()


@shared_task(name=asking.TASK)
def ask_source(source: int) -> None:
    """Ask one source; nothing happens if its time has not come or somebody is at it."""
    asking.ask(source)
    score_finds()


@shared_task(name="papers.watch.score_finds")
def score_finds() -> None:
    """Score what waits in the inbox unscored; what is a paper here by now does not wait."""
    inbox.settle_known()
    with contextlib.suppress(encoder.Unavailable):  # the next hour has it again
        while belonging.score_waiting():
            continue


@shared_task(name="papers.watch.refresh_papers")
def refresh_papers() -> None:
    """Ask the keepers of identifiers about papers here that they were not asked about for long."""
    if settings.KB_WATCH:
        refresh.refresh_some()


@shared_task(name="papers.watch.collect_links")
def collect_links() -> None:
    """Know the addresses outside that pages print."""
    links.collect()


@shared_task(name="papers.watch.check_links")
def check_links() -> None:
    """Look whether some of them still answer."""
    if settings.KB_WATCH:
        links.check_some()
