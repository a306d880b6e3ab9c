"""Background work of this floor, where Celery looks for it."""

from papers.ingest.tasks import check_waiting, ingest_document, sweep_documents
from papers.watch.tasks import ask_source, check_links, refresh_papers, score_finds, tell_due

__all__ = [
    "ask_source",
    "check_links",
    "check_waiting",
    "ingest_document",
    "refresh_papers",
    "score_finds",
    "sweep_documents",
    "tell_due",
]
