"""Workshops: where they stand, dates with history, their pages and the index."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from papers.workshops.programme import in_aoe
from papers.workshops.status import days_left, status_of
from tests import make
from tests.pages.workshop_parts import NOON, UTC, accepted, date, event, item, read, role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "day", "code"),
    [
        ("held", "2022-01-01", "held"),
        ("held", None, "held"),
        ("held or planned", "2022-01-01", "unconfirmed"),
        ("held or planned", "2022-08-01", "open"),
        ("", "2022-05-20", "running"),
        ("proposed, not confirmed", "2022-01-01", "proposed"),
        ("cancelled", "2022-08-01", "cancelled"),
    ],
)
def test_a_workshop_stands_where_its_status_and_day_put_it(
    status: str, day: str | None, code: str
) -> None:
    workshop = event(status=status, date=dt.date.fromisoformat(day) if day else None)
    deadline = date(workshop, date=dt.date(2022, 5, 21))
    assert status_of(workshop, [deadline], NOON).code == code


def test_a_deadline_without_zone_passes_only_when_its_day_is_over_everywhere() -> None:
    deadline = date(event(), date=dt.date(2022, 5, 19))
    last_hour = dt.datetime(2022, 5, 20, 11, 59, tzinfo=UTC)
    assert days_left(deadline, last_hour) == 0
    assert days_left(deadline, NOON) is None


def test_a_proposal_tells_its_doubts_first_and_a_held_edition_its_talks(client: Client) -> None:
    for status, first, second in (
        ("proposed", 'id="notes"', 'id="talks"'),
        ("held", 'id="talks"', 'id="notes"'),
    ):
        workshop = event(status=status, notes=["No source confirms it."])
        role(workshop, "Ada Byron", "keynote")
        html = read(client, workshop)
        assert html.index(first) < html.index(second)


def test_a_moved_deadline_keeps_its_old_dates_and_when_they_were_announced(client: Client) -> None:
    workshop = event()
    date(
        workshop,
        date=dt.date(2022, 5, 31),
        note="Anywhere on Earth",
        ends_at=dt.datetime(2022, 6, 1, 12, tzinfo=UTC),
        previous=[
            {"date": "2022-05-19", "published": "2022-04-01"},
            {"date": "2022-05-25"},
            {"date": "2022-05-31", "published": "2022-05-24"},
        ],
    )

    html = read(client, workshop)

    assert '<del><time datetime="2022-05-19">19 May 2022</time></del>' in html
    assert '<del><time datetime="2022-05-25">25 May 2022</time></del>' in html
    assert '<del><time datetime="2022-05-31">' not in html
    assert "announced 1 Apr 2022" in html and "moved to 31 May on 24 May 2022" in html
    assert "1 Jun 2022, 12:00 UTC" in html and "end of 31 May 2022 AoE" in html
    assert "passed" in html


def test_days_left_are_told_without_script(client: Client) -> None:
    soon = dt.datetime.now(UTC) + dt.timedelta(days=6, hours=1)
    workshop = event(status="", date=soon.date() + dt.timedelta(days=30), year=soon.year)
    date(workshop, date=soon.date(), note="UTC", ends_at=soon)

    assert "6 days left" in read(client, workshop)
    index = client.get("/workshops/").content.decode()
    assert "Open and coming" in index and "Submission deadline: 6 days left" in index


@pytest.mark.parametrize(
    ("instant", "words"),
    [("2022-06-01T12:00", "end of 31 May 2022"), ("2021-03-01T10:59", "28 Feb 2021, 22:59")],
)
def test_an_instant_is_told_in_the_zone_of_the_last_shore(instant: str, words: str) -> None:
    assert in_aoe(dt.datetime.fromisoformat(instant).replace(tzinfo=UTC)) == words


def test_an_edition_of_which_little_is_known_is_still_a_page(client: Client) -> None:
    html = read(client, make.workshop(year=2019, status="held or planned"))

    assert "not confirmed" in html and "day not known" in html
    assert 'id="programme"' not in html and 'id="accepted"' not in html


def test_markup_in_facts_stays_text(client: Client) -> None:
    workshop = event(name="</script><b>W</b>", summary="<i>x</i>", topics=["<b>t</b>"])
    accepted(workshop, "<b>title</b>", number='"><b>')

    html = read(client, workshop)

    assert "<b>W" not in html and "<b>t" not in html and "<i>x" not in html
    assert "\\u003C/script\\u003E" in html


def test_a_script_element_of_data_carries_the_nonce(client: Client) -> None:
    response = client.get(event().get_absolute_url())
    nonce = response.content.decode().split('ld+json" nonce="', 1)[1].split('"', 1)[0]
    assert len(nonce) > 10 and nonce in response["Content-Security-Policy"]


def test_the_index_counts_papers_and_people_once(client: Client) -> None:
    workshop = event()
    role(workshop, "Ada Byron", "organizer")
    accepted(workshop, "One", "Ada Byron", "Jo March")

    html = client.get("/workshops/").content.decode()

    assert "1 paper<" in html and "2 people" in html and '<h2 id="y2022">2022</h2>' in html


def test_unknown_workshops_are_not_found(client: Client) -> None:
    for address in ("/workshops/none/", "/workshops/none.ics"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_pages_need_the_same_queries_for_any_number(
    client: Client, number: int, django_assert_num_queries
) -> None:
    here, near = event(slug="here", series="a"), event(slug="near", series="b")
    make.topic()
    for one in range(number):
        paper = make.paper(f"Paper {one}", key=f"p{one}")
        for workshop in (here, near):
            entry = accepted(workshop, f"Paper {one}", f"Ada{one} Byron", paper=paper)
            role(workshop, f"Jo{one} March", "keynote")
            date(workshop, date=dt.date(2022, 5, 31))
            item(workshop, "09:00", "10:00", speaker=f"Jo{one} March", accepted=entry)
    client.get("/workshops/near/")  # the kinds of content are asked for once a process
    with django_assert_num_queries(17):  # one for its videos, one for ways in
        client.get("/workshops/here/")
    with django_assert_num_queries(5):
        client.get("/workshops/")
    with django_assert_num_queries(9):
        client.get("/workshops/here.ics")
    with django_assert_num_queries(5):
        client.get("/workshops/dates.ics")
