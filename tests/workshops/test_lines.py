"""Links with kind, days and offset, and phases of a competition, as organisers type them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from papers.workshops.clocks import typed_clock, typed_span
from papers.workshops.lines import (
    Unclear,
    address_at,
    link_line,
    link_of,
    phase_complaint,
    phase_line,
    phase_of,
    shown_links,
)

SLIDES = "https://lab.example/a.pdf"


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (f"Slides | {SLIDES}", {"label": "Slides", "url": SLIDES}),
        (f"{SLIDES}", {"label": SLIDES, "url": SLIDES}),
        (f"A | B | {SLIDES}", {"label": "A|B", "url": SLIDES}),
        (
            f"Talk | {SLIDES} | Recording | from 2027-07-20 | until 2028-07-20 | at 62:30",
            {
                **{"label": "Talk", "url": SLIDES, "kind": "recording", "at": "1:02:30"},
                **{"from": "2027-07-20", "until": "2028-07-20"},
            },
        ),
        (
            f"Talk ｜ {SLIDES} ｜ 幻灯片 ｜ 从 2027年7月20日起 ｜ 至 2027-12-31",
            {
                **{"label": "Talk", "url": SLIDES, "kind": "slides"},
                **{"from": "2027-07-20", "until": "2027-12-31"},
            },
        ),
        (
            f"报告 | {SLIDES} | 录像；从 1:02:30",
            {"label": "报告", "url": SLIDES, "kind": "recording", "at": "1:02:30"},
        ),
        (
            f"Talk | {SLIDES} | SLIDES; Until 31.12.2027",
            {"label": "Talk", "url": SLIDES, "kind": "slides", "until": "2027-12-31"},
        ),
        (f"Talk | {SLIDES} | at 1:02:03", {"label": "Talk", "url": SLIDES, "at": "1:02:03"}),
        (
            f"Talk ｜ {SLIDES} | slides; until 2027-12-31",
            {"label": "Talk", "url": SLIDES, "kind": "slides", "until": "2027-12-31"},
        ),
    ],
)
def test_a_line_is_read_and_written_as_the_same_link(line: str, link: dict[str, str]) -> None:
    assert link_of(line) == link
    assert link_of(link_line(link)) == link


WHOLE = {"label": "R", "url": SLIDES, "kind": "recording", "at": "1:02:30"} | {
    "from": "2027-07-20",
    "until": "2028-07-20",
}


@pytest.mark.parametrize(
    "line",
    [
        f"R | {SLIDES} | 录像 | 自 2027-07-20 | 至 2028-07-20 | 从 1:02:30",
        f"R ｜ {SLIDES} ｜ 录像；自2027-07-20；至2028-07-20；从62:30",
        f"R | {SLIDES} | recording | from 2027-07-20 | until 2028-07-20 | at 1:02:30",
    ],
)
def test_a_line_is_read_in_both_and_written_in_the_language_of_the_page(line: str) -> None:
    with override("zh-hans"):
        assert link_of(line) == WHOLE
        written = link_line(WHOLE)
        assert written == f"R | {SLIDES} | 录像 | 自 2027-07-20 | 至 2028-07-20 | 从 1:02:30"
        assert link_of(written) == WHOLE
    assert link_line(WHOLE).endswith(
        "| recording | from 2027-07-20 | until 2028-07-20 | at 1:02:30"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Slides",
        "Slides | lab.example",
        f"Slides | {SLIDES} | sometimes",
        f"Slides | {SLIDES} | until 2027-02-30",
        f"Slides | {SLIDES} | at 1:75",
        f"Slides | {SLIDES} | at 1:99:00",
        f"Slides | {SLIDES} | slides | recording",
        f"Slides | {SLIDES} | from2027-07-01",
        f"Slides | {SLIDES} | from 2027-07-01 | from 2027-07-02",
        f"Slides | {SLIDES}，slides",
        "Slides | https://user:secret@lab.example/a.pdf",
        f"Slides | {SLIDES} | from 2027-07-02 | until 2027-07-01",
    ],
)
def test_what_cannot_be_meant_is_refused(line: str) -> None:
    with pytest.raises(Unclear):
        link_of(line)


@pytest.mark.parametrize(
    ("day", "shown"), [("2027-06-30", []), ("2027-07-01", ["b"]), ("2027-07-03", []), ("", [])]
)
def test_links_appear_and_end_on_their_days(day: str, shown: list[str]) -> None:
    links = [link_of(f"b | {SLIDES} | from 2027-07-01 | until 2027-07-02")]
    today = dt.date.fromisoformat(day) if day else dt.date(2026, 1, 1)
    assert [link["label"] for link in shown_links(links, today)] == shown
    assert shown_links([link_of(f"a | {SLIDES}")], today)[0]["url"] == SLIDES


@pytest.mark.parametrize(
    ("address", "begins"),
    [
        ("https://www.youtube.com/watch?v=x", "https://www.youtube.com/watch?v=x&t=3750"),
        ("https://youtu.be/x", "https://youtu.be/x?t=3750"),
        ("https://youtu.be/x?t=5&si=a", "https://youtu.be/x?si=a&t=3750"),
        ("https://vimeo.com/1", "https://vimeo.com/1#t=3750"),
        ("https://lab.example/talk.mp4", "https://lab.example/talk.mp4#t=3750"),
    ],
)
def test_a_recording_begins_at_its_talk(address: str, begins: str) -> None:
    assert address_at(address, "1:02:30") == begins
    assert address_at(address, "") == address


def test_phases_have_names_and_days() -> None:
    phase = phase_of("Development | 2027-03-01 | 2027-05-01")
    assert phase == {"name": "Development", "from": "2027-03-01", "to": "2027-05-01"}
    for line in ("Final", "Final | 2027-05-02", "Final |  | 2027-06-01"):
        assert phase_of(phase_line(phase_of(line))) == phase_of(line)
    for line in ("", "| 2027-03-01", "A | soon", "A | 2027-05-01 | 2027-03-01", "A | | | |"):
        with pytest.raises(Unclear):
            phase_of(line)


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("In May.", ""),
        ([{"name": "Final", "from": "2027-05-02", "to": ""}], ""),
        ({"Final": "May"}, "must be text or a list"),
        (["Final"], "a phase has"),
        ([{"name": "Final", "from": 2027}], "a phase has"),
        ([{"name": "Final", "from": "May"}], "no day"),
    ],
)
def test_phases_of_a_record_are_checked(value: object, complaint: str) -> None:
    assert complaint in phase_complaint(value) and bool(complaint) == bool(phase_complaint(value))


def test_midnight_ends_an_entry_and_is_asked_about_elsewhere() -> None:
    assert typed_clock("24:00").is_wrong and typed_clock("24:30").is_wrong
    assert [one.value for one in typed_span("23:00", "24:00")] == ["23:00", "00:00"]
