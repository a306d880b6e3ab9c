"""The page of the ledger reads plain values: they say what the records say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from kb.templatetags.ledger import number_row
from papers.models import Paper
from reproductions.ledger.query import FACETS, ORDERS, LedgerQuery, Links, count
from reproductions.ledger.rows import NumberRow, asked_rows
from reproductions.models import Claim, Judgement, PublishedNumber, Run
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> list[PublishedNumber]:
    """Of two papers: one that was judged, one with a claim, one of doubt, one of a hidden paper."""
    above = make.topic("early-exiting")
    below = make.topic("cascades", parent=above)
    first = make.paper("Counted", key="counted2018", topics=[above])
    second = make.paper("Exits", key="exits2019", topics=[below], year=2019)
    hidden = make.paper("Hidden", key="hidden2020", topics=[below], state=Paper.State.HIDDEN)
    judged = make.number(first, state="within", convention="multiply-adds")
    claimed = make.number(second, metric="params", task="classification", data_set="ImageNet")
    doubted = make.number(second, second_hand=True, table_of="other2017", measure="top-1")
    of_hidden = make.number(hidden)
    run = Run.objects.create(
        program="count", scale="exact", seed=1, device="cpu", state="finished",
        finished_at=now(), origin=Run.Origin.RECORDED,
    )  # fmt: skip
    tested = {
        "program": "count", "metric": "madds", "scale": "exact", "basis": "so",
        "rule": {"kind": "relative", "within": 0.01}, "explanation": "as <it> is",
    }  # fmt: skip
    claim = Claim.objects.create(identifier="one", number=judged, **tested)
    Claim.objects.create(identifier="two", number=claimed, **tested)
    judged.judgement = Judgement.objects.create(
        run=run, claim=claim, verdict="within", reason="near", sentence="Near.", unit="M",
        published=317, measured=318.5, values=[318.0, 319.0], relative=0.0047, rules_version="1",
    )  # fmt: skip
    judged.save()
    return [judged, claimed, doubted, of_hidden]


def rows(query: LedgerQuery, user: Any = None) -> list[NumberRow]:
    return [NumberRow.of(row) for row in asked_rows(query, user, 0, 40)]


@pytest.mark.parametrize("shown", [{}, {"with_paper": True}, {"counted": True, "explained": True}])
def test_a_row_of_plain_values_is_that_of_the_record(
    numbers: list[PublishedNumber], shown: dict[str, bool]
) -> None:
    records = {number.slug: number for number in PublishedNumber.objects.for_rows()}
    read = rows(LedgerQuery())

    assert len(read) == 3
    for row in read:
        assert number_row(row, **shown) == number_row(records[row.slug], **shown)
    assert "as &lt;it&gt; is" in number_row(read[0], explained=True).lower()


@pytest.mark.parametrize("order", ORDERS)
def test_rows_stand_in_the_order_asked_for(numbers: list[PublishedNumber], order: str) -> None:
    query = LedgerQuery(order=order)

    expected = list(query.numbers().values_list("slug", flat=True))

    assert [row.slug for row in rows(query)] == expected
    assert [NumberRow.of(row).slug for row in asked_rows(query, None, 1, 1)] == expected[1:2]


def test_what_a_curator_sees_is_shown_to_nobody_else(numbers: list[PublishedNumber]) -> None:
    curator = make.member("cora", "curators")
    query = LedgerQuery(metric="madds")

    assert count(query, curator) == len(rows(query, curator)) == 3
    assert count(query) == len(rows(query)) == 2
    assert count(query, make.member("mia")) == 2


def test_numbers_of_a_topic_are_those_at_it_and_below(numbers: list[PublishedNumber]) -> None:
    assert count(LedgerQuery(topic="early-exiting")) == 3
    assert count(LedgerQuery(topic="cascades")) == 2
    assert count(LedgerQuery(topic="early")) == count(LedgerQuery(topic="%")) == 0


def test_a_topic_that_is_not_here_finds_nothing(client: Client, numbers: object) -> None:
    for address in ("/numbers/", "/api/v1/numbers/", "/numbers.csv", "/numbers.json"):
        assert client.get(address, {"topic": "nope"}).status_code == 200, address
    assert b"No published number matches" in client.get("/numbers/?topic=nope").content


@pytest.mark.parametrize("facet", FACETS)
def test_links_of_a_facet_ask_what_the_changed_question_asks(facet: str) -> None:
    full = LedgerQuery(text="a & ␚", **dict.fromkeys(FACETS, "b c/ö"), order="year")
    for query in (LedgerQuery(), full):
        expected = query.address(**{facet: "x&y z"})
        assert Links.of(query, facet).taking("x&y z") == expected
