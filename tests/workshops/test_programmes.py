"""Programmes move, have versions that can be read against each other, and ways in for a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from community.moderation import transitions
from papers.models import AttendLink, Workshop, WorkshopNotice
from papers.workshops.versions import differences, moved_before, neighbour, summary
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, made, published

A = {"code": "a", "title": "A", "start": "09:00", "end": "09:30"}
B = {"code": "b", "title": "B", "start": "09:30", "end": "10:30"}
C = {"code": "c", "title": "C", "start": "11:00", "end": "11:15"}
ELSEWHERE = {"code": "x", "title": "X", "start": "09:00", "end": "12:00", "room": "2"}


def times(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["code"]: f"{entry['start']}-{entry['end']}" for entry in entries}


def test_an_entry_that_moves_keeps_its_length_and_the_pauses_stay() -> None:
    moved = times(moved_before([A, B, C, ELSEWHERE], "c", "a"))
    assert moved == {
        "c": "09:00-09:15",
        "a": "09:15-09:45",
        "b": "10:15-11:15",
        "x": "09:00-12:00",
    }
    to_the_end = times(moved_before([A, B, C], "a", ""))
    assert to_the_end == {"b": "09:00-10:00", "c": "10:00-10:15", "a": "10:45-11:15"}


@pytest.mark.parametrize("before", ["a", "x", "nothing"])
def test_an_entry_does_not_leave_its_room_or_move_before_itself(before: str) -> None:
    assert moved_before([A, B, C, ELSEWHERE], "a", before) == [A, B, C, ELSEWHERE]


def test_one_step_up_and_down() -> None:
    entries = [A, B, C, ELSEWHERE]
    assert [neighbour(entries, "b", step) for step in (-1, 1)] == ["a", ""]
    assert [neighbour(entries, "a", 1), neighbour(entries, "a", -1)] == ["c", None]
    assert [neighbour(entries, code, 1) for code in ("c", "x", "no")] == [None, None, None]


def test_a_difference_is_told_entry_by_entry_and_in_one_line() -> None:
    after = [
        A | {"start": "10:00", "end": "10:30"},
        B | {"withdrawn": True},
        C | {"title": "Sea"},
        {"code": "n", "title": "New", "start": "12:00"},
    ]
    told = differences([A, B, C, ELSEWHERE], after)
    assert [difference.text for difference in told] == [
        "“New”, 12:00, is new.",
        "“X”, 09:00–12:00 2, was removed.",
        "“B”, 09:30–10:30, was withdrawn.",
        "“A” moved from 09:00–09:30 to 10:00–10:30.",
        "“C” is called “Sea” now.",
    ]
    assert summary(told) == "1 added, 1 removed, 1 withdrawn, 1 moved, 1 renamed"
    assert summary(differences([A], [A])) == "nothing changed"


def with_programme() -> tuple[Client, Workshop, str]:
    olga, workshop = published()
    first = {"start": "9:00", "end": "9:30", "title": "On engines"}
    second = {"start": "9:30", "end": "10:30", "title": "On looms"}
    edit(olga, workshop, "programme", first, second)
    return olga, workshop, f"/workshops/{workshop.slug}/board/"


@pytest.mark.django_db
def test_versions_are_named_compared_told_and_brought_back() -> None:
    olga, workshop, board = with_programme()
    olga.post(board, {"do": "name", "name": "1.0"})
    olga.post(board, {"do": "up on-looms"})
    assert dict(workshop.schedule.values_list("title", "start")) == {
        "On looms": dt.time(9),
        "On engines": dt.time(10),
    }
    assert "2 moved" in body(olga, board)

    olga.post(board, {"do": "name", "name": "1.1", "tell": "1"})
    assert WorkshopNotice.objects.filter(text="Programme 1.1: 2 moved.").exists()
    again = olga.post(board, {"do": "name", "name": "1.1"}, follow=True)
    assert "There is a version “1.1” already." in again.content.decode()
    first = workshop.versions.get(name="1.0")
    olga.post(board, {"do": f"back {first.pk}"})
    starts = dict(workshop.schedule.values_list("title", "start"))
    assert starts == {"On engines": dt.time(9), "On looms": dt.time(9, 30)}
    assert "1.1" not in body(Client(), f"/workshops/{workshop.slug}/")


@pytest.mark.django_db
def test_moves_of_a_draft_stay_a_draft_and_are_not_for_others() -> None:
    olga, workshop, board = with_programme()
    edit(olga, workshop, "programme", state="draft")
    olga.post(board, {"do": "move", "code": "on-looms", "before": "on-engines"})
    assert workshop.schedule.get(title="On looms").start == dt.time(9, 30)
    page = body(olga, board)
    assert page.index("On looms") < page.index("On engines")
    refused = olga.post(board, {"do": "up on-looms"}, follow=True)
    assert "first or the last" in refused.content.decode()
    sam = signed_in(make.member("sam"))
    assert sam.get(board).status_code == sam.post(board, {"do": "up on-looms"}).status_code == 404


@pytest.mark.django_db
def test_a_way_in_is_told_between_its_moments_and_stands_in_no_copy() -> None:
    olga, workshop, board = with_programme()
    sent = {
        "do": "link",
        "label": "Join the stream",
        "url": "https://stream.example/secret",
        "entry": "on-looms",
        "show_from": "2030-01-01T09:00",
        "hide_after": "2030-01-01T11:00",
    }
    olga.post(board, sent)
    link = AttendLink.objects.get()
    assert link.show_from == dt.datetime(2030, 1, 1, 8, tzinfo=dt.UTC)  # nine in Vienna
    start = f"/workshops/{workshop.slug}/"
    assert "stream.example" not in body(Client(), start)

    now = timezone.now()
    AttendLink.objects.update(show_from=now - dt.timedelta(minutes=1))
    assert "stream.example" in body(Client(), start)
    for other in (
        f"/api/v1{start}",
        f"{start}history/",
        f"{start[:-1]}.ics",
        f"{start[:-1]}.zip",
        f"{start}jekyll.zip",
    ):
        assert b"stream.example" not in Client().get(other).content
    AttendLink.objects.update(hide_after=now - dt.timedelta(seconds=1))
    assert "stream.example" not in body(Client(), start)
    wrong = olga.post(board, sent | {"url": "javascript:alert(1)"}, follow=True)
    assert "begins with https://" in wrong.content.decode() and AttendLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_made_a_workshop_gets_the_reason_of_a_decline_by_mail() -> None:
    nora = make.member("nora")
    nora.email = "nora@example.org"
    nora.save()
    client = signed_in(nora)
    workshop = made(client)
    client.post(f"/workshops/{workshop.slug}/hand-in")
    request = workshop.request
    transitions.move(request, "declined", by=make.member("mo", "moderators"), reason="No call yet.")

    [letter] = mail.outbox
    assert letter.to == ["nora@example.org"] and "was declined" in letter.subject
    assert "No call yet." in letter.body and f"/workshops/{workshop.slug}/edit/" in letter.body


VIDEO = "https://www.youtube.com/watch?v=x"
LINKS = f"""\
Slides | https://lab.example/a.pdf | slides
Video | {VIDEO} | recording | at 62:30
Room | https://meet.example/1 | stream | until 2020-07-23
Later | https://lab.example/later | paper | from 2999-01-01"""


@pytest.mark.django_db
def test_links_of_a_talk_are_told_while_they_are_valid_and_begin_where_it_begins() -> None:
    olga, workshop = published()
    talk = {"start": "9:00", "title": "Exits", "kind": "keynote", "speaker": "Ada Byron"}
    edit(olga, workshop, "people", {"name": "Ada Byron", "role": "keynote"})
    assert edit(olga, workshop, "programme", talk | {"links": LINKS}).status_code == 302
    edit(olga, workshop, "people", {"biography": "Known for links."})

    page = body(Client(), f"/workshops/{workshop.slug}/")
    person = body(Client(), "/people/ada-byron/")
    [told] = Client().get(f"/api/v1/workshops/{workshop.slug}/").json()["schedule"]
    for text in (page, person, str(told)):
        assert "lab.example/a.pdf" in text and "t=3750" in text
        assert "meet.example" not in text and "lab.example/later" not in text
    assert told["links"][1] == {
        **{"label": "Video", "url": f"{VIDEO}&t=3750", "kind": "recording", "until": ""}
    }
    assert "1 in the programme" in page
    form = olga.get(f"/workshops/{workshop.slug}/edit/programme/").context["sheet"]
    typed = next(box.text for box in form.lines[0].boxes if box.input.name == "links")
    assert typed == LINKS.replace("62:30", "1:02:30")


@pytest.mark.django_db
def test_a_link_that_cannot_be_meant_is_told_at_its_box() -> None:
    olga, workshop = published()
    line = "Slides | https://lab.example/a.pdf | until the end"
    answer = edit(olga, workshop, "programme", {"title": "Exits", "links": line})
    assert answer.status_code == 422 and "“until the end”: write Words" in answer.content.decode()
    assert not workshop.schedule.exists()
