"""What comes after a paper is recorded: its vectors, and topics suggested for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import close_old_connections
from django.db.models import QuerySet
from django.utils import timezone

from papers.ingest import suggest
from papers.models import Document, Paper
from papers.search.meaning.embedding import embed_papers
from papers.search.meaning.encoder import Unavailable, within

log = logging.getLogger(__name__)

FOLLOW_UP_AGAIN = timedelta(minutes=1)
AT_ONCE = 20
ENCODER_SECONDS = 5.0


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
        within(ENCODER_SECONDS)  # while it is made anew, others are not to wait for this paper
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
    """Follow up documents that should have been, and papers whose message was lost: those that
    came without a PDF and have no vector. Returns how many."""
    long_ago = timezone.now() - FOLLOW_UP_AGAIN
    documents = Document.objects.filter(
        state=Document.State.DONE, followed_up_at=None, finished_at__lt=long_ago
    )
    followed = _each(follow_up, documents.order_by("finished_at").values_list("pk", flat=True))
    papers = Paper.objects.filter(
        state=Paper.State.PUBLIC, embeddings=None, created_at__lt=long_ago
    )
    return followed + _each(follow_up_paper, papers.order_by("pk").values_list("pk", flat=True))


def _each(follow: Callable[[int], bool], waiting: QuerySet[Any, int]) -> int:
    """Follow up the first few, until one must wait; returns how many."""
    followed = 0
    for pk in waiting[:AT_ONCE]:
        close_old_connections()
        if not follow(pk):
            break
        followed += 1
    return followed
