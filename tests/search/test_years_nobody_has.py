"""A year of which there is no paper: what the page, the API and exports say."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> None:
    make.paper("Early gates", year=1991)
    make.paper("Late gates in 2099", year=2024)


@pytest.mark.parametrize(
    ("q", "years"),
    [
        ("2099", "year 2099"),
        ("gates 2049", "year 2049"),
        ("year:1992", "year 1992"),
        ("year:2050..2060", "years 2050–2060"),
        ("year:2050..", "years from 2050"),
        ("year:1950,2050", "years 1950 or 2050"),
    ],
)
def test_it_is_said_which_years_there_are(papers: None, find: Find, q: str, years: str) -> None:
    results = find(q)

    assert results.total == 0
    assert f"No paper here is of the {years}; the earliest is of 1991, the latest of 2024." in (
        results.notice
    )


def test_years_of_the_facet_count_too(papers: None, find: Find) -> None:
    assert "of the years from 2050;" in find("gates", year_from="2050").notice


def test_a_lone_number_can_still_be_looked_for(papers: None, find: Find) -> None:
    assert '"2099" in quotation marks' in find("2099").notice
    assert titles(find('"2099"')) == ["Late gates in 2099"]


def test_years_are_not_blamed_where_there_are_papers(papers: None, find: Find) -> None:
    assert "No paper here is of" not in find("author:nobody 1991").notice


def test_the_page_says_so_and_names_no_condition_to_take_away(papers: None) -> None:
    page = Client().get("/papers/?q=2099").content.decode()

    assert "No paper here is of the year 2099" in page
    assert "No paper fits this." in page
    assert "Take a condition away" not in page
