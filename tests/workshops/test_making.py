"""Members make workshops, moderators confirm them, organisers edit them."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from community.models import Act, WorkshopRequest
from papers.models import Person, Workshop
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, made, published

pytestmark = pytest.mark.django_db


def test_a_members_workshop_is_nobody_elses_until_a_moderator_confirms_it() -> None:
    mia = signed_in(make.member("mia"))
    workshop = made(mia)
    edit(mia, workshop, "overview", summary="Networks that do with less.")
    edit(mia, workshop, "people", {"name": "Ada Byron", "role": "keynote"})
    stranger, moderator = signed_in(make.member("sam")), signed_in(make.member("max", "moderators"))
    page = f"/workshops/{workshop.slug}/"

    assert workshop.slug == "frun-2027" and workshop.state == "draft"
    for reader in (Client(), stranger, moderator):
        assert reader.get(page).status_code == 404
    mia.post(f"{page}hand-in")
    assert Client().get(page).status_code == 404
    assert stranger.get(f"{page}preview/").status_code == 404
    assert "Networks that do with less." in body(moderator, f"{page}preview/")
    assert "Frugal Networks" in body(moderator, "/moderation/")
    assert not Person.objects.filter(name="Ada Byron").exists()

    asked = WorkshopRequest.objects.get()
    decision = {"decision": "publish", "revision": asked.revision}
    moderator.post(f"/moderation/workshop/{asked.pk}/", decision)

    public = body(Client(), page)
    assert "Networks that do with less." in public and "Ada Byron" in public
    assert page in body(Client(), "/workshops/")
    assert [act.after for act in Act.objects.order_by("pk")] == ["pending", "published"]


def test_a_declined_workshop_stays_a_draft_with_the_reason() -> None:
    mia = signed_in(make.member("mia"))
    moderator = signed_in(make.member("max", "moderators"))
    workshop = made(mia)
    mia.post(f"/workshops/{workshop.slug}/hand-in")
    asked = WorkshopRequest.objects.get()

    sent = {"decision": "decline", "reason": "Say who organises it.", "revision": asked.revision}
    moderator.post(f"/moderation/workshop/{asked.pk}/", sent)

    assert "Say who organises it." in body(mia, f"/workshops/{workshop.slug}/edit/")
    assert moderator.get(f"/workshops/{workshop.slug}/").status_code == 404


def test_a_workshop_that_is_taken_off_takes_its_people_along() -> None:
    olga, workshop = published()
    edit(olga, workshop, "people", {"name": "Ada Byron", "role": "keynote"})
    assert "Ada Byron" in body(Client(), f"/workshops/{workshop.slug}/")

    olga.post(f"/workshops/{workshop.slug}/hand-in", {"do": "withdraw"})

    workshop.refresh_from_db()
    assert Client().get(f"/workshops/{workshop.slug}/").status_code == 404
    assert not workshop.roles.exists()
    assert "1 person" in body(olga, f"/workshops/{workshop.slug}/edit/")


def test_an_invited_organiser_edits_and_a_removed_one_does_not() -> None:
    olga, workshop = published()
    desk = f"/workshops/{workshop.slug}/edit/"
    nora = signed_in(make.member("nora"))
    assert nora.get(desk).status_code == 404

    olga.post(f"/workshops/{workshop.slug}/organisers", {"who": "Nora"})
    olga.post(f"/workshops/{workshop.slug}/organisers", {"who": "leo@example.com"})

    assert edit(nora, workshop, "overview", summary="By Nora.").status_code == 302
    assert "By Nora." in body(Client(), f"/workshops/{workshop.slug}/")
    [letter] = mail.outbox
    link = re.search(r"/workshops/invitations/[\w-]+/", letter.body)
    leo = signed_in(make.member("leo"))
    assert link and "Frugal" in body(leo, link[0])
    leo.post(link[0])
    assert leo.get(desk).status_code == 200
    assert leo.get(link[0]).status_code == 404
    assert "leo@example.com" not in body(olga, desk)

    row = workshop.organisers.get(user__username="nora")
    olga.post(f"/workshops/{workshop.slug}/organisers", {"remove": row.pk})
    assert nora.get(desk).status_code == 404


def test_the_last_organiser_stays() -> None:
    mia = signed_in(make.member("mia"))
    workshop = made(mia)
    row = workshop.organisers.get()

    mia.post(f"/workshops/{workshop.slug}/organisers", {"remove": row.pk})

    assert workshop.organisers.filter(pk=row.pk).exists()


def test_the_next_edition_takes_the_structure_and_no_content() -> None:
    olga, workshop = published()
    edit(olga, workshop, "facts", edition="2nd", location="Vienna")
    date = {"label": "Submission deadline", "date": "2027-05-01", "time": "23:59", "zone": "AoE"}
    edit(olga, workshop, "dates", date)
    edit(olga, workshop, "people", {"name": "Ada Byron", "role": "keynote"})
    talk = {"start": "9:00", "end": "10:00", "kind": "keynote", "title": "On engines"}
    lunch = {"start": "12:00", "end": "13:00", "kind": "lunch", "title": "Lunch"}
    edit(olga, workshop, "programme", talk, lunch)

    page = olga.get(f"/workshops/new/?after={workshop.slug}")
    values = {box.name: box.text for box in page.context["boxes"]}
    assert (values["edition"], values["year"], values["location"]) == ("3rd", "2028", "")
    olga.post("/workshops/new/", values | {"after": workshop.slug})
    following = Workshop.objects.get(year=2028)

    assert following.previous_edition == workshop and following.series == workshop.series
    drafts = {block.code: block.content for block in following.blocks.all()}
    [label] = drafts["dates"]["important_dates"]
    assert label == {"label": "Submission deadline", "time": "23:59", "zone": "AoE"}
    assert [item["title"] for item in drafts["programme"]["schedule"]] == ["", "Lunch"]
    assert "Byron" not in str(drafts) and "engines" not in str(drafts)
    desk = body(olga, f"/workshops/{following.slug}/edit/")
    assert "1 keynote" in desk and desk.count("missing") >= 4


def test_an_empty_form_is_told_at_its_boxes() -> None:
    mia = signed_in(make.member("mia"))
    answer = mia.post("/workshops/new/", {"name": "", "year": "2027"})
    assert answer.status_code == 422
    told = {box.name: box.told for box in answer.context["boxes"] if box.told}
    assert told == {"name": "Give the workshop a name."}
    chinese = mia.post("/workshops/new/", {"name": "动态神经网络研讨会", "year": "2027"})
    told = {box.name: box.told for box in chinese.context["boxes"] if box.told}
    assert list(told) == ["series"] and "Latin letters" in told["series"]


def test_a_day_outside_the_year_is_asked_about() -> None:
    answer = signed_in(make.member("mia")).post(
        "/workshops/new/",
        {
            "name": "Workshop on Frugal Networks",
            "acronym": "FruN",
            "year": "2027",
            "date": "2026-07-30",
        },
    )

    assert answer.status_code == 422
    assert "not in the year" in answer.content.decode()
