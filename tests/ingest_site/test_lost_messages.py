"""Rows are the truth and messages hints: a queue that is away, or was lost, loses nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from papers.importers.importing import _follow_up
from papers.ingest import pipeline, receive
from papers.models import Document, Paper, PaperEmbedding
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db(transaction=True)


def refuse(task: str, pk: int) -> Any:
    raise ConnectionError("the broker is away")


def test_an_upload_is_taken_while_the_queue_is_away_and_sent_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("work.tell.send", refuse)
    document = receive.receive(io.BytesIO(paper_pdf()), name="paper.pdf").document
    pipeline.sweep()  # still away
    sent: list[int] = []
    monkeypatch.setattr("work.tell.send", lambda task, pk: sent.append(pk))

    pipeline.sweep()

    document.refresh_from_db()
    assert (document.state, sent) == (Document.State.QUEUED, [document.pk])


def test_a_queue_that_is_away_is_asked_once_a_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse_and_count(task: str, pk: int) -> None:
        asked.append(pk)
        refuse(task, pk)

    monkeypatch.setattr("work.tell.send", refuse)
    for title in ("Gates", "Skips", "Exits"):
        receive.receive(io.BytesIO(paper_pdf(title=title)), name=f"{title}.pdf")
    monkeypatch.setattr("work.tell.send", refuse_and_count)

    pipeline.sweep()

    assert len(asked) == 1
    assert Document.objects.filter(sent_at=None).count() == 3


def test_a_paper_whose_message_was_lost_is_followed_up_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("work.tell.send", refuse)
    old, new = make.paper("Skip RNN"), make.paper("Gates")
    Paper.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=1))
    _follow_up(old.pk)

    first = pipeline.sweep()["followed up"]
    second = pipeline.sweep()["followed up"]

    assert "could not be told of job" in caplog.text
    assert (first, second) == (1, 0)
    assert list(PaperEmbedding.objects.values_list("paper", flat=True)) == [old.pk]
    assert new.pk not in PaperEmbedding.objects.values_list("paper", flat=True)
