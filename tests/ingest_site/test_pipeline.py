"""From a stored file to a paper: states, leases, and what happens when things break."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from papers.ingest import leasing, pipeline
from papers.ingest.receive import receive
from papers.models import (
    Authorship,
    Document,
    FieldSource,
    Paper,
    Person,
    Reading,
    Reference,
)
from papers.pdf.confined.pool import ReaderPool
from papers.pdf.extraction import Author, Extraction
from papers.pdf.limits import Status
from tests import make
from tests.ingest.make_pdf import encrypted, picture_only
from tests.ingest_site.paper_pdf import paper_pdf
from work import job
from work.sweep import messages_kept_since


def received(content: bytes) -> Document:
    return receive(io.BytesIO(content), name="paper.pdf").document


def reads_as(**fields: object) -> Callable[[Path], Extraction]:
    """A reader that finds these fields, whatever the file."""
    fields.setdefault("title", "Gates That Know When to Stop")
    fields.setdefault("authors", [Author("Ada Example"), Author("Ben Test")])
    fields.setdefault("confidence", dict.fromkeys(("title", "authors", "year", "abstract"), 0.9))
    return lambda path: Extraction(**fields)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_pdf_becomes_a_paper_with_authors_abstract_references_and_provenance(
    readers: ReaderPool,
) -> None:
    document = received(paper_pdf())

    pipeline.ingest(document.pk, read=readers.read)

    document.refresh_from_db()
    paper = Paper.objects.get()
    assert (document.state, document.effect, document.paper) == ("done", "new", paper)
    assert (paper.key, paper.title) == ("example2023gates", "Gates That Know When to Stop")
    assert [a.printed_name for a in paper.authorships.all()] == ["Ada Example", "Ben Test"]
    assert [a.affiliation for a in paper.authorships.all()] == ["Testing University"] * 2
    assert paper.abstract.startswith("We study networks that decide for each input")
    assert [r.arxiv for r in paper.references.all()] == ["1603.08983", ""]
    assert paper.sources == [f"PDF {document.sha256[:12]}"]
    assert paper.unconfirmed == ["authors"]
    told = {row.field: row.confidence for row in FieldSource.objects.all()}
    assert told.keys() == {"title", "authors", "year", "abstract"}
    assert told["authors"] < 0.8 < told["title"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "outcome", "words"),
    [
        (encrypted(paper_pdf(), "secret"), "encrypted", "password"),
        (picture_only(), "image-only", "OCR"),
        (b"%PDF-1.7 and then nothing of use", "malformed", "damaged"),
    ],
)
def test_a_file_that_yields_no_paper_fails_with_advice_and_without_traces(
    content: bytes, outcome: str, words: str, readers: ReaderPool
) -> None:
    document = received(content)

    pipeline.ingest(document.pk, read=readers.read)

    document.refresh_from_db()
    assert (document.state, document.outcome) == ("failed", outcome)
    assert words in document.message
    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_a_title_that_nobody_vouches_for_is_not_a_paper() -> None:
    document = received(paper_pdf())

    pipeline.ingest(document.pk, read=reads_as(title="Contents", authors=[]))

    document.refresh_from_db()
    assert (document.state, document.outcome) == ("failed", "not-a-paper")
    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_ingesting_twice_changes_nothing() -> None:
    document = received(paper_pdf())
    pipeline.ingest(document.pk, read=reads_as())
    before = counts()

    again = pipeline.ingest(document.pk, read=reads_as(title="Something Else"))

    assert again is None
    assert counts() == before


@pytest.mark.django_db
def test_reading_a_document_anew_changes_nothing_in_the_record() -> None:
    document = received(paper_pdf())
    pipeline.ingest(document.pk, read=reads_as())
    before = counts()
    Document.objects.update(state="queued", attempts=0)

    pipeline.ingest(document.pk, read=reads_as())

    document.refresh_from_db()
    assert (document.state, document.effect) == ("done", "known")
    assert counts() == before


def counts() -> dict[str, int]:
    models = (Paper, Authorship, Person, Reference, FieldSource, Reading, Document)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_workers_gets_a_document() -> None:
    document = received(paper_pdf())
    reads: list[int] = []

    def work(number: int) -> bool:
        try:
            found = reads_as()
            return (
                pipeline.ingest(
                    document.pk, read=lambda path: (reads.append(number), found(path))[1]
                )
                is not None
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        took = list(threads.map(work, range(10)))

    assert sum(took) == len(reads) == 1
    assert Paper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_files_of_one_paper_read_at_the_same_moment_make_one_paper() -> None:
    documents = [received(paper_pdf(abstract=f"Version {number}. " * 30)) for number in range(8)]

    def work(document: Document) -> None:
        try:
            pipeline.ingest(document.pk, read=reads_as())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, documents))

    assert Paper.objects.count() == 1
    assert Person.objects.count() == 2
    assert {d.paper_id for d in Document.objects.all()} == {Paper.objects.get().pk}
    assert sorted(d.effect for d in Document.objects.all()) == ["known"] * 7 + ["new"]


@pytest.mark.django_db
def test_a_document_of_a_dead_worker_is_taken_up_by_another() -> None:
    document = received(paper_pdf())
    leasing.lease(document.pk)
    assert pipeline.ingest(document.pk, read=reads_as()) is None
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert pipeline.sweep()["freed"] == 1
    pipeline.ingest(document.pk, read=reads_as())

    document.refresh_from_db()
    assert (document.state, document.attempts) == ("done", 2)


@pytest.mark.django_db
def test_a_document_that_was_read_is_not_read_again_after_its_worker_died() -> None:
    document = received(paper_pdf())
    leased = leasing.lease(document.pk)
    assert leased is not None
    pipeline._read(leased, reads_as())
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    def must_not_read(path: Path) -> Extraction:
        raise AssertionError("it was read before")

    pipeline.ingest(document.pk, read=must_not_read)

    document.refresh_from_db()
    assert document.state == "done"


@pytest.mark.django_db
def test_a_worker_that_was_given_up_can_do_no_harm() -> None:
    document = received(paper_pdf())
    slow = leasing.lease(document.pk)
    assert slow is not None
    Document.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    pipeline.ingest(document.pk, read=reads_as())

    with pytest.raises(job.LeaseLost):
        pipeline._read(slow, reads_as(title="A Late Answer"))

    assert Paper.objects.get().title == "Gates That Know When to Stop"
    assert Reading.objects.get().extraction["title"] == "Gates That Know When to Stop"


@pytest.mark.django_db
def test_an_error_of_ours_is_tried_three_times_and_then_told() -> None:
    document = received(paper_pdf())

    def broken(path: Path) -> Extraction:
        raise RuntimeError("no reader today")

    for _ in range(3):
        pipeline.ingest(document.pk, read=broken)

    document.refresh_from_db()
    assert (document.state, document.outcome, document.attempts) == ("failed", "poison", 3)
    assert "RuntimeError" in document.message


@pytest.mark.django_db
def test_a_lost_file_is_told_and_brought_back_by_the_next_upload() -> None:
    content = paper_pdf("Lost and Found Again")
    document = received(content)
    default_storage.delete(document.stored_as)
    pipeline.ingest(document.pk, read=reads_as())
    document.refresh_from_db()
    assert (document.state, document.outcome) == ("failed", "lost")

    received(content)
    pipeline.ingest(document.pk, read=reads_as())

    document.refresh_from_db()
    assert document.state == "done"


@pytest.mark.django_db
def test_the_sweep_sends_again_only_what_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr("work.tell.send", lambda task, document: sent.append(document))
    messages_kept_since()  # the queue lost nothing since
    fresh = received(paper_pdf("Sent a Moment Ago"))
    forgotten = received(paper_pdf("Sent Long Ago"))
    Document.objects.filter(pk=forgotten.pk).update(sent_at=timezone.now() - timedelta(hours=1))

    pipeline.sweep()
    pipeline.sweep()

    assert sent == [forgotten.pk]
    assert Document.objects.get(pk=fresh.pk).state == "queued"


@pytest.mark.django_db
def test_one_message_is_enough_to_take_in_everything_that_was_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pipeline.ingest, "__kwdefaults__", {"read": reads_as()})
    documents = [received(paper_pdf(f"Forgotten Paper {number}")) for number in range(5)]
    Document.objects.exclude(pk=documents[-1].pk).update(
        sent_at=timezone.now() - timedelta(minutes=1)
    )

    assert pipeline.work(documents[-1].pk) == 5

    assert {document.state for document in Document.objects.all()} == {"done"}


@pytest.mark.django_db
def test_text_that_postgresql_refuses_does_not_stop_the_reading() -> None:
    document = received(paper_pdf())

    pipeline.ingest(
        document.pk,
        read=reads_as(
            title="Nulls\x00 and \ud800 Halves in Titles",
            warnings=["odd \x00 \udfff"],
            status=Status.OK_WITH_WARNINGS,
        ),
    )

    document.refresh_from_db()
    assert document.state == "done"
    assert Paper.objects.get().title == "Nulls and Halves in Titles"


@pytest.mark.django_db
def test_without_a_printed_year_the_newest_reference_lends_one_that_is_marked() -> None:
    from papers.pdf.extraction import Reference as Printed

    document = received(paper_pdf())
    entries = [Printed(raw=f"r{year}", year=year) for year in (2015, 2019, 2019, 2203)]

    pipeline.ingest(document.pk, read=reads_as(references=entries))

    paper = Paper.objects.get()
    assert paper.year == 2019
    assert paper.unconfirmed == ["year (that of the newest reference)"]


@pytest.mark.django_db
def test_a_withdrawn_paper_is_not_brought_back_by_its_pdf() -> None:
    make.paper(
        "Gates That Know When to Stop", authors=["Ada Example"], state="withdrawn", abstract=""
    )
    document = received(paper_pdf())

    pipeline.ingest(document.pk, read=reads_as(abstract="New words."))

    paper = Paper.objects.get()
    assert (paper.state, paper.abstract) == ("withdrawn", "")
