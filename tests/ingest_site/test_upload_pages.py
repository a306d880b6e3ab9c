"""The upload trip through HTTP: send, watch, read, decide, fetch the file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from papers.ingest import pipeline
from papers.ingest.receive import receive
from papers.ingest.record import record
from papers.models import (
    Conflict,
    Document,
    Paper,
    TopicSuggestion,
    WaitingWork,
)
from papers.pdf.confined.pool import ReaderPool
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf
from tests.ingest_site.test_matching import msdnet
from tests.ingest_site.test_matching import pdf as candidate
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ingest_site.urls")]


def file(title: str = "Gates That Know When to Stop", name: str = "gates.pdf") -> Any:
    return SimpleUploadedFile(name, paper_pdf(title), "application/pdf")


def test_an_upload_becomes_a_paper_page_once_accepted_and_the_polling_ends(
    sender: Client, curator: Client, readers: ReaderPool
) -> None:
    page = sender.post("/upload/", {"files": [file()]}, follow=True).content.decode()
    assert "1 file received." in page
    assert "Waiting" in page
    assert 'hx-trigger="load delay:1500ms, refresh"' in page

    document = Document.objects.get()
    pipeline.ingest(document.pk, read=readers.read)

    fragment = flat(sender.get("/upload/yours").content.decode())
    assert 'hx-trigger="refresh"' in fragment
    assert "Read: waits for a curator" in flat(fragment)
    assert "Gates That Know When to Stop" in fragment
    curator.post(f"/waiting/{WaitingWork.objects.get().pk}/decide", {"decision": "accept"})
    fragment = flat(sender.get("/upload/yours").content.decode())
    assert "New paper" in fragment
    assert "2 references, 0 of them here" in fragment
    status = sender.get(f"/upload/{document.pk}/status").content.decode()
    assert "hx-get" not in status
    assert (
        "Gates That Know When to Stop"
        in sender.get(Paper.objects.get().get_absolute_url()).content.decode()
    )


def test_many_files_of_one_plain_form_are_judged_one_by_one(sender: Client) -> None:
    files = [file("One of Many", "one.pdf"), file("Two of Many", "two.pdf")]
    files.append(SimpleUploadedFile("notes.txt", b"hello"))

    page = sender.post("/upload/", {"files": files}, follow=True).content.decode()

    assert "2 files received." in page
    assert "notes.txt: The file is not a PDF. Upload the paper as PDF." in page
    assert sorted(Document.objects.values_list("name", flat=True)) == ["one.pdf", "two.pdf"]


def test_a_file_above_the_limit_is_named_and_never_stored(sender: Client, settings: Any) -> None:
    settings.KB_UPLOAD_MEGABYTES = 1
    big = SimpleUploadedFile("big.pdf", b"%PDF-1.7" + b"0" * (2 * 2**20))

    page = sender.post("/upload/", {"files": [big, file()]}, follow=True).content.decode()
    answer = sender.post("/upload/file", {"file": SimpleUploadedFile("b.pdf", b"%PDF" * 2**19)})

    assert "big.pdf: The file is larger than 1 MB." in page
    assert Document.objects.get().name == "gates.pdf"
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_the_scripted_page_gets_a_sentence_for_each_file(sender: Client) -> None:
    first = sender.post("/upload/file", {"file": file()})
    again = sender.post("/upload/file", {"file": file()})
    wrong = sender.post("/upload/file", {"file": SimpleUploadedFile("x.pdf", b"PK\x03\x04")})
    none = sender.post("/upload/file", {})

    assert first.json()["message"] == "Received."
    assert again.json() == first.json() | {"message": "Here already."}
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-a-pdf")
    assert (none.status_code, none.json()["message"]) == (400, "No file arrived.")


def test_without_a_csrf_token_nothing_is_taken(account: Callable[..., Any]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("ada"))

    answers = [
        strict.post(path, {"files": [file()], "file": file()})
        for path in ("/upload/", "/upload/file")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Document.objects.exists()


def test_strangers_are_asked_to_sign_in_and_cannot_send(client: Client) -> None:
    page = client.get("/upload/")
    sent = client.post("/upload/", {"files": [file()]})
    one = client.post("/upload/file", {"file": file()})

    assert "Sign in" in page.content.decode()
    assert (sent.status_code, one.status_code) == (403, 403)
    assert not Document.objects.exists()


def test_an_account_out_of_use_cannot_send_or_import(
    client: Client, account: Callable[..., Any]
) -> None:
    gone = account("gone")
    client.force_login(gone)
    gone.is_active = False
    gone.save()

    assert client.post("/upload/file", {"file": file()}).status_code == 403
    answer = client.post("/import/", {"asked": "1703.09844"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_document_is_seen_by_its_senders_and_curators_only(
    sender: Client, curator: Client, client: Client, account: Callable[..., Any]
) -> None:
    sender.post("/upload/file", {"file": file()})
    other = Client()
    other.force_login(account("ben"))
    pk = Document.objects.get().pk
    paths = [f"/documents/{pk}/", f"/documents/{pk}/file", f"/upload/{pk}/status"]

    def answers(who: Client) -> list[int]:
        return [who.get(path).status_code for path in paths]

    assert answers(sender) == answers(curator) == [200, 200, 200]
    assert answers(other) == answers(Client()) == [404, 404, 404]
    assert "gates.pdf" not in other.get("/upload/yours").content.decode()


def test_an_uploaded_file_is_served_sandboxed_and_to_this_site_only(sender: Client) -> None:
    content = paper_pdf()
    sender.post("/upload/file", {"file": SimpleUploadedFile('a"b;c.pdf', content)})

    answer = sender.get(f"/documents/{Document.objects.get().pk}/file")

    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert "\n" not in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("licence", "fields", "status", "where"),
    [
        ("CC-BY-4.0", {}, 200, ""),
        ("", {"arxiv": "1703.09844"}, 302, "https://arxiv.org/pdf/1703.09844"),
        ("all-rights-reserved", {"doi": "10.1109/x.1"}, 302, "https://doi.org/10.1109/x.1"),
        ("", {}, 404, ""),
    ],
)
def test_the_public_pdf_is_served_only_where_the_licence_allows(
    client: Client, licence: str, fields: dict[str, str], status: int, where: str
) -> None:
    document = receive(io.BytesIO(paper_pdf()), name="a.pdf", licence=licence).document
    paper = make.paper(key="example2023gates", **fields)
    Document.objects.filter(pk=document.pk).update(paper=paper, state="done")

    answer = client.get("/papers/example2023gates/example2023gates.pdf")

    assert (answer.status_code, answer.get("Location", "")) == (status, where)
    if status == 200:
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert answer["Content-Length"] == str(document.size_bytes)


def test_the_pdf_of_a_hidden_paper_is_not_served(client: Client) -> None:
    document = receive(io.BytesIO(paper_pdf()), name="a.pdf", licence="CC0-1.0").document
    paper = make.paper(key="hidden2020", state="hidden")
    Document.objects.filter(pk=document.pk).update(paper=paper, state="done")

    assert client.get("/papers/hidden2020/hidden2020.pdf").status_code == 404


def test_the_desk_lists_failures_conflicts_and_suggestions_for_curators_only(
    curator: Client, sender: Client
) -> None:
    failed = receive(io.BytesIO(paper_pdf("A Poison")), name="poison.pdf").document
    Document.objects.filter(pk=failed.pk).update(state="failed", outcome="poison")
    paper = msdnet()
    record(candidate(year=2020))
    topic = make.topic("Early exiting")
    evidence = {"neighbours": [{"key": paper.key, "title": "Near", "similarity": 0.8}]}
    TopicSuggestion.objects.create(paper=paper, topic=topic, confidence=0.7, evidence=evidence)

    page = curator.get("/documents/").content.decode()

    assert "poison.pdf" in page
    assert "2020" in page
    assert "70 % likely" in page
    assert sender.get("/documents/").status_code == 403
    assert Client().get("/documents/").status_code == 302


def test_a_curator_retries_a_failed_document(curator: Client, sender: Client) -> None:
    document = receive(io.BytesIO(paper_pdf()), name="a.pdf").document
    Document.objects.filter(pk=document.pk).update(state="failed", outcome="poison", attempts=3)

    assert sender.post(f"/documents/{document.pk}/retry").status_code == 403
    curator.post(f"/documents/{document.pk}/retry")

    document.refresh_from_db()
    assert (document.state, document.attempts, document.outcome) == ("queued", 0, "")


def test_a_conflict_is_decided_in_one_click_and_a_second_click_does_nothing(
    curator: Client, sender: Client
) -> None:
    paper = msdnet(year=2018)
    record(candidate(year=2020))
    path = f"/conflicts/{Conflict.objects.get().pk}/"

    assert sender.post(path, {"decision": "accept"}).status_code == 403
    curator.post(path, {"decision": "accept"})
    page = curator.post(path, {"decision": "decline"}, follow=True).content.decode()

    paper.refresh_from_db()
    assert paper.year == 2020
    assert "Somebody has decided that already." in page


def test_a_suggested_topic_is_accepted_in_one_click(curator: Client) -> None:
    paper, topic = msdnet(), make.topic("Early exiting")
    suggestion = TopicSuggestion.objects.create(paper=paper, topic=topic, confidence=0.7)

    answer = curator.post(
        f"/suggestions/{suggestion.pk}/", {"decision": "accept", "next": "https://evil.example/"}
    )

    assert answer["Location"] == paper.get_absolute_url()
    assert [placed.topic for placed in paper.placements.all()] == [topic]


def test_the_list_of_uploads_takes_as_many_queries_for_one_as_for_three(
    sender: Client, django_assert_num_queries: Any, readers: ReaderPool
) -> None:
    def send(number: int) -> None:
        sender.post("/upload/file", {"file": file(f"Paper Number {number} of Several")})
        pipeline.ingest(Document.objects.latest("pk").pk, read=readers.read)

    send(1)
    with django_assert_num_queries(3):
        sender.get("/upload/yours")
    send(2)
    send(3)
    with django_assert_num_queries(3):
        page = flat(sender.get("/upload/yours").content.decode())
    assert page.count("Read: waits for a curator") == 3


def test_the_missing_list_leads_to_the_import(client: Client, readers: ReaderPool) -> None:
    document = receive(io.BytesIO(paper_pdf()), name="a.pdf").document
    pipeline.ingest(document.pk, read=readers.read)

    page = client.get("/documents/missing/").content.decode()

    assert "Adaptive computation time for recurrent neural networks" in page
    assert "/import/?asked=arXiv%3A1603.08983" in page


def test_hostile_names_and_titles_are_shown_as_text(sender: Client, curator: Client) -> None:
    name = "<script>alert(1)</script>.pdf"
    sender.post("/upload/file", {"file": SimpleUploadedFile(name, paper_pdf())})
    document = Document.objects.get()
    Document.objects.update(state="failed", outcome="malformed", message="<b>x</b>")

    pages = [
        sender.get("/upload/"),
        sender.get(f"/documents/{document.pk}/"),
        curator.get("/documents/"),
    ]

    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "<b>x</b>" not in page.content.decode()


def test_every_hostile_file_is_answered_in_words(
    sender: Client, readers: ReaderPool, bench_folder: Path
) -> None:
    for path in sorted((bench_folder / "hostile").glob("*.pdf")):
        with path.open("rb") as content:
            answer = sender.post("/upload/file", {"file": content})
        assert answer.status_code in (200, 422), path.name
        assert answer.json()["message"]
    for document in Document.objects.all():
        pipeline.ingest(document.pk, read=readers.read)

    assert not Document.objects.active().exists()
    assert not Document.objects.filter(state="failed", message="").exists()
    assert not Document.objects.filter(outcome="poison").exists()
    assert sender.get("/upload/").status_code == 200


def test_the_admin_lists_failed_documents_and_reads_chosen_ones_again(curator: Client) -> None:
    failed = receive(io.BytesIO(paper_pdf("A Poison")), name="poison.pdf").document
    fine = receive(io.BytesIO(paper_pdf("A Good One")), name="good.pdf").document
    Document.objects.filter(pk=failed.pk).update(
        state="failed", outcome="poison", message="It ended its process.", attempts=3
    )
    path = "/admin/papers/document/"

    listed = curator.get(path, {"state__exact": "failed"}).content.decode()
    told = curator.post(
        path, {"action": "retry", "_selected_action": [failed.pk, fine.pk]}, follow=True
    )

    assert "poison.pdf" in listed
    assert "It ended its process." in listed
    assert "good.pdf" not in listed
    assert "1 read again: poison.pdf." in told.content.decode()
    assert Document.objects.get(pk=failed.pk).state == "queued"
    assert curator.get(f"{path}{failed.pk}/change/").status_code == 200
    assert curator.post(f"{path}{failed.pk}/delete/", {"post": "yes"}).status_code == 403
