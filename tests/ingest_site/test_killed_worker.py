"""Workers that are killed: nothing is lost, nothing doubled, and no file is blamed for it."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from papers.ingest import alone, leasing, pipeline
from papers.ingest.receive import receive
from papers.models import Authorship, Document, Paper, Reading, Reference
from papers.pdf.confined.pool import ReaderPool
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
# A worker that stops for good when it is about to call `{place}`, and says so.
STOPPING_WORKER = """
import time, django
django.setup()
from papers.ingest import citations, pipeline

def stop(*args, **options):
    print("there", flush=True)
    time.sleep(600)

{place} = stop
pipeline.ingest({document})
"""
# A worker that watches over a process of its own, which stops for good.
WATCHING_WORKER = """
import os, sys, django
django.setup()
from papers.ingest import alone, pipeline

act = f"from papers.ingest import alone; alone.end_with({{os.getpid()}}); " \\
      "import time; print('there', flush=True); time.sleep(600)"
alone._command = lambda document: [sys.executable, "-c", "import django; django.setup(); " + act]
pipeline.ingest({document})
"""


@pytest.fixture(autouse=True)
def _processes_use_the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.ingest_site.worker_settings")
    monkeypatch.setenv("TEST_DATABASE_NAME", str(connection.settings_dict["NAME"]))


def received(title: str) -> Document:
    return receive(io.BytesIO(paper_pdf(title)), name="paper.pdf").document


def kill_worker(program: str) -> None:
    """Start a real process, kill it with SIGKILL where it stops; then the sweep comes.

    Ends only when everything that the process started has ended as well.
    """
    worker = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == "there\n"
    finally:
        worker.kill()
        worker.communicate()
    lose_leases()
    pipeline.sweep()


def kill_worker_at(place: str, document: Document) -> None:
    kill_worker(STOPPING_WORKER.format(place=place, document=document.pk))


def lose_leases() -> None:
    long_ago = timezone.now() - timedelta(seconds=1)
    Document.objects.exclude(lease_until=None).update(lease_until=long_ago)


def lose_twice(document: Document) -> None:
    """Two workers fell silent over it."""
    for _ in range(2):
        leasing.lease(document.pk)
        lose_leases()
        pipeline.sweep()


def end_by(number: int) -> list[str]:
    """A command whose process gets this signal at once."""
    return [sys.executable, "-c", f"import os; os.kill(os.getpid(), {number})"]


@pytest.mark.parametrize(
    ("place", "state_then"),
    [
        ("pipeline._read", "queued"),  # leased
        ("pipeline._names_a_work", "queued"),  # read, nothing kept yet
        ("pipeline._match", "queued"),  # what was read is kept
        ("pipeline.take", "queued"),  # in the transaction that makes the paper
        ("citations.tie_citations_to", "queued"),  # paper and references written, not committed
        ("pipeline.follow_up", "done"),  # committed; vectors and topics wait
    ],
)
def test_a_document_whose_worker_was_killed_anywhere_is_done_exactly_once(
    place: str, state_then: str, readers: ReaderPool
) -> None:
    document = received("Killed in the Middle of Things")

    kill_worker_at(place, document)

    document.refresh_from_db()
    assert (document.state, document.failures) == (state_then, 0)
    pipeline.ingest(document.pk, read=readers.read)
    document.refresh_from_db()
    assert (document.state, document.effect) == ("done", "new")
    counts = [model.objects.count() for model in (Reading, Paper, Authorship, Reference)]
    assert counts == [1, 1, 2, 2]


def test_killing_workers_again_and_again_blames_none_of_the_documents_that_wait() -> None:
    documents = [received(f"Innocent Bystander Number {number}") for number in range(2)]
    for document in documents:
        lose_twice(document)
        kill_worker_at("pipeline.alone.try_alone", document)

    for document in documents:
        pipeline.ingest(document.pk)  # alone, in a process of its own

    ended = set(Document.objects.values_list("state", "attempts", "failures"))
    assert ended == {("done", 4, 0)}
    assert [Paper.objects.count(), Authorship.objects.count()] == [2, 4]


def test_documents_that_lost_a_worker_wait_behind_those_that_did_not() -> None:
    first, second = received("First to Come"), received("Second to Come")
    leasing.lease(first.pk)
    lose_leases()
    pipeline.sweep()
    Document.objects.update(sent_at=None)

    assert [document.pk for document in leasing.forgotten()] == [second.pk, first.pk]


def test_a_file_that_ends_its_process_in_the_third_try_is_set_aside_and_can_be_retried(
    monkeypatch: pytest.MonkeyPatch, readers: ReaderPool
) -> None:
    document = received("A Poison for Workers")
    lose_twice(document)
    monkeypatch.setattr(alone, "_command", lambda document: end_by(signal.SIGKILL))

    pipeline.ingest(document.pk, read=readers.read)

    document.refresh_from_db()
    assert (document.state, document.outcome, document.attempts) == ("failed", "poison", 3)
    assert "ended its process in 3 tries" in document.message
    assert pipeline.ingest(document.pk, read=readers.read) is None

    assert pipeline.retry(document)
    pipeline.ingest(document.pk, read=readers.read)
    document.refresh_from_db()
    assert (document.state, document.outcome, document.attempts) == ("done", "ok", 1)


def test_a_process_that_was_told_to_end_says_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = received("Told to End")
    lose_twice(document)
    monkeypatch.setattr(alone, "_command", lambda document: end_by(signal.SIGTERM))

    pipeline.ingest(document.pk)

    document.refresh_from_db()
    assert (document.state, document.attempts, document.failures) == ("queued", 3, 0)


def test_a_watched_process_dies_with_its_killed_worker_and_nobody_is_blamed() -> None:
    document = received("Both Were Killed")
    lose_twice(document)

    kill_worker(WATCHING_WORKER.format(document=document.pk))

    document.refresh_from_db()
    assert (document.state, document.attempts, document.failures) == ("queued", 3, 0)


def test_a_document_that_loses_every_worker_is_set_aside_in_the_end() -> None:
    document = received("Thirty Silent Workers")
    Document.objects.update(attempts=Document.MOST_TRIES - 1)
    leasing.lease(document.pk)
    lose_leases()

    counts = pipeline.sweep()

    document.refresh_from_db()
    assert (counts["poison"], document.state, document.outcome) == (1, "failed", "poison")
    assert "fell silent 30 times" in document.message


def test_a_clock_that_was_set_back_holds_no_document_for_as_long() -> None:
    leased, told = received("Leased Tomorrow"), received("Told of Tomorrow")
    leasing.lease(leased.pk)
    tomorrow = timezone.now() + timedelta(days=1)
    Document.objects.exclude(lease_until=None).update(lease_until=tomorrow)
    Document.objects.filter(pk=told.pk).update(sent_at=tomorrow)

    assert [document.pk for document in leasing.forgotten()] == [told.pk]
    pipeline.sweep()

    leased.refresh_from_db()
    assert leased.state == Document.State.QUEUED
