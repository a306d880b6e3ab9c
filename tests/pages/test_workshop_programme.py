"""The programme of a workshop: zones, midnight, talks and their papers."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from papers.workshops.programme import id_range, timed, zone_words
from tests import make
from tests.pages.workshop_parts import UTC, accepted, event, item, read

pytestmark = pytest.mark.django_db


def test_the_programme_shows_printed_times_and_utc(client: Client) -> None:
    workshop = event(timezone="Etc/GMT-2", date=dt.date(2021, 5, 7))
    item(workshop, "13:45", "14:00", "Opening words", kind="opening")

    html = read(client, workshop)

    assert "13:45–14:00" in html
    assert '<time datetime="2021-05-07T11:45:00+00:00">11:45</time> UTC' in html
    assert "Times as printed, UTC+2" in html


def test_an_unknown_zone_is_said_and_not_guessed(client: Client) -> None:
    workshop = event(timezone="")
    item(workshop, "09:00", "10:00")

    html = read(client, workshop)

    assert "No source names the time zone" in html
    assert "UTC</" not in html.split('<ol class="programme">', 1)[1].split("</ol>", 1)[0]


def test_entries_may_cross_midnight_here_and_in_utc(client: Client) -> None:
    workshop = event()
    item(workshop, "20:30", "21:30", "Late talk")
    item(workshop, "23:30", "00:30", "Night talk")
    item(workshop, "01:00", "02:00", "Owl talk")

    slots = timed(workshop, workshop.schedule.select_related("workshop"))

    assert [slot.starts_at.isoformat()[:16] for slot in slots if slot.starts_at] == [
        "2022-07-23T00:30",
        "2022-07-23T03:30",
        "2022-07-23T05:00",
    ]
    assert [slot.utc_days_later for slot in slots] == [1, 1, 0]
    assert slots[1].ends_at == dt.datetime(2022, 7, 23, 4, 30, tzinfo=UTC)
    assert "UTC +1 d" in read(client, workshop)


def test_zones_are_told_as_readers_know_them() -> None:
    zones = ("America/New_York", "Etc/GMT-2", "UTC", "Asia/Kolkata")
    day = dt.datetime(2022, 7, 22, 9)
    words = [zone_words(day.replace(tzinfo=ZoneInfo(zone))) for zone in zones]
    assert words == ["EDT, UTC−4", "UTC+2", "UTC", "IST, UTC+5:30"]


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("Poster Session I (Paper IDs: # 1-45)", (1, 45)),
        ("Posters, ids 46–96", (46, 96)),
        ("Poster session", None),
        ("Grids 1-2", None),
    ],
)
def test_a_session_may_name_its_papers_by_ids(title: str, ids: tuple[int, int] | None) -> None:
    assert id_range(title) == ids


def test_a_talk_leads_to_its_accepted_paper_and_that_to_the_paper(client: Client) -> None:
    workshop = event()
    paper = make.paper("MatFormer", key="matformer")
    entry = accepted(workshop, "MatFormer", "Ada Byron", number="oral-2", paper=paper)
    item(workshop, "09:00", "09:10", "MatFormer", speaker="Ada Byron", kind="contributed")
    item(workshop, "09:10", "09:20", "Renamed", accepted=entry)

    html = read(client, workshop)

    assert html.count('href="#paper-oral-2">Accepted paper oral-2') == 2
    assert '<li id="paper-oral-2">' in html
    assert 'href="/papers/matformer/"' in html
    assert 'href="/people/ada-byron/"' in html


def test_a_hidden_paper_is_not_linked_from_the_list(client: Client) -> None:
    workshop = event()
    accepted(workshop, "Printed", paper=make.paper("Secret title", key="secret", state="hidden"))

    html = read(client, workshop)

    assert "Printed" in html and "secret" not in html.lower()


def test_a_long_programme_is_folded_after_its_first_entries(client: Client) -> None:
    workshop = event(date=dt.date(2021, 5, 7))
    for hour in range(12):
        item(workshop, f"{hour + 8:02d}:00", f"{hour + 8:02d}:30", f"Talk number {hour}")

    folded = read(client, workshop).split("<details", 1)[1]

    assert "6 more entries" in folded
    assert "Talk number 6" in folded
    assert "Talk number 5" not in folded


def test_nothing_is_folded_while_the_workshop_is_on(client: Client) -> None:
    workshop = event(timezone="UTC", date=dt.datetime.now(UTC).date())
    item(workshop, "00:00", "23:59", "All day")
    for hour in range(11):
        item(workshop, f"{hour + 8:02d}:00", f"{hour + 8:02d}:30", f"Talk number {hour}")

    html = read(client, workshop)

    assert "6 more entries" in html.split("<details", 1)[1]
    assert html.split("<details", 1)[1].split(">", 1)[0].strip() == "open"
