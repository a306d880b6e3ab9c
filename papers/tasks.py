"""Background work of this floor, where Celery looks for it."""

from papers.ingest.tasks import check_waiting, ingest_document, sweep_documents

__all__ = ["check_waiting", "ingest_document", "sweep_documents"]
