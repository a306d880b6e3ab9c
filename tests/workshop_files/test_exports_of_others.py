"""Exports of other systems: review sites, conference planners, calendars, volumes, mail."""

from __future__ import annotations

import io
import json

import openpyxl

from papers.importers.workshop_files.folder import read_upload
from tests.workshop_files.test_workshop_reading import read, whys


def test_openreview_notes_of_both_versions() -> None:
    notes = [
        {"id": "a", "forum": "abc", "number": 3, "content": {"title": {"value": "One"}, "authors": {"value": ["Ana A"]}, "venue": {"value": "W Oral"}}},
        {"id": "b", "forum": "bcd", "content": {"title": "Two", "authors": ["Bo B"], "venue": "Submitted to W"}},
        {"id": "c", "ddate": 1, "content": {"title": {"value": "Three"}}},
    ]  # fmt: skip
    found = read(notes_json=json.dumps({"notes": notes}))
    assert [(p["title"], p["presentation"]) for p in found.papers] == [("One", "oral")]
    assert len(found.told) == 2


def test_a_cmt_sheet_keeps_accepted_papers_and_no_addresses() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Paper ID", "Paper Title", "Author Emails", "Authors", "Status"])
    book.active.append([4, "Nets", "ana@a.org", "Ana A (X)*; Bo B (Y)", "Accept (Oral)"])
    book.active.append([5, "Gates", "bo@a.org", "Bo B (Y)", "Reject"])
    content = io.BytesIO()
    book.save(content)
    found = read_upload("submissions.xlsx", content.getvalue())
    (paper,) = found.papers
    assert (paper["id"], paper["presentation"], paper["corresponding"]) == ("4", "oral", ["Ana A"])
    assert "@" not in json.dumps([found.papers, [told.text for told in found.told]])


def test_a_frab_schedule() -> None:
    talk = {
        "guid": "g",
        "start": "09:00",
        "duration": "00:30",
        "title": "Nets",
        "type": "Keynote",
        "persons": [{"public_name": "Ana A"}],
    }
    data = {
        "schedule": {
            "conference": {
                "title": "W",
                "days": [{"date": "2026-05-01", "rooms": {"Hall": [talk]}}],
            }
        }
    }
    (item,) = read(s_json=json.dumps(data)).schedule
    assert (item["start"], item["end"], item["kind"], item["room"]) == (
        "09:00",
        "09:30",
        "keynote",
        "Hall",
    )


def test_an_indico_event() -> None:
    talk = {
        "title": "Nets",
        "startDate": {"time": "09:00:00"},
        "endDate": {"time": "09:20:00"},
        "speakers": [{"fullName": "Aa, Ana"}],
    }
    data = {
        "results": [
            {
                "title": "W",
                "startDate": {"date": "2026-05-01", "tz": "UTC"},
                "contributions": [talk],
            }
        ]
    }
    found = read(e_json=json.dumps(data))
    assert (found.schedule[0]["speaker"], found.details["timezone"]) == ("Ana Aa", "UTC")


def test_a_calendar_without_cancelled_events() -> None:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nSUMMARY:{title}\nDTSTART:2026050{n}T090000Z\nDTEND:2026050{n}T100000Z\n{more}END:VEVENT\n"
        for n, title, more in (
            (1, "Paper deadline", ""),
            (2, "Talk", ""),
            (3, "Gone", "STATUS:CANCELLED\n"),
        )
    )
    found = read(c_ics=f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n")
    assert [(d["label"], d["note"]) for d in found.dates] == [("Paper deadline", "09:00 UTC")]
    assert [i["title"] for i in found.schedule] == ["Talk"]
    assert whys(found) == ["cancelled in the calendar"]


def test_lists_of_deadlines() -> None:
    found = read(
        a_yml="- {name: X, year: 2018, deadline: '2017-10-27 17:00:00'}\n- {name: Y, year: 2018, deadline: TBA, timezone: GMT}\n",
        b_yml="- title: Z\n  confs:\n    - {year: 2026, timezone: UTC-12, timeline: [{deadline: '2025-09-24 23:59:59'}]}\n",
    )
    assert [(d["label"], d["date"], d["note"]) for d in found.dates] == [
        ("X 2018 deadline", "2017-10-27", "17:00 Anywhere on Earth"),
        ("Y 2018 deadline", None, "to be announced"),
        ("Z 2026 deadline", "2025-09-24", "23:59 UTC-12"),
    ]


def test_an_acl_volume() -> None:
    xml = (
        "<collection><volume><meta><booktitle>P of W</booktitle><editor><first>Ed</first><last>It</last></editor></meta>"
        "<paper id='1'><title>A <fixed-case>N</fixed-case>et</title><author><first>Ana</first><last>A</last></author>"
        "<url>2020.w-1.1</url></paper></volume></collection>"
    )
    found = read(v_xml=xml)
    assert (found.papers[0]["title"], found.papers[0]["authors"]) == ("A Net", ["Ana A"])
    assert found.papers[0]["pdf"] == "https://aclanthology.org/2020.w-1.1.pdf"


def test_plain_text_of_an_e_mail() -> None:
    found = read(
        mail_txt="Organizers:\nAna A, X\nBo B (Y)\n\nSubmission deadline: May 3, 2026 AoE\n"
        "9:00 - 9:30 Opening\n11:30 - 12:30 Cy C: Nets that adapt\n1:30 - 2:00 Lunch\nand some prose that says nothing at all\n"
    )
    assert [(p["role"], p["name"]) for p in found.people] == [
        ("organizer", "Ana A"),
        ("organizer", "Bo B"),
    ]
    assert [(i["start"], i["kind"], i["speaker"]) for i in found.schedule] == [
        ("09:00", "opening", ""),
        ("11:30", "", "Cy C"),
        ("13:30", "lunch", ""),
    ]
    assert found.dates[0]["date"] == "2026-05-03"
    assert any("neither a person" in why for why in whys(found))
