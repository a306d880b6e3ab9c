"""Completions of what is typed."""

from __future__ import annotations

import pytest

from papers.search import suggest
from tests import make
from tests.search.conftest import Find

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def field(find: Find) -> None:
    exits = make.topic("Early exiting", slug="early-exiting", zh="早退机制", aliases=["cascades"])
    make.paper("Skipping layers early", authors=["Gao Huang", "Aña Núñez"], topics=[exits])
    make.paper("Token pruning", authors=["黄高"], venue=make.venue("NeurIPS"))
    make.workshop(slug="dynn-2022")
    find()


def values(typed: str) -> list[str]:
    return [one.value for one in suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("early", "topic:early-exiting"),
        ("cascad", "topic:early-exiting"),
        ("早退", "topic:early-exiting"),
        ("topic:exit", "topic:early-exiting"),
        ("layers topic:exit", "layers topic:early-exiting"),
        ("gao hu", "author:gao-huang"),
        ("author:hua", "author:gao-huang"),
        ("nunez", "author:ana-nunez"),
        ("黄", "author:"),
        ("neur", "venue:neurips"),
        ("venue:neur", "venue:neurips"),
        ("workshop:dynn", "workshop:dynn-2022"),
        ("has:co", "has:code"),
        ("yea", "year:"),
        ("skipping lay", 'title:"Skipping layers early"'),
    ],
)
def test_what_is_typed_is_completed(typed: str, value: str) -> None:
    assert any(one.startswith(value) for one in values(typed))


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "zzzz", "year:", '"', "-", "author:", "(((", "\x00"]
)
def test_odd_beginnings_do_no_harm(typed: str) -> None:
    assert len(suggest(typed)) <= 8


def test_a_suggestion_leads_to_its_page() -> None:
    assert "/topics/early-exiting/" in [one.url for one in suggest("early exit")]
