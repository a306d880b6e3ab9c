"""What a public workshop accepts is a paper here, and goes with its entry."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from community.models import WorkshopRequest
from papers.data_files.workshop_kind import Workshops
from papers.models import Conflict, Paper, Person
from papers.persons import Spellings
from tests import make
from tests.make import signed_in
from tests.workshops.organising import body, edit, made, published

pytestmark = pytest.mark.django_db
TITLE = "Exits that know when to stop in small networks"
ENTRY = {"id": "7", "title": TITLE, "authors": "Ada Byron; Grace Hopper", "presentation": "oral"}


def test_an_accepted_paper_has_a_page_is_found_and_stands_in_its_peoples_lists() -> None:
    olga, workshop = published()

    edit(olga, workshop, "papers", ENTRY)

    paper = Paper.objects.get(title=TITLE)
    page = body(Client(), paper.get_absolute_url())
    assert "FruN workshop, ICML 2027" in page and f"/workshops/{workshop.slug}/" in page
    assert f'href="{paper.get_absolute_url()}"' in body(Client(), f"/workshops/{workshop.slug}/")
    [version] = paper.versions.all()
    assert (version.kind, version.year, version.identifier) == ("workshop", 2027, "oral 7")
    ada = Person.objects.get(name="Ada Byron")
    assert TITLE in body(Client(), ada.get_absolute_url())
    assert paper.get_absolute_url() in body(Client(), "/papers/?q=exits+that+know+when+to+stop")


def test_a_members_paper_is_public_when_a_moderator_confirms_the_workshop() -> None:
    mia = signed_in(make.member("mia"))
    workshop = made(mia)
    edit(mia, workshop, "papers", ENTRY)
    body(mia, f"/workshops/{workshop.slug}/preview/")
    mia.post(f"/workshops/{workshop.slug}/hand-in")
    assert not Paper.objects.exists() and not Person.objects.filter(name="Ada Byron").exists()

    asked = WorkshopRequest.objects.get()
    moderator = signed_in(make.member("max", "moderators"))
    decision = {"decision": "publish", "revision": asked.revision}
    moderator.post(f"/moderation/workshop/{asked.pk}/", decision)

    assert Paper.objects.get().state == "public"


def test_what_is_here_is_tied_and_saving_again_changes_nothing() -> None:
    known = make.paper(title=TITLE, year=2026, authors=["Ada Byron", "Grace Hopper"])
    olga, workshop = published()
    other = ENTRY | {"id": "8", "title": "A second paper about depth", "authors": "Alan Turing"}

    for _ in range(2):
        edit(olga, workshop, "papers", ENTRY, other)
        workshop.refresh_from_db()

    assert set(Paper.objects.values_list("title", flat=True)) == {TITLE, other["title"]}
    assert workshop.accepted.get(number="7").paper == known
    assert known.versions.filter(kind="workshop").exists()


def test_a_doubtful_one_is_a_paper_of_its_own_and_a_curator_is_asked() -> None:
    known = make.paper(title=TITLE, year=2026, authors=["Somebody Else"])
    olga, workshop = published()

    edit(olga, workshop, "papers", ENTRY)
    edit(olga, workshop, "papers", ENTRY)

    new = Paper.objects.exclude(pk=known.pk).get()
    question = Conflict.objects.get(paper=new, field="same_as")
    assert question.there == known.key


def test_a_paper_goes_with_its_entry_and_comes_back_with_it() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", ENTRY)
    paper = Paper.objects.get()
    address = paper.get_absolute_url()

    edit(olga, workshop, "papers", {"remove": "1"})
    assert Client().get(address).status_code == 404
    edit(olga, workshop, "papers", ENTRY)
    assert Client().get(address).status_code == 200
    olga.post(f"/workshops/{workshop.slug}/hand-in", {"do": "withdraw"})
    assert Client().get(address).status_code == 404
    assert Paper.objects.get().pk == paper.pk


def test_what_a_curator_hid_does_not_come_back_by_saving_the_list() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", ENTRY)
    Paper.objects.update(state=Paper.State.HIDDEN)

    edit(olga, workshop, "papers", {"remove": "1"})
    edit(olga, workshop, "papers", ENTRY)

    assert Paper.objects.get().state == "hidden"


def test_a_paper_that_is_reworded_stays_the_same_record() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", ENTRY)

    edit(olga, workshop, "papers", {"title": "Stopping early, reconsidered"})

    paper = Paper.objects.get()
    assert paper.title == "Stopping early, reconsidered"
    assert workshop.accepted.get().paper == paper


def test_a_paper_that_stands_elsewhere_too_stays_when_the_workshop_goes() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", ENTRY)
    paper = Paper.objects.get()
    paper.field_sources.create(field="abstract", source="arXiv")

    edit(olga, workshop, "papers", {"remove": "1"})

    paper.refresh_from_db()
    assert paper.state == "public"
    assert not paper.versions.filter(kind="workshop").exists()


def test_setting_the_list_back_in_the_history_takes_its_papers_along() -> None:
    olga, workshop = published()
    edit(olga, workshop, "papers", ENTRY)
    history = f"/workshops/{workshop.slug}/history/"
    page = olga.get(history)
    change = next(c for c in page.context["page"] if "Accepted papers" in str(c.why))

    olga.post(f"{history}undo", {"change": change.key})

    assert not workshop.accepted.exists()
    assert Paper.objects.get().state == "hidden"


def test_lists_of_the_data_files_are_followed_by_a_command_that_may_run_twice() -> None:
    _, workshop = published()
    fields = {"accepted_papers": [{"id": "7", "title": TITLE, "authors": ["Ada Byron"]}]}
    Workshops(Spellings()).write(workshop.slug, fields)
    assert not Paper.objects.exists()

    for _ in range(2):
        call_command("load_accepted", verbosity=0)
        Workshops(Spellings()).write(workshop.slug, fields)

    assert workshop.accepted.get().paper == Paper.objects.get()
    assert Paper.objects.get().versions.get().kind == "workshop"


def test_a_paper_that_leaves_the_file_leaves_the_survey() -> None:
    _, workshop = published()
    fields = {"accepted_papers": [{"id": "7", "title": TITLE, "authors": ["Ada Byron"]}]}
    Workshops(Spellings()).write(workshop.slug, fields)
    call_command("load_accepted", verbosity=0)

    Workshops(Spellings()).write(workshop.slug, {"accepted_papers": []})
    call_command("load_accepted", verbosity=0)

    assert Paper.objects.get().state == "hidden"
