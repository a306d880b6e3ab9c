"""POST /api/v1/documents/ and the status resource."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import IdempotencyKey
from kb.tasks import forget_old_keys
from papers.models import Document
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ingest_site.urls")]
PATH = "/api/v1/documents/"


def send(client: Client, title: str = "Gates That Know When to Stop", **headers: str) -> Any:
    file = SimpleUploadedFile("gates.pdf", paper_pdf(title), "application/pdf")
    return client.post(PATH, {"file": file, "licence": "CC-BY-4.0"}, headers=headers)


def test_a_sent_pdf_is_accepted_with_the_address_of_its_status(sender: Client) -> None:
    answer = send(sender)

    document = Document.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"http://testserver{PATH}{document.pk}/"
    assert answer["Retry-After"] == "2"
    body = answer.json()
    assert (body["state"], body["name"], body["licence"]) == ("queued", "gates.pdf", "CC-BY-4.0")
    assert sender.get(answer["Location"]).json() == body


def test_a_bare_pdf_is_taken_as_well(sender: Client) -> None:
    answer = sender.post(
        PATH,
        paper_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="bare.pdf"'},
    )

    assert answer.status_code == 202
    assert Document.objects.get().name == "bare.pdf"


def test_the_same_bytes_always_get_the_same_answer(sender: Client) -> None:
    assert send(sender).json() == send(sender).json()
    assert Document.objects.count() == 1


def test_a_repeated_key_gets_the_first_answer_even_after_the_state_changed(sender: Client) -> None:
    first = send(sender, **{"Idempotency-Key": "k1"})
    Document.objects.update(state="failed", outcome="malformed")

    again = send(sender, **{"Idempotency-Key": "k1"})
    other = send(sender, "Another Paper Altogether", **{"Idempotency-Key": "k1"})

    assert (again.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    assert "used with another request" in other.json()["detail"]
    assert Document.objects.count() == 1
    assert again["Idempotency-Replayed"] == "true"
    assert (again["Location"], again["Retry-After"]) == (first["Location"], "2")


def test_a_key_belongs_to_the_file_and_its_licence_not_to_the_form_around_it(
    sender: Client,
) -> None:
    first = send(sender, **{"Idempotency-Key": "k1"})
    bare = sender.post(
        PATH,
        {"file": SimpleUploadedFile("gates.pdf", paper_pdf(), "application/pdf")},
        headers={"Idempotency-Key": "k1"},
    )
    elsewhere = sender.post(
        "/api/v1/lists/", {"name": "x"}, "application/json", headers={"Idempotency-Key": "k1"}
    )

    assert (first.status_code, bare.status_code, elsewhere.status_code) == (202, 422, 422)
    assert send(sender, **{"Idempotency-Key": "k1"}).json() == first.json()


def test_a_refused_file_leaves_its_key_free(sender: Client) -> None:
    refused = sender.post(PATH, b"hello", "application/pdf", headers={"Idempotency-Key": "k1"})

    assert refused.status_code == 422
    assert send(sender, **{"Idempotency-Key": "k1"}).status_code == 202


def test_keys_of_two_people_do_not_meet(sender: Client, account: Callable[..., Any]) -> None:
    ben = Client()
    ben.force_login(account("ben"))
    send(sender, **{"Idempotency-Key": "k1"})

    assert send(ben, "Another Paper Altogether", **{"Idempotency-Key": "k1"}).status_code == 202


def test_keys_are_forgotten_after_a_day(sender: Client) -> None:
    send(sender, **{"Idempotency-Key": "k1"})
    IdempotencyKey.objects.update(made_at=timezone.now() - timedelta(hours=25))

    forget_old_keys()

    assert not IdempotencyKey.objects.exists()
    assert send(sender, "Another Paper Altogether", **{"Idempotency-Key": "k1"}).status_code == 202


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}], ids=["plain", "one-key"])
def test_fifty_parallel_posts_give_one_document_and_fifty_equal_answers(
    account: Callable[..., Any], headers: dict[str, str]
) -> None:
    user = account("ada")
    content = paper_pdf("Fifty Posts at Once")

    def post(number: int) -> tuple[int, Any]:
        client = Client()
        client.force_login(user)
        try:
            answer = client.post(PATH, content, "application/pdf", headers=headers)
            return answer.status_code, answer.json() if headers else answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(post, range(50)))

    assert answers == [answers[0]] * 50
    assert answers[0][0] == 202
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "kind", "status", "words"),
    [
        (b"hello", "application/pdf", 422, "not a PDF"),
        (b"", "application/pdf", 400, "as the body"),
        (b"%PDF" * 2**19, "application/pdf", 413, "larger than 1 MB"),
        (b"{}", "application/json", 415, "Unsupported media type"),
        (b"--x--", "multipart/form-data; boundary=x", 400, "form field"),
    ],
)
def test_what_is_not_taken_is_told_as_a_problem(
    sender: Client, settings: Any, data: bytes, kind: str, status: int, words: str
) -> None:
    settings.KB_UPLOAD_MEGABYTES = 1

    answer = sender.post(PATH, data, content_type=kind)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert not Document.objects.exists()


def test_who_may_not_send_or_see_gets_a_problem(
    sender: Client, account: Callable[..., Any]
) -> None:
    other, stranger = Client(), Client()
    other.force_login(account("ben"))
    number = send(sender).json()["id"]

    assert send(stranger).status_code == 401
    assert [who.get(f"{PATH}{number}/").status_code for who in (other, stranger)] == [404, 401]
    assert other.get(PATH).json()["results"] == []
    assert [row["id"] for row in sender.get(PATH).json()["results"]] == [number]


def test_the_list_is_paged_and_filtered_like_the_others(sender: Client) -> None:
    for number in range(3):
        send(sender, f"Paper Number {number}")

    page = sender.get(PATH, {"per_page": 2}).json()
    rest = sender.get(page["next"]).json()

    assert (len(page["results"]), len(rest["results"]), rest["next"]) == (2, 1, None)
    assert sender.get(PATH, {"state": "done"}).json()["results"] == []
    assert sender.get(PATH, {"state": "gone"}).status_code == 400


def test_one_too_many_a_day_is_told_to_wait(sender: Client, settings: Any) -> None:
    settings.KB_DAILY_UPLOADS = 1
    send(sender)

    answer = send(sender, "One Too Many Today")

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert "An account may send 1 in 24 hours" in answer.json()["detail"]
    assert 0 < int(answer["Retry-After"]) <= 24 * 3600
    assert send(sender).status_code == 202
