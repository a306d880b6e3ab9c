"""Background work of this floor, where Celery looks for it."""

from papers.ingest.tasks import ingest_document, sweep_documents

__all__ = ["ingest_document", "sweep_documents"]
