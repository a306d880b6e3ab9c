"""Workshops: state, dates with history, programme in zones, papers, people, calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    ScheduleItem,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from papers.programme import id_range, in_aoe, timed, zone_words
from papers.standing import days_left, standing_of
from papers.workshop_topics import matched_topics
from taxonomy.models import Topic
from tests import make

pytestmark = pytest.mark.django_db

UTC = dt.UTC
NOON = dt.datetime(2022, 5, 20, 12, tzinfo=UTC)


def read(client: Client, workshop: Workshop) -> str:
    response = client.get(workshop.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def event(**fields: Any) -> Workshop:
    fields = {"date": dt.date(2022, 7, 22), "timezone": "America/New_York", **fields}
    return make.workshop(**{"status": "held", **fields})


def date(workshop: Workshop, label: str = "Submission deadline", **fields: Any) -> WorkshopDate:
    return WorkshopDate.objects.create(
        workshop=workshop, label=label, position=workshop.dates.count(), **fields
    )


def item(workshop: Workshop, start: str, end: str, title: str = "A talk", **fields: Any):
    return ScheduleItem.objects.create(
        workshop=workshop,
        position=workshop.schedule.count(),
        start=dt.time.fromisoformat(start) if start else None,
        end=dt.time.fromisoformat(end) if end else None,
        title=title,
        **fields,
    )


def accepted(workshop: Workshop, title: str, *authors: str, **fields: Any) -> AcceptedPaper:
    entry = AcceptedPaper.objects.create(
        workshop=workshop, position=workshop.accepted.count(), title=title, **fields
    )
    for place, name in enumerate(authors):
        AcceptedAuthor.objects.create(
            accepted=entry, position=place, printed_name=name, person=make.person(name)
        )
    return entry


def role(workshop: Workshop, name: str, what: str, **fields: Any) -> WorkshopRole:
    return WorkshopRole.objects.create(
        workshop=workshop,
        position=workshop.roles.count(),
        role=what,
        printed_name=name,
        person=make.person(name),
        **fields,
    )


# --- where it stands ------------------------------------------------------------------------


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
    assert standing_of(workshop, [deadline], NOON).code == code


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
        role(workshop, "Ada Byron", "keynote", talk_title="On engines")
        html = read(client, workshop)
        assert html.index(first) < html.index(second)


# --- dates ----------------------------------------------------------------------------------


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


# --- programme ------------------------------------------------------------------------------


def test_the_programme_shows_printed_times_and_utc(client: Client) -> None:
    workshop = event(timezone="Etc/GMT-2", date=dt.date(2021, 5, 7))
    item(workshop, "13:45", "14:00", "Opening words", kind="opening")

    html = read(client, workshop)

    assert "13:45–14:00" in html
    assert '<time datetime="2021-05-07T11:45Z">11:45</time> UTC' in html
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


# --- papers and people ----------------------------------------------------------------------


def test_a_missing_file_is_said_where_others_have_one(client: Client) -> None:
    workshop = event()
    accepted(workshop, "With", pdf="https://example.org/1.pdf", award="Best paper")
    accepted(workshop, "Without")

    html = read(client, workshop)

    assert html.count("PDF not provided") == 1 and "Video" not in html
    assert 'href=""' not in html and "Best paper" in html


def test_orals_come_before_posters_and_a_name_leads_where_there_is_more(client: Client) -> None:
    workshop = event()
    accepted(workshop, "A poster", "Only Here", presentation="poster")
    accepted(workshop, "An oral", "Known Author", presentation="oral")
    make.paper("Elsewhere", authors=["Known Author"])

    html = read(client, workshop)

    assert html.index("Oral papers") < html.index("An oral") < html.index("Poster papers")
    assert 'href="/people/known-author/"' in html
    assert "Only Here" in html and "/people/only-here/" not in html


def test_people_are_grouped_by_role_and_talks_know_their_time(client: Client) -> None:
    workshop = event()
    role(workshop, "Grace H", "pc", affiliation="Navy")
    role(workshop, "Ada Byron", "keynote", status="proposed")
    role(workshop, "Jo March", "organizer")
    role(workshop, "Amy March", "panelist")
    role(workshop, "Meg March", "tea_maker")
    item(workshop, "09:15", "10:00", "On engines", speaker="Ada Byron", kind="keynote")

    html = read(client, workshop)

    order = ["On engines", "Amy March", "Organizers", "Programme committee", "Tea maker"]
    assert [html.index(text) for text in order] == sorted(html.index(text) for text in order)
    talk = html.split('<ul class="plain talks">', 1)[1].split("</ul>", 1)[0]
    assert 'href="#item-1"' in talk and "09:15" in talk and "proposed" in talk


def test_personal_addresses_and_drafts_are_never_shown(client: Client) -> None:
    drafts = {"note": "Winner: Placeholder Name"}
    personal = event(contact="Ada Byron <ada@example.org>", draft_content=drafts)
    shared = event(contact="hello.dynn@example.org (role address of the workshop)")

    html = read(client, personal)
    assert "ada@example.org" not in html and "example.org" not in html and "Placeholder" not in html
    spelt = read(client, shared)
    assert "hello.dynn (at) example.org" in spelt and "mailto:" not in spelt


def test_sponsors_competition_history_and_links_are_told(client: Client) -> None:
    make.person("Omar Awad")
    workshop = event(
        sponsors=[{"name": "Acme", "tier": "gold"}, "Bolt"],
        competition={
            "task": "Ten minutes",
            "results": [
                {"rank": 1, "team": "T1", "members": ["Omar Awad", "X Y"], "accuracy": 88.04}
            ],
        },
        history=[{"date": "2022-04-15", "event": "site published"}],
        news=[{"date": "2022-05-01", "title": "Call is open"}],
        links=[{"label": "Replay", "url": "https://example.org/replay"}],
        sources=["github:a/b@abc123 (index.md)", "a letter"],
    )

    html = read(client, workshop)

    for text in ("Gold", "Acme", "Bolt", "Ten minutes", "88.0", "Site published", "Call is open"):
        assert text in html
    assert 'href="/people/omar-awad/"' in html
    assert 'Recordings: <a href="https://example.org/replay">' in html
    assert 'href="https://github.com/a/b/tree/abc123"' in html


def test_other_editions_and_workshops_with_the_same_people_are_found(client: Client) -> None:
    here = event(series="dynn", slug="dynn-2022")
    before = event(series="dynn", year=2021, slug="dynn-2021")
    near = event(series="haet", acronym="HAET", slug="haet-2022")
    far = event(series="want", acronym="WANT", slug="want-2022")
    for workshop in (here, before, near):
        role(workshop, "Ada Byron", "organizer")
    accepted(here, "Shared work", "Jo March")
    accepted(near, "Shared work", "Amy March")

    html = read(client, here)

    related = html.split("Workshops with people or papers in common", 1)[1]
    assert near.get_absolute_url() in related and "Shared work" in related
    assert "1 person: " in related and far.get_absolute_url() not in html
    assert before.get_absolute_url() not in related and before.get_absolute_url() in html


def test_listed_topics_lead_to_the_taxonomy_where_a_name_fits() -> None:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise")
    exits = make.topic("Early exiting", parent=root)
    experts = make.topic("Skipping branches: mixture of experts", parent=root)
    make.topic("Theory", parent=root)
    phrases = ["early-exit methods", "Mixture-of-Experts models", "data", "dynamic networks", ""]

    found = matched_topics(phrases, Topic.objects.all())

    assert [topic for _, topic in found] == [exits, experts, None, None, None]


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


# --- calendars ------------------------------------------------------------------------------


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
            talk = item(workshop, "09:00", "10:00", speaker=f"Jo{one} March", accepted=entry)
            talk.speakers.add(make.person(f"Jo{one} March"))
    with django_assert_num_queries(19):  # one of them for its videos
        client.get("/workshops/here/")
    with django_assert_num_queries(5):
        client.get("/workshops/")
    with django_assert_num_queries(8):
        client.get("/workshops/here.ics")
    with django_assert_num_queries(3):
        client.get("/workshops/dates.ics")
