"""Small pieces of pages: charts of years, links, differences, shapes of verdicts."""

from __future__ import annotations

import itertools

import pytest

from kb.templatetags.ledger import verdict_word
from kb.templatetags.reading import TALLEST, differences, is_primary, linked, years_chart


def test_a_year_alone_makes_no_chart() -> None:
    assert years_chart({2020: 3})["bars"] == []


def test_bars_are_as_high_as_their_share_and_never_vanish() -> None:
    bars = years_chart({2018: 1, 2020: 400})["bars"]

    assert [bar["height"] for bar in bars] == [1, 0, TALLEST]


@pytest.mark.parametrize("span", [2, 5, 8, 9, 16, 17, 24, 36, 60, 120])
def test_printed_years_never_touch(span: int) -> None:
    """In the narrowest place a column has 290 px divided by the years; a year needs 34 px."""
    bars = years_chart({2026 - span + 1: 1, 2026: 1})["bars"]

    places = [place for place, bar in enumerate(bars) if bar["named"]]
    assert places[0] == 0 and places[-1] == span - 1
    inner = places[1:-1]
    assert all((b - a) * 290 / span >= 34 for a, b in itertools.pairwise(inner))
    beside_the_outer = 34 if span <= 8 else 51
    assert all(place * 290 / span >= beside_the_outer for place in inner)
    assert all((span - 1 - place) * 290 / span >= beside_the_outer for place in inner)


def test_text_leads_to_its_target_where_there_is_one() -> None:
    assert linked("/a/?b=1&c=2", "<b>") == '<a href="/a/?b=1&amp;c=2">&lt;b&gt;</a>'
    assert linked(None, "<b>") == linked("", "<b>") == "&lt;b&gt;"


def test_differences_are_marked_and_escaped() -> None:
    drawn = differences([("same", "a <"), ("gone", "b"), ("new", "c")])

    assert drawn == '<span class="pieces">a &lt;<del>b</del> <ins>c</ins></span>'
    assert "the same" in differences([])


def test_every_verdict_has_a_shape_of_its_own() -> None:
    states = ["exact", "within", "reproduced", "partial", "direction", "outside"]
    states += ["consistent", "sources-disagree", "not-run"]

    assert len({verdict_word(state) for state in states}) == len(states)


def test_one_button_of_an_account_page_is_the_primary_one() -> None:
    assert is_primary({"type": "submit"})
    assert is_primary({"type": "submit", "tags": ["prominent", "login"]})
    assert not is_primary({"tags": ["prominent", "login", "outline"]})
    assert not is_primary({"tags": ["danger", "delete"]})
