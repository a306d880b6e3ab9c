"""Writing vectors: for each paper whose text the chosen encoder has not read as it stands now.

A paper is embedded whole and in passages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from pgvector import HalfVector

from papers.models import Finding, Paper, PaperEmbedding
from papers.search.meaning import encoder, nearest, passages

AT_ONCE = 512  # papers; of many texts more have a like length, and share a batch without padding

Progress = Callable[[int, int], None]
Text = tuple[str, list[str]]


def embed_papers(
    paper_ids: Collection[int] | None = None, *, progress: Progress | None = None
) -> int:
    """Bring the vectors of these papers (default: all) up to date; returns how many were made.

    Safe to run again and at the same time elsewhere: the hash of the text decides, and an upsert
    writes. progress(done, total) is called after each batch. Raises encoder.Unavailable.
    """
    made, seen = 0, 0
    total = Paper.objects.count() if paper_ids is None else len(set(paper_ids))
    for batch in _batches(paper_ids):
        made += _embed(batch)
        seen += len(batch)
        if progress:
            progress(seen, total)
    return made


def is_wanting() -> bool:
    """Whether a paper's text has no vector as it stands, or the index over many is missing."""
    return any(_stale(_texts(batch), batch) for batch in _batches(None)) or _lacks_index()


def _lacks_index() -> bool:
    nearest.forget_index()
    if nearest.has_index():
        return False
    stored = PaperEmbedding.objects.filter(encoder=encoder.chosen())
    return stored.count() >= nearest.hnsw_from()


def index_if_many() -> bool:
    """Make the approximate index once there are enough vectors; returns whether it was made."""
    if connection.in_atomic_block or not _lacks_index():
        return False
    nearest.index_vectors(encoder.load().dimensions)
    return True


def missing() -> int:
    """How many papers have no vector of the chosen encoder."""
    have = PaperEmbedding.objects.filter(encoder=encoder.chosen())
    return Paper.objects.exclude(pk__in=have.values("paper")).count()


def _batches(paper_ids: Collection[int] | None) -> Iterator[list[Paper]]:
    last = 0
    while True:
        papers = Paper.objects.filter(pk__gt=last).order_by("pk")
        if paper_ids is not None:
            papers = papers.filter(pk__in=paper_ids)
        batch = list(papers[:AT_ONCE])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _embed(papers: list[Paper]) -> int:
    """Write what is missing or stale of one batch; one call of the encoder."""
    texts = _texts(papers)
    stale = _stale(texts, papers)
    if not stale:
        return 0
    pieces = [[passages.whole(*texts[pk]), *passages.split(*texts[pk])] for pk in stale]
    vectors = _encoded([text for group in pieces for text in group])
    ends = np.cumsum([len(group) for group in pieces])
    PaperEmbedding.objects.bulk_create(
        [
            PaperEmbedding(
                paper_id=pk,
                encoder=encoder.chosen(),
                text_hash=passages.text_hash(*texts[pk]),
                vector=HalfVector(own[0]),
                passages=own[1:].astype(np.float16).tobytes(),
            )
            for pk, own in zip(stale, np.split(vectors, ends[:-1]), strict=True)
        ],
        update_conflicts=True,
        unique_fields=["paper", "encoder"],
        update_fields=["text_hash", "vector", "passages", "made_at"],
    )
    return len(stale)


def _stale(texts: dict[int, Text], papers: list[Paper]) -> list[int]:
    """Papers whose text the chosen encoder has not read as it stands now."""
    rows = PaperEmbedding.objects.filter(paper__in=papers, encoder=encoder.chosen())
    known = dict(rows.values_list("paper", "text_hash"))
    return [pk for pk, text in texts.items() if known.get(pk) != passages.text_hash(*text)]


def _encoded(texts: list[str]) -> NDArray[np.float32]:
    """A row for each text. A title without a summary is both the whole and a passage: read once."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return encoder.load().encode(list(places))[[places[text] for text in texts]]


def _texts(papers: list[Paper]) -> dict[int, Text]:
    """Title and summary of each paper: the abstract first, then our own words."""
    findings: dict[int, list[str]] = {}
    rows = Finding.objects.filter(paper__in=papers).order_by("paper", "position")
    for pk, text in rows.values_list("paper", "text"):
        findings.setdefault(pk, []).append(text)
    return {
        paper.pk: (
            paper.title,
            [
                text
                for text in (
                    paper.abstract,
                    paper.tldr,
                    paper.contribution,
                    *findings.get(paper.pk, ()),
                )
                if text
            ],
        )
        for paper in papers
    }
