"""CSL-JSON as programs and people write it: each row a kind of slip, with its right value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from papers.formats import csl

ITEM = {"title": "Night Routing", "author": [{"family": "Erste", "given": "Anna", "suffix": None}]}


def test_items_of_damaged_json_are_read_one_by_one() -> None:
    lamp, night = '{"title": "Lamp"}', '{"title": "Night"}'

    def titles(text: str) -> list[str]:
        return [one.title for one in csl.read(text).citations]

    assert titles(f"{lamp}\n{night}") == ["Lamp", "Night"]
    assert titles(f"[{lamp}, {night},]") == ["Lamp", "Night"]
    damaged = csl.read(f'[{lamp}, {{"title": broken}}, {night}]')
    assert [one.title for one in damaged.citations] == ["Lamp", "Night"]
    assert len(damaged.problems) == 1


@pytest.mark.parametrize(
    "issued",
    [{"date-parts": [["2021-03"]]}, {"date-parts": [2021, 3]}, "2021-03-01", 2021,
     {"literal": "Spring 2021"}, {"year": 2021}, [{"date-parts": [[2021]]}],
     {"date-parts": [["2021", "3"]]}, {"raw": "c. 2021"}, {"date-time": "2021-03-01T00:00:00Z"},
     {"timestamp": 1614556800000}, {"timestamp": 1614556800}, {"date-parts": [[None]], "date-time": "2021-03"}],
)  # fmt: skip
def test_dates_of_csl(issued: object) -> None:
    (citation,) = csl.read(json.dumps([ITEM | {"issued": issued}])).citations

    assert citation.year == 2021
    assert [str(author) for author in citation.authors] == ["Anna Erste"]


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [["²"]]},
        {"date-parts": [[10**30]]},
        {},
        None,
        {"date-time": "soon"},
        {"timestamp": 10**30},
    ],
)
def test_a_date_that_is_none_is_left_out(issued: object) -> None:
    assert csl.read(json.dumps([ITEM | {"issued": issued}])).citations[0].year is None


def test_numbers_of_any_length_cost_their_item_alone() -> None:
    text = '[{"title": "A", "issued": {"date-parts": [[' + "9" * 5000 + "]]}}, " + json.dumps(ITEM)

    assert [one.title for one in csl.read(text + "]").citations] == ["A", "Night Routing"]


@pytest.mark.parametrize(
    ("author", "persons"),
    [
        ([{"name": "The Thrift Consortium"}], ["The Thrift Consortium"]),
        (["Anna Erste", "Zweite, Bo"], ["Anna Erste", "Bo Zweite"]),
        ({"family": "Erste", "given": "Anna"}, ["Anna Erste"]),
        ("Anna Erste and Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ([{"family": "Erste", "given": "Anna", "suffix": 3}], ["Anna Erste"]),
        ([{"family": "Erste", "given": "Anna", "suffix": "3rd"}], ["Anna Erste 3rd"]),
        ([None, 7, {}], []),
        ([[{"family": "Erste", "given": "Anna"}]], ["Anna Erste"]),
        ([{"lastName": "Erste", "firstName": "Anna"}], ["Anna Erste"]),
        ([{"literal": "Erste, Anna; Zweite, Bo"}], ["Anna Erste", "Bo Zweite"]),
    ],
)
def test_authors_of_csl(author: object, persons: list[str]) -> None:
    (citation,) = csl.read(json.dumps([{"title": "T", "author": author}])).citations

    assert [str(one) for one in citation.authors] == persons


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"items": [x]}, lambda x: {"message": x},
                                  lambda x: {"message": {"items": [x]}}])  # fmt: skip
def test_answers_of_services_are_unwrapped(wrap: Any) -> None:
    item = {
        "title": ['Night <i>Routing</i> in CO<sub>2</sub> &amp; <span class="nocase">MSDNet</span>']
    }

    assert csl.read(json.dumps(wrap(item))).citations[0].title == "Night Routing in CO₂ & MSDNet"


@pytest.mark.parametrize(
    "more",
    [
        {"literal": "et al"},
        {"literal": "等"},
        {"family": "Others"},
        {"family": "al.", "given": "et"},
    ],
)
def test_a_list_of_csl_that_goes_on_names_nobody_called_others(more: dict[str, str]) -> None:
    item = {"title": "Lamps", "author": [{"family": "Quill", "given": "Nora"}, more]}

    (read,) = csl.read(json.dumps([item])).citations

    assert ([str(author) for author in read.authors], read.and_others) == (["Nora Quill"], True)
