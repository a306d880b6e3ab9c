"""A schedule of one's own: in the address for everybody, on the account for members."""

from __future__ import annotations

import pytest
from django.test import Client

from community.members.export import export_of
from community.models import ScheduleStar
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, published

pytestmark = pytest.mark.django_db


def with_programme() -> tuple[str, list[str]]:
    """Address of a public workshop, and the codes of its two talks."""
    olga, workshop = published()
    opening = {"start": "9:00", "end": "9:30", "kind": "keynote", "title": "On engines"}
    closing = {"start": "9:30", "end": "10:00", "kind": "panel", "title": "What is left"}
    edit(olga, workshop, "programme", opening, closing)
    return workshop.get_absolute_url(), [row.code for row in workshop.schedule.all()]


def test_a_member_keeps_what_is_ticked_and_finds_it_again() -> None:
    page, (first, second) = with_programme()
    mia = signed_in(make.member("mia"))

    mia.post(f"{page}schedule/", {"item": [first]})

    mine = body(mia, f"{page}schedule/")
    assert "On engines" in mine and "What is left" not in mine
    assert f"{page[:-1]}.ics?item={first}" in mine
    shown = body(mia, page)
    assert "checked" in shown.split(f'value="{first}"')[1][:80]
    assert "checked" not in shown.split(f'value="{second}"')[1][:80]
    assert f"{page}schedule/" in body(mia, "/workshops/")

    mia.post(f"{page}schedule/", {"item": [second]})
    assert "On engines" not in body(mia, f"{page}schedule/")
    mia.post(f"{page}schedule/")
    assert not ScheduleStar.objects.exists()


def test_nobody_else_sees_a_schedule_and_it_goes_out_with_the_account() -> None:
    page, (first, _) = with_programme()
    mia = make.member("mia")
    signed_in(mia).post(f"{page}schedule/", {"item": [first]})

    for reader in (Client(), signed_in(make.member("sam"))):
        assert "On engines" not in body(reader, f"{page}schedule/")
        assert "checked" not in body(reader, page).split(f'value="{first}"')[1][:80]
    assert b"schedulestar" in export_of(mia)


def test_a_visitor_sends_the_same_form_as_an_address() -> None:
    page, (first, second) = with_programme()
    visitor = Client()

    assert 'method="post"' not in body(visitor, page).split('class="keeping"')[1][:80]
    assert "What is left" in body(visitor, f"{page}schedule/?item={second}")
    answer = visitor.post(f"{page}schedule/", {"item": [first]})
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]
    calendar = visitor.get(f"{page[:-1]}.ics?item={first}").content.decode()
    assert calendar.count("BEGIN:VEVENT") == 1 and "On engines" in calendar


def test_a_schedule_that_was_sent_can_be_kept() -> None:
    page, codes = with_programme()
    mia = signed_in(make.member("mia"))
    sent = body(mia, f"{page}schedule/?item={codes[1]}")
    assert "Keep them on my account" in sent
    mia.post(f"{page}schedule/", {"item": [codes[1]]})
    assert "Keep them on my account" not in body(mia, f"{page}schedule/?item={codes[1]}")
