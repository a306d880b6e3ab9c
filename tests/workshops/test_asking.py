"""What the forms ask about instead of guessing: days in remarks, and names that may be turned."""

from __future__ import annotations

import pytest

from kb.pages.workshops.editing import reading
from kb.pages.workshops.editing.forms import FORMS
from papers.workshops.typed_names import typed_names
from tests.workshops.organising import edit, published

MAY = {"label": "Papers due", "date": "2027-05-01"}


def asked(sent: dict[str, str], *known: dict[str, str]) -> dict[str, str]:
    """What is told of one row of the form of dates, by the names of its boxes."""
    data = {f"row-0-{name}": value for name, value in sent.items()}
    place = {"row-0-was": "0"} if known else {}
    return reading.sent(FORMS["dates"], data | place, {"important_dates": list(known)}).told


@pytest.mark.parametrize(
    "note",
    [
        *("3 June 23:59 AoE", "June 3rd, 11:59 pm AoE", "extended to 8 May", "延长至5月8日"),
        *("2027-05-08, firm", "abstracts by 24 April"),
    ],
)
def test_a_remark_that_names_another_day_is_asked_about(note: str) -> None:
    told = asked(MAY | {"note": note})

    assert list(told) == ["row-0-note"]
    assert "Change the day" in told["row-0-note"]


@pytest.mark.parametrize(
    "note",
    [
        *("1 May 23:59 AoE", "was 24 April", "extended from 24 April to 1 May", "原定于4月24日"),
        *("原4月24日", "firm, papers of 4 pages", "we may extend it", "May the best 3 win"),
    ],
)
def test_a_remark_of_the_same_day_or_an_earlier_one_is_not_asked_about(note: str) -> None:
    assert asked(MAY | {"note": note}) == {}


def test_a_remark_is_asked_about_when_it_or_its_day_changes() -> None:
    there = MAY | {"note": "abstracts by 24 April"}

    assert asked(there | {"label": "Papers"}, there) == {}
    assert list(asked(there | {"date": "2027-05-02"}, there)) == ["row-0-note"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Anna Erste; Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste, Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste, Bo Zweite and Carl Dritte", ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste and Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste, Bo Zweite, and Carl Dritte", ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste & Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("王小明，李华，张三", ["王小明", "李华", "张三"]),
        ("王小明、李华", ["王小明", "李华"]),
        ("王小明；李华", ["王小明", "李华"]),
        ("王小明, 李华", ["王小明", "李华"]),
        ("Erste, Anna; Zweite, Bo", ["Anna Erste", "Bo Zweite"]),
        ("Erste, A.; Zweite, B.", ["A. Erste", "B. Zweite"]),
        ("Anna E., Bo Z.", ["Anna E.", "Bo Z."]),
        ("Anna Erste; Carl Dritte, Jr.", ["Anna Erste", "Carl Dritte Jr."]),
        ("Anna Erste, Carl Dritte Jr.", ["Anna Erste", "Carl Dritte Jr."]),
        ("Anna Erste, Carl Dritte, Jr.", ["Anna Erste", "Carl Dritte Jr."]),
        ("Anna Erste;", ["Anna Erste"]),
        ("The Thrift Team", ["The Thrift Team"]),
        ("OpenAI", ["OpenAI"]),
        ("alice, bob", ["alice", "bob"]),
        ("Anna Erste, Sukarno", ["Anna Erste", "Sukarno"]),
        ("Anna Erste\nBo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste*, Bo Zweite*", ["Anna Erste", "Bo Zweite"]),
        ("Sun; Yi; Moon", ["Sun", "Yi", "Moon"]),
        ("Li Wei，Bo Zweite", ["Li Wei", "Bo Zweite"]),
        (
            "Maria de la Cruz, Ludwig van Drei & Bo Zweite",
            ["Maria de la Cruz", "Ludwig van Drei", "Bo Zweite"],
        ),
        ("Erste Anna M.; Zweite Bo", ["Erste Anna M.", "Zweite Bo"]),
        ("van der Erste, Anna; Zweite, Bo", ["Anna van der Erste", "Bo Zweite"]),
        ("Anna Erste，Bo Zweite，Carl Dritte", ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("欧阳修, 王安石", ["欧阳修", "王安石"]),
        ("Anna Erste | Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste†, Bo Zweite‡", ["Anna Erste", "Bo Zweite"]),
        ("山田 太郎; 鈴木 花子", ["山田 太郎", "鈴木 花子"]),
        ("Jean-Luc Erste, O’Neil Zweite", ["Jean-Luc Erste", "O’Neil Zweite"]),
        ("Anna Erste, Bo", ["Anna Erste", "Bo"]),
        ("Wei (Vivian) Zhang; 张伟（小伟）", ["Wei (Vivian) Zhang", "张伟（小伟）"]),
        ("Anna Erste III; D'Arcy Zweite", ["Anna Erste III", "D'Arcy Zweite"]),
    ],
)
def test_names_are_read_however_they_are_joined(text: str, names: list[str]) -> None:
    typed = typed_names(text)

    assert (list(typed.names), typed.question) == (names, "")


@pytest.mark.parametrize(
    "text",
    [
        "Sun, Yi, Moon, Xu",
        "van Gogh, Vincent, García Márquez, Gabriel",
        "Erste, Anna Maria, Zweite, Bo",
        "Huang, G., Chen, D.",
        "Huang, Chen, Li",
        "Anna Erste1,2, Bo Zweite2",
        "Anna Erste, et al.",
        "Wang, Li, Zhao, Qian",
        "Zweite, B. C., Erste, A.",
        "Anna Erste, Bo Zweite, et al",
        "Anna Erste and others",
        "Li Wei et al.",
        "王小明、李华 等",
        "Anna Erste, PhD, Bo Zweite",
        "<b>Anna</b> Erste, Bo Zweite",
        "Anna Erste¹, Bo Zweite²",
        "🔥 Anna Erste; Bo Zweite",
        "Anna Erste\x00; Bo Zweite",
        "anna@example.org; Bo Zweite",
        "and",
    ],
)
def test_names_that_may_be_others_are_asked_about(text: str) -> None:
    assert typed_names(text).question


@pytest.mark.django_db
def test_what_is_asked_stands_beside_its_box_and_nothing_is_saved() -> None:
    olga, workshop = published()

    day = edit(olga, workshop, "dates", MAY | {"note": "3 June 23:59 AoE"})
    turned = edit(olga, workshop, "papers", {"title": "A Lamp", "authors": "Sun, Yi, Moon, Xu"})

    assert "names another day than the box" in day.content.decode()
    assert "families and given names by turns" in turned.content.decode()
    workshop.refresh_from_db()
    assert not workshop.dates.exists() and not workshop.accepted.exists()
