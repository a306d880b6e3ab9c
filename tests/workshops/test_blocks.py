"""Blocks are drafts, scheduled or public; dates move; what is public has a history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from papers.curation.workshop_blocks import settle_due
from papers.data_files.loading import load_catalogue
from papers.models import Workshop, WorkshopBlock
from papers.workshops.moving import kind_of
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, published

pytestmark = pytest.mark.django_db
DEADLINE = {"label": "Submission deadline", "date": "2027-05-01", "time": "23:59", "zone": "AoE"}


def events(workshop: Workshop) -> dict[str, Any]:
    content = Client().get(f"/workshops/{workshop.slug}.ics").content
    return {str(e["summary"]): e for e in Calendar.from_ical(content).walk("VEVENT")}


def test_a_moved_deadline_stays_struck_through_with_its_id_and_a_higher_sequence() -> None:
    olga, workshop = published()
    edit(olga, workshop, "dates", DEADLINE)
    before = events(workshop)["FruN 2027: Submission deadline"]
    fan = signed_in(make.member("fan"))
    fan.post(reverse("follow"), {"kind": "workshop", "target": workshop.slug})

    edit(olga, workshop, "dates", DEADLINE | {"date": "2027-05-08", "label": "Papers due"})

    page = body(Client(), f"/workshops/{workshop.slug}/")
    assert '<del><time datetime="2027-05-01">' in page
    after = events(workshop)["FruN 2027: Papers due"]
    assert after["uid"] == before["uid"] and int(after["sequence"]) > int(before["sequence"])
    assert before["dtstart"].dt == dt.datetime(2027, 5, 2, 11, 59, tzinfo=dt.UTC)
    assert "Papers due moved from 1 May 2027 to 8 May 2027." in body(fan, "/following/")
    back = edit(olga, workshop, "dates", DEADLINE)
    assert back.status_code == 302
    again = events(workshop)["FruN 2027: Submission deadline"]
    assert int(again["sequence"]) > int(after["sequence"])


def test_a_draft_leaves_the_public_page_as_it_is_and_the_preview_shows_it() -> None:
    olga, workshop = published()
    edit(olga, workshop, "overview", summary="Old words.")
    edit(olga, workshop, "overview", summary="New words.", state="draft")
    page = f"/workshops/{workshop.slug}/"

    assert "Old words." in body(Client(), page)
    assert "New words." in body(olga, f"{page}preview/")
    assert "Old words." in body(Client(), page)
    assert "New words." in body(olga, f"{page}edit/overview/")


def test_a_scheduled_block_comes_and_goes_when_it_is_due() -> None:
    olga, workshop = published()
    sent = {"state": "scheduled", "show_from": "2030-01-01T09:00", "hide_after": "2030-02-01T09:00"}
    edit(olga, workshop, "overview", summary="Later words.", **sent)
    page = f"/workshops/{workshop.slug}/"
    assert "Later words." not in body(Client(), page)
    [block] = WorkshopBlock.objects.filter(code="overview")
    assert block.show_from == dt.datetime(2030, 1, 1, 8, tzinfo=dt.UTC)  # nine in Vienna

    past = timezone.now() - dt.timedelta(minutes=1)
    WorkshopBlock.objects.filter(pk=block.pk).update(show_from=past)
    assert settle_due() == 1
    assert "Later words." in body(Client(), page)

    WorkshopBlock.objects.filter(pk=block.pk).update(hide_after=past)
    assert settle_due() == 1
    assert "Later words." not in body(Client(), page)
    assert "Later words." in body(olga, f"{page}edit/overview/")


def test_news_of_a_coming_day_and_drafts_are_kept_back() -> None:
    olga, workshop = published()
    edit(
        olga,
        workshop,
        "news",
        {"date": "2026-01-02", "title": "It begins", "text": "With *less*."},
        {"date": "2099-01-01", "title": "Far away"},
        {"date": "2026-01-03", "title": "Not sure", "draft": "yes"},
    )
    page = body(Client(), f"/workshops/{workshop.slug}/")
    feed = body(Client(), f"/feeds/workshops/{workshop.slug}/news.atom")

    assert ">2 Jan 2026</time>" in page
    assert "It begins" in page and "<em>less</em>" in page and "It begins" in feed
    for text in (page, feed):
        assert "Far away" not in text and "Not sure" not in text
    assert "Far away" in body(olga, f"/workshops/{workshop.slug}/edit/news/")


def test_an_organiser_sets_one_change_back_while_later_ones_stay() -> None:
    olga, workshop = published()
    nora = signed_in(make.member("nora"))
    olga.post(f"/workshops/{workshop.slug}/organisers", {"who": "nora"})
    edit(nora, workshop, "people", {"name": "Ada Byron", "role": "keynote"})
    edit(nora, workshop, "dates", DEADLINE)
    history = nora.get(f"/workshops/{workshop.slug}/history/")
    change = next(c for c in history.context["page"] if "people" in [f.name for f in c.fields])

    sent = {"change": change.key, "scope": "record", "reason": "Not confirmed yet."}
    nora.post(f"/workshops/{workshop.slug}/history/undo", sent)

    page = body(Client(), f"/workshops/{workshop.slug}/")
    assert "Ada Byron" not in page and "Submission deadline" in page
    assert (
        signed_in(make.member("sam"))
        .post(f"/workshops/{workshop.slug}/history/undo", sent)
        .status_code
        == 403
    )


def test_times_are_repaired_with_a_question_and_overlaps_are_told() -> None:
    olga, workshop = published()
    talk = {"start": "18.15 PM", "end": "8:00 PM", "title": "On engines", "speaker": "Ada Byron"}

    asked = edit(olga, workshop, "programme", talk)
    assert asked.status_code == 422 and "is 18:15 meant?" in asked.content.decode()
    assert not workshop.schedule.exists()

    repaired = {box.name: box.text for box in asked.context["sheet"].lines[0].boxes}
    assert repaired["row-0-start"] == "18:15" and repaired["row-0-end"] == "20:00"
    other = {"start": "19:00 - 19:30", "title": "Panel", "kind": "panel"}
    saved = edit(olga, workshop, "programme", talk | {"start": "18:15"}, other)
    assert saved.status_code == 302
    assert "overlap" in body(olga, f"/workshops/{workshop.slug}/edit/")
    assert [str(item.end) for item in workshop.schedule.all()] == ["20:00:00", "19:30:00"]


def test_a_withdrawn_talk_stays_and_its_time_is_given_to_what_follows() -> None:
    olga, workshop = published()
    first = {"start": "9:00", "end": "9:30", "title": "On engines"}
    second = {"start": "9:30", "end": "10:00", "title": "On looms"}
    edit(olga, workshop, "programme", first, second)
    [code] = workshop.schedule.filter(title="On engines").values_list("code", flat=True)

    edit(olga, workshop, "programme", first | {"withdrawn": "yes"}, do=f"close-{code}")

    times = dict(workshop.schedule.values_list("title", "start"))
    assert times == {"On engines": dt.time(9), "On looms": dt.time(9)}
    assert "withdrawn" in body(Client(), f"/workshops/{workshop.slug}/")
    assert str(events(workshop)["On engines"]["status"]) == "CANCELLED"


def test_whoever_saves_second_is_told_and_loses_nothing() -> None:
    olga, workshop = published()
    page = olga.get(f"/workshops/{workshop.slug}/edit/overview/")
    edit(olga, workshop, "overview", summary="First.")

    late = {"seen": page.context["seen"], "summary": "Second.", "do": "save"}
    answer = olga.post(f"/workshops/{workshop.slug}/edit/overview/", late)

    assert answer.status_code == 409
    assert "olga changed this part" in answer.content.decode()
    assert "Second." in answer.content.decode()
    assert "First." in body(Client(), f"/workshops/{workshop.slug}/")


def test_a_data_file_of_the_same_name_does_not_change_what_organisers_wrote(tmp_path: Any) -> None:
    olga, workshop = published()
    edit(olga, workshop, "overview", summary="By its organisers.")
    folder = tmp_path / "workshops"
    folder.mkdir(parents=True)
    (folder / f"{workshop.slug}.yaml").write_text(
        f"slug: {workshop.slug}\nname: Another\nyear: 2027\nseries: frun\nsummary: By a file.\n"
    )

    report = load_catalogue(tmp_path)

    assert report.problems == [] and len(report.conflicts) >= 2
    workshop.refresh_from_db()
    assert (workshop.name, workshop.summary) == (
        "Workshop on Frugal Networks",
        "By its organisers.",
    )


def test_an_organisers_edit_of_a_shipped_workshop_survives_the_next_load(tmp_path: Any) -> None:
    folder = tmp_path / "workshops"
    folder.mkdir(parents=True)
    file = folder / "dynn-2022.yaml"
    said = "slug: dynn-2022\nname: DyNN\nyear: 2022\nseries: dynn\nsummary: Of the file.\n"
    file.write_text(said)
    load_catalogue(tmp_path)
    workshop = Workshop.objects.get()
    cam = signed_in(make.member("cam", "curators"))
    edit(cam, workshop, "overview", summary="Better words.")

    file.write_text(said + "location: Baltimore\n")
    report = load_catalogue(tmp_path)

    workshop.refresh_from_db()
    assert (workshop.summary, workshop.location) == ("Better words.", "Baltimore")
    assert report.kept == ["workshop dynn-2022: summary"]


def test_checking_while_typing_saves_nothing() -> None:
    make.topic("Early exiting", parent=make.topic("Instance-wise", slug="instance-wise"))
    olga, workshop = published()

    answer = edit(olga, workshop, "overview", summary="We ask for early exits.", do="check")

    assert "Early exiting" in answer.content.decode()
    assert "early exits" not in body(Client(), f"/workshops/{workshop.slug}/")


def test_what_is_ticked_is_a_schedule_with_a_calendar_of_its_own(client: Client) -> None:
    olga, workshop = published()
    first = {"start": "9:00", "end": "9:30", "title": "On engines", "kind": "keynote"}
    second = {"start": "9:30", "end": "10:00", "title": "On looms", "kind": "invited"}
    edit(olga, workshop, "programme", first, second)
    assert 'value="on-looms"' in body(client, f"/workshops/{workshop.slug}/")

    page = body(client, f"/workshops/{workshop.slug}/schedule/?item=on-looms")

    assert "On looms" in page and "On engines" not in page
    content = client.get(f"/workshops/{workshop.slug}.ics?item=on-looms").content
    titles = [str(e["summary"]) for e in Calendar.from_ical(content).walk("VEVENT")]
    assert titles == ["On looms"]
    assert "Nothing is ticked" in body(client, f"/workshops/{workshop.slug}/schedule/")


def test_the_history_tells_words_that_changed_in_the_lists_of_a_workshop() -> None:
    olga, workshop = published()
    edit(olga, workshop, "overview", summary="A.", topics="Early exits\n2022")
    edit(olga, workshop, "overview", topics="Early exits\nGates")

    shown = body(olga, f"/workshops/{workshop.slug}/history/")

    assert "Early exits" in shown and "Gates" in shown


def test_what_stands_for_something_to_come_is_marked_on_the_page() -> None:
    olga, workshop = published()

    first = {"start": "9:00", "end": "9:30", "title": "TBA", "kind": "keynote"}
    second = {"start": "9:30", "end": "10:00", "title": "Tbadges for all", "kind": "panel"}
    edit(olga, workshop, "programme", first, second)

    assert "stands for something to come" in body(olga, f"/workshops/{workshop.slug}/edit/")
    page = body(Client(), f"/workshops/{workshop.slug}/")
    assert page.count("to be announced") == 1


def test_a_date_has_a_kind_for_the_call_its_calendar_and_the_list_of_deadlines() -> None:
    olga, workshop = published()
    soon = (timezone.now() + dt.timedelta(days=20)).date().isoformat()
    due = {"label": "Papers due", "date": soon, "zone": "AoE", "kind": "submission"}
    told = {"label": "Authors hear from us", "date": "2027-06-01", "kind": "notification"}
    assert edit(olga, workshop, "dates", due, told).status_code == 302

    page = body(Client(), workshop.get_absolute_url())
    assert "call open" in page and '<span class="tag">Notification</span>' in page
    event = events(workshop)["FruN 2027: Papers due"]
    assert [str(kind) for kind in event["categories"].cats] == ["submission"]
    [first, second] = Client().get(f"/api/v1/workshops/{workshop.slug}/").json()["dates"]
    assert (first["kind"], second["kind"]) == ("submission", "notification")

    deadlines = body(Client(), "/workshops/deadlines/")
    assert "Papers due" in deadlines and "Authors hear" in deadlines
    deadlines = body(Client(), "/workshops/deadlines/?kind=notification")
    assert "Papers due" not in deadlines and "Authors hear" in deadlines
    assert "deadlines.ics?kind=notification" in deadlines
    calendar = body(Client(), "/workshops/deadlines.ics?kind=notification")
    assert "Authors hear" in calendar and calendar.count("BEGIN:VEVENT") == 1
    assert "FruN" not in body(Client(), "/workshops/deadlines/?kind=camera-ready")


@pytest.mark.parametrize(
    ("kind", "label", "meant"),
    [
        ("", "Paper submission deadline", "submission"),
        ("", "Camera-ready submission deadline", "camera-ready"),
        ("", "Acceptance notification", "notification"),
        ("", "Submissions open", ""),
        ("event", "Submission deadline", "event"),
    ],
)
def test_a_date_without_a_kind_has_the_one_that_its_label_says(
    kind: str, label: str, meant: str
) -> None:
    assert kind_of(kind, label) == meant


def test_phases_of_a_competition_are_a_table_and_old_text_stays_text() -> None:
    olga, workshop = published()
    today = timezone.now().date()
    days = [(today + dt.timedelta(days=n)).isoformat() for n in (-40, -9, -8, 20)]
    typed = f"Warm-up | {days[0]} | {days[1]}\nFinal | {days[2]} | {days[3]}\nAwards"
    assert edit(olga, workshop, "competition", **{"competition.phases": typed}).status_code == 302

    page = body(Client(), workshop.get_absolute_url())
    assert page.count('aria-current="step"') == 1
    assert "Final" in page.split('aria-current="step"')[1][:90]
    workshop.refresh_from_db()
    assert workshop.competition["phases"][2] == {"name": "Awards"}
    sheet = olga.get(f"/workshops/{workshop.slug}/edit/competition/").context["sheet"]
    assert typed in [box.text for box in sheet.boxes]

    wrong = edit(olga, workshop, "competition", **{"competition.phases": "Final | in May"})
    assert wrong.status_code == 422 and "“in May”: write Name" in wrong.content.decode()
    prose = "First we train, then we measure."
    edit(olga, workshop, "competition", **{"competition.phases": prose})
    edit(olga, workshop, "competition", **{"competition.hardware": "One phone"})
    workshop.refresh_from_db()
    assert workshop.competition["phases"] == prose
    assert prose in body(Client(), workshop.get_absolute_url())


def test_the_forms_speak_chinese_and_what_is_kept_of_them_english() -> None:
    olga, workshop = published()
    edit(olga, workshop, "programme", {"start": "9:00", "title": "开场", "kind": "opening"})
    form = body(olga, f"/zh/workshops/{workshop.slug}/edit/programme/")
    assert "新条目" in form and 'value="opening" selected>开幕<' in form
    desk = body(olga, f"/zh/workshops/{workshop.slug}/edit/")
    assert "日程" in desk and "1 条目" in desk

    page = olga.get(f"/zh/workshops/{workshop.slug}/edit/programme/").context
    row = page["sheet"].lines[0]
    sent = {box.name: box.text for box in row.boxes if box.input.kind != "check"}
    sent |= {"seen": page["seen"], "do": "save", "row-0-was": "0", "row-0-room": "A"}
    address = f"/zh/workshops/{workshop.slug}/edit/programme/"
    assert olga.post(address, sent).status_code == 302
    workshop.refresh_from_db()
    [item] = workshop.schedule.all()
    assert (item.kind, item.room) == ("opening", "A")
    assert "Programme: edited by an organiser" in body(
        Client(), f"/workshops/{workshop.slug}/history/"
    )
