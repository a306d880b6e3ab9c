"""Workshops as their organisers keep them: each row a form or a slip, with what it means."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.importers.workshop_files.clock import times_in
from papers.importers.workshop_files.dates import date_line
from papers.importers.workshop_files.folder import NotAWorkshop, read_files, read_upload
from papers.importers.workshop_files.people import authors_in, person_in
from papers.importers.workshop_files.shapes import WorkshopFiles


def read(**files: str) -> WorkshopFiles:
    """Files by name; `_` stands for the dot of the suffix: schedule_yml."""
    return read_files(
        {name.replace("__", "/").replace("_", "."): text.encode() for name, text in files.items()}
    )


def whys(found: WorkshopFiles) -> list[str]:
    return [told.why for told in found.told]


# --- hours ---


@pytest.mark.parametrize(
    ("printed", "start", "end", "is_repaired"),
    [
        ("09:15 AM - 10:00 AM", "09:15", "10:00", False),
        ("11:45 AM - 12:00 PM", "11:45", "12:00", False),
        ("12.00 PM - 13:30 PM", "12:00", "13:30", True),
        ("16:45 AM - 17:00 PM", "16:45", "17:00", True),
        ("18.15 PM - 8:00 PM", "18:15", "20:00", True),
        ("8:15M - 8:20AM", "08:15", "08:20", True),
        ("11:42AM - 11:48PM", "11:42", "11:48", True),
        ("13:45 14:00", "13:45", "14:00", False),
        ("12:10 - 1:10 PM", "12:10", "13:10", False),
        ("11:30 - 1:00 PM", "11:30", "13:00", False),
        ("9h30 – 10h15", "09:30", "10:15", False),
        ("23:00 - 01:00", "23:00", "01:00", False),
        ("2:10 PM", "14:10", None, False),
        ("9.30-10", "09:30", None, False),
        ("all day", None, None, False),
    ],
)
def test_hours(printed: str, start: str | None, end: str | None, is_repaired: bool) -> None:
    times = times_in(printed)
    assert (times.start and f"{times.start:%H:%M}", times.end and f"{times.end:%H:%M}") == (
        start,
        end,
    )
    assert bool(times.repairs) is is_repaired


# --- people ---


@pytest.mark.parametrize(
    ("line", "name", "place"),
    [
        ("Ana Bel, Univ. of A, Rome", "Ana Bel", "Univ. of A, Rome"),
        ("- Bo Liu (Montreal (UdM))", "Bo Liu", "Montreal (UdM)"),
        ("Tiago Falk(INRS)", "Tiago Falk", "INRS"),
        ("Prof. Cy Day - ETH", "Cy Day", "ETH"),
        ("Li Wei", "Li Wei", ""),
    ],
)
def test_a_person_of_a_line(line: str, name: str, place: str) -> None:
    person = person_in(line, "pc")
    assert person is not None
    assert (person["name"], person["affiliation"]) == (name, place)


@pytest.mark.parametrize("line", ["", "See you on 3 May 2024!", "https://a.org", "What: a talk?"])
def test_a_line_without_a_person(line: str) -> None:
    assert person_in(line, "pc") is None


def test_author_strings_of_cmt_with_nested_brackets() -> None:
    names, places, starred = authors_in("Ana B (Korea U (KU), School)*; Bo C (U of C, LA); Di (X)")
    assert names == ["Ana B", "Bo C", "Di"]
    assert places == ["Korea U (KU), School", "U of C, LA", "X"]
    assert starred == ["Ana B"]


@pytest.mark.parametrize(
    "text", ["Ana B; Bo C", "Ana B|Bo C", "Ana B · Bo C", "Ana B, Bo C", "Ana B and Bo C"]
)
def test_author_strings_of_other_kinds(text: str) -> None:
    assert authors_in(text)[0] == ["Ana B", "Bo C"]


# --- dates ---


@pytest.mark.parametrize(
    ("line", "label", "date", "note"),
    [
        ("**Submission Deadline:** May 31, 2022 (Anywhere on Earth) <br>", "Submission Deadline", "2022-05-31", "Anywhere on Earth"),
        ("**Video Deadline (for talks):** June 28th, 2022", "Video Deadline", "2022-06-28", "for talks"),
        ("- Camera ready deadline: 30 April 2021 (11:59 pm UTC-11).", "Camera ready deadline", "2021-04-30", "11:59 pm UTC-11"),
        ("- Workshop: 23 Jully 2022.", "Workshop", "2022-07-23", ""),
        ("- Notification: **October 27 (AOE), 2023**", "Notification", "2023-10-27", "AOE"),
        ("- Poster submission: to be announced", "Poster submission", None, "to be announced"),
        ("投稿截止：2026年5月3日", "投稿截止", "2026-05-03", ""),
    ],
)  # fmt: skip
def test_dates_as_sentences(line: str, label: str, date: str | None, note: str) -> None:
    entry = date_line(line)
    assert entry is not None
    assert (entry["label"], entry["date"], entry["note"]) == (label, date, note)


@pytest.mark.parametrize("mark", ["<s>20 May 2022</s> 30 May 2022", "~~May 20~~ **May 30, 2022**"])
def test_struck_out_dates_are_earlier_ones(mark: str) -> None:
    entry = date_line(f"- Paper submission deadline: {mark} (11:59 pm PT).")
    assert entry is not None
    assert entry["date"] == "2022-05-30"
    assert [day["date"] for day in entry["previous_dates"]] == ["2022-05-20"]


def test_a_sentence_that_mentions_a_day_is_no_date() -> None:
    line = "Please note that the workshop will be held in person on Saturday, July 23rd, 2022."
    assert date_line(line) is None


# --- a site in data files ---

SPEAKERS = """
Key:
  name: "Ana Key"
  url: "https://a.org"
  affiliation: "U of A"
  img: "a.png"
  email: ana@a.org
Inv: {name: "Bo Inv", affiliation: "B, ana@b.org"}
"""
SCHEDULE = """
k1: {event: "Key", title: "Nets that adapt", start: "09:00 AM - 10:00 AM", type: "Keynote"}
i1: {event: "Inv", title: "Gates", start: "10:00 AM - 10:30 AM", type: "Invited"}
c1: {event: "Sparse:Gates for nets", author: "Cy Day", start: "10:30 AM - 10:45 AM", type: "Contributed"}
s1: {event: "Lunch Break", start: "12.00 PM - 13:30 PM", type: "Session"}
"""
SPOTLIGHT = """
paper_1: {title: "Sparse: Gates for Nets", authors: "Cy Day (X)*; Di Eve (Y)", pdf: "available"}
"""


def test_a_site_of_maps_with_keys() -> None:
    found = read(speakers_yml=SPEAKERS, schedule_yml=SCHEDULE, spotlight_yml=SPOTLIGHT)
    assert [(p["role"], p["name"]) for p in found.people] == [
        ("keynote", "Ana Key"),
        ("invited", "Bo Inv"),
    ]
    assert [(i["kind"], i["speaker"]) for i in found.schedule[:3]] == [
        ("keynote", "Ana Key"),
        ("invited", "Bo Inv"),
        ("contributed", "Cy Day"),
    ]
    (paper,) = found.papers
    assert (paper["presentation"], paper["author_affiliations"]) == ("oral", ["X", "Y"])
    assert found.schedule[2]["paper"] == paper["id"]
    assert "pdf" not in paper


def test_addresses_of_people_are_not_kept() -> None:
    found = read(speakers_yml=SPEAKERS)
    assert "@" not in json.dumps([found.people, found.schedule])


def test_rows_of_rows_with_capital_keys_and_markup() -> None:
    found = read(
        organizers_yml="- num_row: 0\n  organizers:\n    - {name: Ana A, affiliation: X}\n- num_row: 1\n  organizers:\n    - {name: Bo B}\n",
        schedule_yml="- {Title: '(<b>Spotlight 3</b>) Mat:Nested', Time: '9:36AM - 9:42AM', Presenter: 'A One <br> B Two', Is_paper: true}\n",
        accepted_papers_yml='[{"id": "7", "title": "Mat: Nested", "authors": "A One (X)*; B Two (Y)",},]',
    )
    assert [p["name"] for p in found.people] == ["Ana A", "Bo B"]
    (item,) = found.schedule
    assert (item["kind"], item["label"], item["speaker"]) == (
        "spotlight",
        "Spotlight 3",
        "A One, B Two",
    )
    assert item["paper"] == "7"
    assert found.papers[0]["presentation"] == "spotlight"


def test_committees_in_one_file_by_role() -> None:
    found = read(pc_yml='people: ["Ana A, X"]\n\nreviewers: ["Bo B, Y", "Ana A, X"]\n')
    assert [(p["role"], p["name"]) for p in found.people] == [
        ("pc", "Ana A"),
        ("reviewer", "Bo B"),
        ("reviewer", "Ana A"),
    ]


def test_a_speaker_who_is_no_author_and_a_talk_without_its_paper_are_told() -> None:
    schedule = (
        SCHEDULE.replace("Cy Day", "Zoe Zed")
        + 'c2: {event: "Unknown", author: "Q", start: "11:00 AM", type: "Contributed"}\n'
    )
    found = read(schedule_yml=schedule, spotlight_yml=SPOTLIGHT)
    assert "the speaker is no author of the paper" in whys(found)
    assert "no accepted paper has this title" in whys(found)


def test_overlaps_are_told() -> None:
    found = read(
        schedule_yml="a: {title: One, start: '9:00 AM - 10:00 AM'}\nb: {title: Two, start: '9:30 AM - 10:30 AM'}\n"
    )
    assert whys(found) == ["these two overlap by 30 minutes"]


# --- pages ---

PAGE = """---
title: Workshop on Nets
subtitle: Friday, July 22 - 2022 International Conference - Rome
---
<!-- * Congratulations to winners of best paper award, "Placeholder title" -->
**Submission Deadline:** May 31, 2022 (AoE) <br>
"""


def test_a_page_with_dates_and_a_comment() -> None:
    found = read(index_md=PAGE)
    assert (found.details["name"], found.details["date"]) == ("Workshop on Nets", "2022-07-22")
    assert [date["label"] for date in found.dates] == ["Submission Deadline"]
    (draft,) = found.drafts
    assert draft["placeholder"] and draft["line"] == 5


def test_a_programme_as_a_table() -> None:
    found = read(
        schedule_md='| **Time (GMT+2)** | **Event** |\n| <span style="x">13:45 14:00</span> | Opening welcome speech: aims.|\n'
        "| <span>14:00 14:30</span> | Keynote 1: [Ana Key](/speakers#ana-key). <br /> **Title: Nets?**|\n"
        "| 15:00 - 15:30 | Invited talk 🎥 &emsp; [slides](https://d.org/x) <br> **Big nets** <br> *Bo Inv* <details> x </details> |\n"
    )
    assert [(i["start"], i["kind"], i["title"], i["speaker"]) for i in found.schedule] == [
        ("13:45", "opening", "Opening welcome speech: aims", ""),
        ("14:00", "keynote", "Nets?", "Ana Key"),
        ("15:00", "invited", "Big nets", "Bo Inv"),
    ]
    assert found.schedule[2]["links"] == [{"label": "slides", "url": "https://d.org/x"}]
    assert found.details["timezone"] == "Etc/GMT-2"


def test_accepted_papers_as_paragraphs() -> None:
    found = read(
        papers_md="# Accepted papers\n\n**Nets of Gates**\n<br /> Ana A; Bo B<br />\n<abstract>No.</abstract>\n\n"
        "[PDF](https://d.org/a.pdf?dl=0) &bull;\n[Poster](https://d.org/b.pdf) &bull;\n[Presentation](https://youtu.be/x)\n\n"
        "**GATES OF NETS** <br />\nCy C\n"
    )
    first, second = found.papers
    assert (first["title"], first["authors"]) == ("Nets of Gates", ["Ana A", "Bo B"])
    assert (first["pdf"], first["video"]) == ("https://d.org/a.pdf?dl=0", "https://youtu.be/x")
    assert second["authors"] == ["Cy C"]


def test_people_in_cells_and_in_html() -> None:
    found = read(
        organisers_md="# Organisers\n|[Ana A](https://a.org/)<br />X|[Bo B](https://b.org)<br />Y|\n"
        '<table><tr><td><img alt="C"><a href="https://c.org"> Cy C </a><p> Z, W</p></td></tr></table>\n'
    )
    people = {p["name"]: (p["affiliation"], p["url"]) for p in found.people}
    assert people == {
        "Ana A": ("X", "https://a.org/"),
        "Bo B": ("Y", "https://b.org"),
        "Cy C": ("Z, W", "https://c.org"),
    }


def test_posts_are_news() -> None:
    (news,) = read_files(
        {
            "_posts/2023-08-14-open.markdown": b'---\ntitle:  "Call is open"\n---\nSee [it](https://a.org).\n'
        }
    ).news
    assert (news["date"], news["title"]) == ("2023-08-14", "Call is open")


# --- bad files ---


def test_a_zip_is_a_folder_and_a_broken_one_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("site/_data/pc.yml", 'people: ["Ana A, X"]\n')
        archive.writestr("site/logo.png", b"x")
    assert [p["name"] for p in read_upload("site.zip", content.getvalue()).people] == ["Ana A"]
    with pytest.raises(NotAWorkshop):
        read_upload("site.zip", b"no archive")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schedule.yml", "a: ["),
        ("papers.json", "{"),
        ("c.ics", "BEGIN:"),
        ("v.xml", "<a>"),
        ("s.xlsx", "no sheet"),
        ("odd.yml", "3"),
        ("x.json", "[1]"),
    ],
)
def test_a_broken_file_is_told_and_stops_nothing(name: str, text: str) -> None:
    found = read_files({name: text.encode(), "pc.yml": b'people: ["Ana A, X"]\n'})
    assert [p["name"] for p in found.people] == ["Ana A"]
    assert any(told.file == name for told in found.told)


@given(
    st.sampled_from(["schedule.yml", "papers.md", "organizers.md", "x.csv", "n.json", "m.txt"]),
    st.text(alphabet="|-*[]():<>/# \n\t0123459:.aAbBpPmM,;\"'{}é周", max_size=200),
)
@settings(max_examples=200, deadline=None)
def test_no_text_stops_the_reader(name: str, text: str) -> None:
    found = read_files({name: text.encode()})
    assert all(person["name"].strip() for person in found.people)


def test_a_prize_before_a_title_is_an_award_and_a_tag_between_words_one_space() -> None:
    files = {
        "_data/papers.yml": b"one: {title: 'FIRST PRIZE CHALLENGE WINNER: Small Nets', authors: A B}",
        "_data/schedule.yml": b"s: {event: 'Posters <br> (hall)', start: '9:00 AM - 9:30 AM'}",
    }
    found = read_files(files)
    [paper] = found.papers
    assert (paper["title"], paper["award"]) == ("Small Nets", "First prize challenge winner")
    assert [item["title"] for item in found.schedule] == ["Posters (hall)"]
