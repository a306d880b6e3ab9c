"""Names as strings, and deadlines as instants."""

import datetime as dt

import pytest

from papers.names import family_name, fold, given_names, may_be_same, slug
from papers.versions import arxiv_year
from papers.workshops.deadlines import end_of


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", False),
        ("Bartosz Wojcik", "Bartosz Wójcik", True),
        ("Maciej Wolczyk", "Maciej Wołczyk", True),
        ("Thomas Huang", "Thomas S. Huang", True),
        ("G. Huang", "Gao Huang", True),
        ("Gao Huang", "Gao Huang", False),
        ("Gao Huang", "Xuanjing Huang", False),
        ("Thomas A. Huang", "Thomas S. Huang", False),
        ("Huang", "Gao Huang", False),
        ("黄高", "黄高", False),
    ],
)
def test_spellings_that_may_name_one_person(one: str, other: str, same: bool) -> None:
    assert may_be_same(one, other) is same
    assert may_be_same(other, one) is same


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  Ł.  Kaiser ", "l kaiser"),
        ("Dynamic-Neural   Networks: A Survey", "dynamic neural networks a survey"),
        ("早退机制", "早退机制"),
        ("Straße", "strasse"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_family_names_keep_their_particles() -> None:
    assert family_name("Gerard de Melo") == "de Melo"
    assert given_names("Gerard de Melo") == "Gerard"
    assert family_name("Plato") == "Plato"


def test_a_name_without_latin_letters_has_no_slug() -> None:
    assert slug("黄高") == ""


@pytest.mark.parametrize(
    ("date", "note", "instant"),
    [
        ("2022-05-31", "Anywhere on Earth", "2022-06-01T12:00+00:00"),
        ("2021-02-28", "11:59 pm UTC-11", "2021-03-01T10:59+00:00"),
        ("2022-05-30", "11:59 pm Pacific Time; struck through before", "2022-05-31T06:59+00:00"),
        ("2022-05-30", "12:30 am UTC+2", "2022-05-29T22:30+00:00"),
        ("2022-05-30", "AoE", "2022-05-31T12:00+00:00"),
        ("2022-05-31", "17 Uhr UTC", "2022-05-31T17:00+00:00"),
        ("2022-05-31", "17 heures UTC", "2022-05-31T17:00+00:00"),
        ("2022-05-31", "17点 UTC", "2022-05-31T17:00+00:00"),
        ("2022-05-31", "2359 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "1700 hrs UTC", "2022-05-31T17:00+00:00"),
        ("2022-05-31", "23：59 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "晚上11:59 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "AoE 晚上 23：59", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "下午5点 UTC", "2022-05-31T17:00+00:00"),
        ("2022-05-31", "上午9:00 UTC", "2022-05-31T09:00+00:00"),
        ("2022-05-31", "晚上12点 AoE", "2022-06-01T12:00+00:00"),
        ("2022-05-31", "11:59 PM, Anywhere-on-Earth", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "31 May 2022 AoE", "2022-06-01T12:00+00:00"),
        ("2022-05-31", "was 24 May, 23:59 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "extended from May 24th; 23:59 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "31 May 23:59 AoE = 1 June 11:59 UTC", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "5月31日 23:59 AoE", "2022-06-01T11:59+00:00"),
        ("2022-05-31", "you may 2 times submit, 23:59 AoE", "2022-06-01T11:59+00:00"),
    ],
)
def test_deadlines_end_at_the_instant_their_zone_says(date: str, note: str, instant: str) -> None:
    assert end_of(dt.date.fromisoformat(date), note) == dt.datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "note",
    ["3 June 23:59 AoE", "June 3rd, 11:59 pm AoE", "6月3日 23:59 AoE", "2022-06-03 AoE",
     "AoE, 1st of June"],
)  # fmt: skip
def test_a_note_that_names_another_day_leaves_the_instant_unknown(note: str) -> None:
    assert end_of(dt.date(2022, 5, 31), note) is None


def test_a_date_without_zone_has_no_instant() -> None:
    assert end_of(dt.date(2022, 6, 13), "contributed and spotlight talks") is None


@pytest.mark.parametrize(
    ("arxiv", "year"), [("1812.08928", 2018), ("cs/9901001", 1999), ("2102.04906", 2021)]
)
def test_the_year_of_an_arxiv_id(arxiv: str, year: int) -> None:
    assert arxiv_year(arxiv) == year
