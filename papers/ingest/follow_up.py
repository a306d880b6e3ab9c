"""What comes after a paper is recorded: its vectors, and topics suggested for it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import close_old_connections
from django.utils import timezone

from papers.ingest import suggest
from papers.models import Document, Paper
from papers.search.meaning.embedding import embed_papers
from papers.search.meaning.encoder import Unavailable

log = logging.getLogger(__name__)

FOLLOW_UP_AGAIN = timedelta(minutes=1)


def follow_up(document_id: int) -> bool:
    """Embed the document's paper and suggest topics for it. Safe to repeat; the sweep does."""
    paper_id = Document.objects.filter(pk=document_id).values_list("paper", flat=True).first()
    if paper_id is None or not follow_up_paper(paper_id):
        return False
    Document.objects.filter(pk=document_id).update(followed_up_at=timezone.now())
    return True


def follow_up_paper(paper_id: int) -> bool:
    """Embed a paper and suggest topics for it; False when that must wait."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        return False
    try:
        embed_papers([paper_id])
        suggest.suggest_topics(paper)
    except Unavailable as reason:
        log.warning("paper %s waits for the encoder: %s", paper.key, reason)
        return False
    except Exception:
        log.exception("paper %s could not be followed up", paper.key)
        return False
    return True


def follow_up_the_forgotten() -> int:
    """Follow up documents that should have been; returns how many."""
    waiting = Document.objects.filter(
        state=Document.State.DONE,
        followed_up_at=None,
        finished_at__lt=timezone.now() - FOLLOW_UP_AGAIN,
    )
    followed = 0
    for pk in waiting.order_by("finished_at").values_list("pk", flat=True)[:20]:
        close_old_connections()
        if not follow_up(pk):
            break
        followed += 1
    return followed
