"""Calendars of workshops."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from tests.pages.workshop_parts import UTC, date, event, item

pytestmark = pytest.mark.django_db


def calendar(client: Client, address: str) -> tuple[bytes, dict[str, Any]]:
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    return response.content, {str(event["summary"]): event for event in events}


def test_a_calendar_has_day_deadlines_and_talks_as_instants(client: Client) -> None:
    workshop = event(slug="dynn", host_conference="ICML 2022", location="Baltimore, MD")
    date(workshop, date=dt.date(2022, 5, 31), ends_at=dt.datetime(2022, 6, 1, 12, tzinfo=UTC))
    date(workshop, "Notification", date=dt.date(2022, 6, 13))
    date(workshop, "Workshop day", date=dt.date(2022, 7, 22))
    item(workshop, "09:15", "10:00", "On engines", speaker="Ada Byron")

    body, events = calendar(client, "/workshops/dynn.ics")

    assert b"\r\n" in body and b"\n" not in body.replace(b"\r\n", b"")
    assert set(events) == {
        "DyNN 2022 at ICML 2022",
        "DyNN 2022: Submission deadline",
        "DyNN 2022: Notification",
        "Ada Byron: On engines",
    }
    assert events["DyNN 2022 at ICML 2022"]["dtstart"].dt == dt.date(2022, 7, 22)
    deadline = events["DyNN 2022: Submission deadline"]["dtstart"].dt
    assert deadline == dt.datetime(2022, 6, 1, 12, tzinfo=UTC)
    assert events["DyNN 2022: Notification"]["dtstart"].dt == dt.date(2022, 6, 13)
    talk = events["Ada Byron: On engines"]
    assert talk["dtstart"].dt == dt.datetime(2022, 7, 22, 13, 15, tzinfo=UTC)
    assert talk["dtend"].dt == dt.datetime(2022, 7, 22, 14, 0, tzinfo=UTC)


def test_a_calendar_says_the_same_twice_with_unique_ids(client: Client) -> None:
    workshop = event(slug="dynn")
    for start in ("10:00", "12:00"):
        item(workshop, start, "13:00", "Break")

    first, second = (client.get("/workshops/dynn.ics") for _ in range(2))

    assert first.content == second.content
    ids = [str(e["uid"]) for e in Calendar.from_ical(first.content).walk("VEVENT")]
    assert len(set(ids)) == len(ids) == 3
    again = client.get("/workshops/dynn.ics", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_talk_without_known_zone_floats_and_a_moved_deadline_counts_up(client: Client) -> None:
    workshop = event(slug="dynn", timezone="", status="proposed")
    item(workshop, "09:15", "", "On engines")
    old = [{"date": "2022-05-19"}, {"date": "2022-05-25"}]
    date(workshop, date=dt.date(2022, 5, 31), previous=old)

    _, events = calendar(client, "/workshops/dynn.ics")

    assert events["On engines"]["dtstart"].dt == dt.datetime(2022, 7, 22, 9, 15)
    deadline = events["DyNN 2022: Submission deadline"]
    assert (deadline["sequence"], str(deadline["status"])) == (2, "TENTATIVE")
    assert "Moved from 19 May 2022" in deadline["description"]


def test_all_days_and_deadlines_come_in_one_calendar(client: Client) -> None:
    for slug in ("one", "two"):
        date(event(slug=slug, acronym=slug), date=dt.date(2022, 5, 31))

    _, events = calendar(client, "/workshops/dates.ics")

    assert set(events) == {
        f"{slug} 2022{rest}" for slug in ("one", "two") for rest in ("", ": Submission deadline")
    }
