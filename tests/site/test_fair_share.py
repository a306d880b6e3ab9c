"""One reader cannot take the site from the others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from papers.ingest import leasing, pipeline
from papers.ingest.receive import receive
from papers.models import Document
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db
FAR, FURTHER = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def quota(settings: Any) -> None:
    cache.clear()
    settings.KB_PAGE_RATE = "3/h"


def statuses(client: Client, times: int, **sender: str) -> list[int]:
    return [client.get("/about/", **sender).status_code for _ in range(times)]


def test_who_asks_for_more_pages_than_anybody_reads_is_told_to_wait_and_nobody_else() -> None:
    assert statuses(Client(), 5, **FAR) == [200, 200, 200, 429, 429]

    refused = Client().get("/about/", **FAR)

    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert "no-store" in refused.headers["Cache-Control"]
    assert f"Wait {refused.headers['Retry-After']} seconds" in refused.content.decode()
    assert statuses(Client(), 1, **FURTHER) == [200]


def test_a_member_has_a_quota_of_their_own_wherever_they_are() -> None:
    mia, ben = Client(), Client()
    mia.force_login(make.member("mia"))
    ben.force_login(make.member("ben"))
    assert statuses(Client(), 4, **FAR)[-1] == 429

    assert statuses(mia, 3, **FAR) == [200, 200, 200]
    assert statuses(mia, 1, **FURTHER) == [429]
    assert statuses(ben, 1, **FAR) == [200]


def test_readers_on_this_machine_and_signs_of_life_are_not_counted() -> None:
    assert set(statuses(Client(), 6)) == {200}
    assert [Client().get("/healthz?part=database", **FAR).status_code for _ in range(6)] == [
        200
    ] * 6


def test_forwarding_headers_of_strangers_buy_no_more_pages() -> None:
    codes = [
        Client().get("/about/", headers={"x-forwarded-for": f"10.0.0.{n}"}, **FAR).status_code
        for n in range(5)
    ]

    assert codes[-1] == 429


def test_nought_means_no_limit(settings: Any) -> None:
    settings.KB_PAGE_RATE = "0/min"

    assert set(statuses(Client(), 6, **FAR)) == {200}


def sent(title: str, by: Any = None) -> Document:
    return receive(io.BytesIO(paper_pdf(title)), name="paper.pdf", by=by).document


def test_who_sends_one_paper_is_not_behind_the_many_of_somebody_else(monkeypatch: Any) -> None:
    many, one = make.member("many"), make.member("one")
    operators = sent("What the Operator Brought")
    first, second, third = (sent(f"One of Many, Part {n}", many) for n in range(3))
    only = sent("The Only One", one)
    taken: list[int] = []

    def take(pk: int) -> Document | None:
        taken.append(pk)
        Document.objects.filter(pk=pk).update(state=Document.State.DONE)
        return None

    monkeypatch.setattr(pipeline, "ingest", take)
    monkeypatch.setattr(pipeline, "forgotten", Document.objects.none)
    for told in (operators, first, second, third, only):  # as messages come
        pipeline.work(told.pk)

    assert taken == [document.pk for document in (first, only, second, third, operators)]


def test_a_message_for_a_document_that_is_done_brings_no_other_to_harm() -> None:
    document = sent("Done Already")
    Document.objects.update(state=Document.State.DONE)

    assert leasing.next_in_turn(document.pk) == document.pk
