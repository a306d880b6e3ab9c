"""Days, zones and times as organisers type them."""

from __future__ import annotations

import pytest

from papers.workshops.clocks import typed_clock
from papers.workshops.days import typed_day
from papers.workshops.zones import shown_zone, typed_zone


@pytest.mark.parametrize(
    "text",
    [
        *("2027-05-31", "2027-5-31", "2027/5/31", "2027.5.31", "31.5.2027", "31. 05. 2027"),
        *("31/05/2027", "05/31/2027", "31-05-2027", "2027年5月31日", "2027 年 5 月 31 号"),
        *("２０２７年５月３１日", "31 May 2027", "31st of May, 2027", "May 31, 2027"),
        *("Monday, 31 May 2027", "may 31st 2027"),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert typed_day(text).value == "2027-05-31"
    assert not typed_day(text).question


@pytest.mark.parametrize("text", ["03/04/2027", "3-4-2027", "12/11/2027"])
def test_day_and_month_that_could_be_each_other_are_asked_about(text: str) -> None:
    typed = typed_day(text)

    assert typed.is_wrong
    assert typed.question.count("2027-") == 2


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2027-02-30",
            "31 Feb 2027",
            "2027-13-01",
            "31/31/2027",
            "tomorrow",
            "May 2027",
            "27-5-3",
        ),
        *("Mayor 3 2027", "0000-01-01", "2027-05", "31 Foo 2027"),
    ],
)
def test_what_is_no_day_is_told(text: str) -> None:
    assert typed_day(text).is_wrong
    assert typed_day(text).value == text


def test_the_same_number_twice_is_one_day() -> None:
    assert typed_day("04/04/2027").value == "2027-04-04"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        *((text, "AoE") for text in ("AoE", "anywhere on earth", "UTC-12", "UTC−12:00", "GMT-12")),
        *((text, "Etc/GMT-8") for text in ("UTC+8", "GMT+8", "+08:00", "+0800", "ＵＴＣ＋８")),
        *((text, "Etc/GMT+5") for text in ("UTC-5", "-05:00", "utc–5")),
        *((text, "UTC") for text in ("UTC", "utc", "UTC+0", "+00:00")),
        *(
            (text, "Asia/Shanghai")
            for text in ("北京时间", "北京", "Beijing time", "China Standard Time")
        ),
        ("日本标准时间", "Asia/Tokyo"),
        ("europe/vienna", "Europe/Vienna"),
        ("America/New York", "America/New_York"),
        ("Vienna time", "Europe/Vienna"),
    ],
)
def test_a_zone_is_read_however_it_is_written(text: str, zone: str) -> None:
    assert (typed_zone(text).value, typed_zone(text).question) == (zone, "")


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("PST", "America/Los_Angeles"),
        ("pdt", "America/Los_Angeles"),
        ("Pacific Time", "America/Los_Angeles"),
        ("EST", "America/New_York"),
        ("CST", "America/Chicago"),
        ("CEST", "Europe/Paris"),
        ("Vienna", "Europe/Vienna"),
    ],
)
def test_a_zone_of_several_places_or_half_a_year_is_asked_about(text: str, guess: str) -> None:
    typed = typed_zone(text)

    assert typed.value == guess
    assert guess in typed.question and not typed.is_wrong
    assert not typed_zone(typed.value).question  # saved again, it is what is meant


@pytest.mark.parametrize("text", ["UTC+25", "UTC-13", "+05:30", "Utopia", "8", "时间"])
def test_what_is_no_zone_is_told(text: str) -> None:
    assert typed_zone(text).is_wrong


def test_fixed_offsets_are_shown_as_people_write_them() -> None:
    assert [shown_zone(name) for name in ("Etc/GMT-8", "Etc/GMT+5", "AoE", "Europe/Vienna")] == [
        *("UTC+8", "UTC-5", "AoE", "Europe/Vienna")
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("23:59:59", "23:59"),
            ("12:30:00", "12:30"),
            ("23：59", "23:59"),
            ("下午6点15分", "18:15"),
        ),
        *(("晚上11点59分", "23:59"), ("18时", "18:00"), ("18点整", "18:00"), ("上午9:00", "09:00")),
        *(("中午", "12:00"), ("中午12点", "12:00"), ("17h30", "17:30"), ("11.59 pm", "23:59")),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, value: str) -> None:
    assert (typed_clock(text).value, typed_clock(text).question) == (value, "")


@pytest.mark.parametrize("text", ["12:30:45", "25:00", "下午", "点", "::"])
def test_what_is_no_time_is_told(text: str) -> None:
    assert typed_clock(text).is_wrong
