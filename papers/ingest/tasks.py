"""Background work on documents. A message is a hint; the row decides."""

from celery import shared_task

from papers.importers import confirming
from papers.ingest import follow_up, pipeline
from papers.search.meaning import encoder


@shared_task(name="papers.ingest.ingest_document")
def ingest_document(document: int) -> None:
    """Take a waiting document all the way; nothing happens if it is gone, done or somebody's."""
    pipeline.work(document)


@shared_task(name="papers.ingest.sweep_documents")
def sweep_documents() -> None:
    """Find what dead workers and lost messages left behind."""
    pipeline.sweep()
    confirming.ask_again()


@shared_task(name="papers.ingest.check_waiting")
def check_waiting(work: int) -> None:
    """Ask other sources whether they say what a member sent."""
    confirming.check_some(work)


@shared_task(name="papers.ingest.warm_up")
def warm_up() -> None:
    """Load the encoder behind the scenes, so that the first upload does not wait for it."""
    encoder.warm_up()


@shared_task(name="papers.ingest.follow_up_paper")
def follow_up_paper(paper: int) -> None:
    """Embed a paper that came without a PDF, and suggest topics for it."""
    follow_up.follow_up_paper(paper)
