"""The pages of public lists: read by all, changed by their keepers, everything undoable."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.roles import NotPossible
from community.following.follows import follow, news, safe_moment
from community.models import (
    ListKeeper,
    ListPlacement,
    ListSuggestion,
    PublicList,
    State,
)
from community.public_lists import editing, history, rights, suggestions, taking_in
from papers.models import Paper
from tests import make
from tests.make import signed_in
from tests.markup import flat
from tests.pages.test_every_page import parse_errors
from tests.public_lists import files

pytestmark = pytest.mark.django_db


def test_a_list_is_a_table_with_the_columns_of_the_seed(seed: PublicList) -> None:
    text = flat(Client().get("/lists/nets/").content.decode())
    for words in ("Date", "Paper", "Focused On", "Notes", "2018 ICML", "here: ICLR 2018"):
        assert words in text
    assert 'href="/papers/dense2018/"' in text
    assert "not in the survey yet" in text


@pytest.mark.parametrize(
    "path",
    [
        *("/lists/", "/lists/nets/", "/lists/nets/?view=cards", "/lists/nets/edit/"),
        *("/lists/nets/settings/", "/lists/nets/keepers/", "/lists/nets/history/"),
        *("/lists/nets/suggest/", "/lists/nets/sections/new/", "/lists/new/", "/lists/import/"),
    ],
)
def test_pages_are_valid_and_carry_no_inline_code(seed: PublicList, mia: User, path: str) -> None:
    answer = signed_in(mia).get(path)
    assert answer.status_code == 200
    assert parse_errors(answer.content.decode()) == []


@pytest.mark.parametrize(
    "path", ["edit/", "settings/", "keepers/", "history/", "sections/new/", "entries/{entry}/"]
)
@pytest.mark.parametrize("who", ["", "eve"])
def test_only_keepers_reach_what_changes_a_list(seed: PublicList, who: str, path: str) -> None:
    entry = ListPlacement.objects.first()
    assert entry
    client = signed_in(make.member(who) if who else None)
    address = f"/lists/nets/{path.format(entry=entry.pk)}"
    expected = 403 if who else 302
    assert client.get(address).status_code == expected
    answer = client.post(address, {"title": "taken", "text": "x"})
    assert answer.status_code == (405 if "history" in path else expected)
    seed.refresh_from_db()
    assert seed.title == "Materials of nets"


def test_a_members_list_waits_for_a_moderator_and_a_curators_does_not(mia: User) -> None:
    lists = [editing.make_list(by, title="Mine") for by in (mia, make.member("cat", "curators"))]
    for made in lists:
        signed_in(made.author).post(f"/lists/{made.slug}/state", {"act": "publish"})
        made.refresh_from_db()
    assert [made.state for made in lists] == [State.PENDING, State.PUBLISHED]
    assert [made.slug for made in lists] == ["mine", "mine-2"]
    assert Client().get("/lists/mine/").status_code == 404


def test_a_paper_that_is_hidden_later_leaves_every_page(seed: PublicList, mia: User) -> None:
    Paper.objects.update(state=Paper.State.HIDDEN)
    for client in (Client(), signed_in(mia)):
        for path in ("", "?view=cards", "history/", "edit/"):
            said = client.get(f"/lists/nets/{path}").content.decode()
            assert "networks of many scales" not in said.lower()
    for path in ("/lists/nets.md", "/lists/nets.bib", "/feeds/public-lists/nets.atom"):
        assert "many scales" not in Client().get(path).content.decode().lower()
    assert "many scales" not in Client().get("/api/v1/public-lists/nets/entries/").content.decode()


def test_matching_tells_nobody_of_papers_that_they_may_not_see(mia: User) -> None:
    make.paper("A secret paper on gates", key="secret", state=Paper.State.HIDDEN)
    read = taking_in.read_texts({"a.md": "- [A secret paper on gates](https://a.org/x.pdf) 2018\n"})
    (planned,) = taking_in.plan(read, viewer=mia).entries
    assert (planned.found.status, planned.found.paper) == ("new", None)


def test_adding_moving_and_undoing(seed: PublicList, mia: User) -> None:
    client = signed_in(mia)
    make.paper("Skip RNN", key="skip", arxiv="1708.06834")
    section = seed.sections.get(title="早退")
    given = {"text": "https://arxiv.org/abs/1708.06834", "section": section.pk, "focus": "skips"}
    client.post("/lists/nets/edit/", given)
    added = seed.placements.get(paper__key="skip")
    client.post("/lists/nets/edit/", {"up": added.pk})
    assert titles(seed)[1] == "Skip RNN"
    first = seed.placements.get(paper__key="dense2018")
    client.post("/lists/nets/edit/", {"place": added.pk, "before": first.pk})
    assert titles(seed)[0] == "Skip RNN"
    addition = seed.changes.get(words="An entry added.")
    client.post(f"/lists/nets/history/{addition.pk}/undo")
    assert "Skip RNN" not in titles(seed)
    undone = seed.changes.first()
    assert undone and undone.undoes == addition
    client.post(f"/lists/nets/history/{undone.pk}/undo")
    assert seed.placements.get(paper__key="skip").focus == "skips"


def titles(chosen: PublicList) -> list[str]:
    rows = chosen.placements.order_by("position").select_related("paper")
    return [row.paper.title if row.paper else row.title for row in rows]


def test_a_section_that_was_taken_out_comes_back_with_all_in_it(
    seed: PublicList, mia: User
) -> None:
    before = (list(seed.sections.values()), list(seed.placements.values()))
    editing.remove_section(seed.sections.get(title="Papers"), by=mia)
    assert not seed.placements.exists()
    change = seed.changes.first()
    assert change and history.undo(change, by=mia) == 0
    assert (list(seed.sections.values()), list(seed.placements.values())) == before


def test_what_was_changed_again_since_stays(seed: PublicList, mia: User) -> None:
    row = seed.placements.order_by("position")[0]
    for focus in ("one", "two"):
        editing.change_entry(row, by=mia, focus=focus)
    later, earlier = list(seed.changes.all()[:2])
    with pytest.raises(NotPossible, match="later change first"):
        history.undo(earlier, by=mia)
    history.undo(later, by=mia)
    row.refresh_from_db()
    assert row.focus == "one"


def test_a_section_never_lies_inside_itself(seed: PublicList, mia: User) -> None:
    outer, inner = seed.sections.get(title="Papers"), seed.sections.get(title="早退")
    with pytest.raises(NotPossible, match="inside itself"):
        editing.change_section(outer, by=mia, parent=inner)


def test_two_sections_of_one_heading_are_not_made_in_one_place(seed: PublicList, mia: User) -> None:
    papers = seed.sections.get(title="Papers")
    for twin in ({"title": "早退", "parent": papers}, {"title": "Papers"}):
        with pytest.raises(NotPossible, match="here already"):
            editing.add_section(seed, by=mia, **twin)
    survey = seed.sections.get(title="Survey")
    with pytest.raises(NotPossible, match="here already"):
        editing.change_section(survey, by=mia, title="早退")
    editing.change_section(survey, by=mia, title="Survey", introduction="Whole field.")


def test_keepers_are_invited_accept_and_leave(seed: PublicList, mia: User) -> None:
    kim = make.member("kim")
    owner = signed_in(mia)
    owner.post("/lists/nets/keepers/", {"whom": "kim", "role": "keeper"})
    assert not rights.may_edit(seed, kim)
    row = ListKeeper.objects.get(user=kim)
    signed_in(kim).post(f"/lists/invitations/{row.token}/", {"act": "accept"})
    assert rights.may_edit(seed, kim) and not rights.may_own(seed, kim)
    with pytest.raises(NotPossible, match="needs an owner"):
        rights.remove(ListKeeper.objects.get(user=mia), by=mia)
    signed_in(kim).post("/lists/nets/keepers/", {"remove": row.pk})
    assert not rights.may_edit(seed, kim)


def test_an_invitation_by_mail_makes_whoever_opens_it_a_keeper_once(
    seed: PublicList, mia: User
) -> None:
    rights.invite(seed, by=mia, whom="new@example.org", role="owner")
    token = ListKeeper.objects.get(email="new@example.org").token
    assert f"/lists/invitations/{token}/" in str(mail.outbox[0].body)
    rights.accept(token, by=make.member("new"))
    with pytest.raises(NotPossible, match="not open any more"):
        rights.accept(token, by=make.member("late"))
    assert not ListKeeper.objects.filter(email="new@example.org").exists()


def test_a_suggestion_is_taken_with_credit_or_declined_with_a_reason(
    seed: PublicList, mia: User
) -> None:
    eve = make.member("eve")
    make.paper("Skip RNN", key="skip")
    for text in ("Skip RNN", "More nets"):
        signed_in(eve).post("/lists/nets/suggest/", {"text": text, "reason": "It skips."})
    first, second = ListSuggestion.objects.order_by("pk")
    assert (
        "It skips."
        not in signed_in(make.member("kim")).get("/lists/nets/suggest/").content.decode()
    )
    signed_in(mia).post(f"/lists/nets/suggestions/{first.pk}/", {"act": "take"})
    suggestions.decline(second, by=mia, answer="Out of scope.")
    assert "suggested by eve" in flat(Client().get("/lists/nets/").content.decode())
    assert "Out of scope." in signed_in(eve).get("/lists/nets/suggest/").content.decode()
    with pytest.raises(NotPossible, match="decided about it already"):
        suggestions.take(first, by=mia)


def test_followers_hear_what_is_added(seed: PublicList, mia: User) -> None:
    eve = make.member("eve")
    follow(eve, "list", "nets")
    make.paper("Skip RNN", key="skip")
    for text in ("skip", "Works that nobody knows"):
        signed_in(mia).post("/lists/nets/edit/", {"text": text})
    (item,) = news(eve, until=safe_moment())
    assert [paper.key for paper in item.papers] == ["skip"]
    assert item.happened == ["1 work that is not in the survey yet."]
    feed = Client().get("/feeds/public-lists/nets.atom").content.decode()
    assert "Works that nobody knows" in feed and "Skip RNN" in feed


def test_a_zip_is_looked_at_edited_and_made_a_list(mia: User) -> None:
    files.papers()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("repo-main/README.md", files.SEED)
        archive.writestr("repo-main/picture.png", b"\x89PNG")
    client = signed_in(mia)
    sent = SimpleUploadedFile("repo.zip", packed.getvalue())
    answer: Any = client.post("/lists/import/", {"files": [sent]})
    page = client.get(answer.url)
    assert parse_errors(page.content.decode()) == []
    text = flat(page.content.decode())
    assert "a row of the template, without a paper" in text
    assert "the list says ICML 2018, the paper here says ICLR 2018" in text
    client.post(answer.url, {"number": "1", "leave-1": "1", "was-section-1": "", "section-1": ""})
    made: Any = client.post(f"{answer.url}apply", {"title": "Mine", "slug": "mine"})
    assert made.url == "/lists/mine/"
    assert ListPlacement.objects.filter(public_list__slug="mine").count() == 1
    again: Any = client.post(f"{answer.url}apply")
    assert again.url == "/lists/mine/" and PublicList.objects.count() == 1
    assert signed_in(make.member("eve")).get(answer.url).status_code == 404


def test_what_is_no_list_is_refused_with_a_sentence(mia: User) -> None:
    answer = signed_in(mia).post("/lists/import/", {"text": "Only words."})
    assert answer.status_code == 422
    assert "a bibliography goes to the import of papers" in flat(answer.content.decode())


def test_a_list_that_is_pasted_into_the_import_of_papers_is_sent_on(mia: User) -> None:
    answer = signed_in(mia).post("/import/", {"asked": files.SEED})
    assert answer.status_code == 422
    assert 'href="/lists/import/"' in answer.content.decode()


def test_a_work_that_is_not_here_leads_to_its_import(seed: PublicList) -> None:
    row = seed.placements.get(paper=None)
    answer: Any = Client().get(f"/lists/nets/entries/{row.pk}/import")
    assert answer.status_code == 302
    assert answer.url.startswith("/import/?asked=%40misc%7B")


def test_files_of_a_list(seed: PublicList) -> None:
    text = Client().get("/lists/nets.md").content.decode()
    bullets = Client().get("/lists/nets.md?form=bullets").content.decode()
    assert "| 2018 ICML | Dense networks of many scales |" in text
    assert "- **Dense networks of many scales** (2018 ICML)" in bullets
    assert "Dense Networks of Many Scales" in Client().get("/lists/nets.bib").content.decode()
    assert Client().get("/lists/nets.exe").status_code == 404


def test_the_api_gives_lists_sections_and_entries(seed: PublicList) -> None:
    api = Client()
    (row,) = api.get("/api/v1/public-lists/").json()["results"]
    assert (row["slug"], row["entry_count"]) == ("nets", 2)
    detail = api.get("/api/v1/public-lists/nets/").json()
    assert [section["title"] for section in detail["sections"]] == ["Papers", "Survey", "早退"]
    assert detail["keepers"] == ["mia"]
    first, second = api.get("/api/v1/public-lists/nets/entries/").json()["results"]
    assert (first["paper"]["key"], second["paper"]) == ("dense2018", None)


def test_a_page_of_a_list_costs_a_fixed_number_of_queries(
    seed: PublicList, mia: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        paper = make.paper(f"Paper {number}", key=f"p{number}")
        editing.add_entry(seed, by=mia, paper=paper)
    client = signed_in(mia)
    for path in ("/lists/nets/", "/lists/nets/?view=cards", "/lists/nets/edit/"):
        with django_assert_max_num_queries(14):
            client.get(path)


def test_the_editor_of_a_list_that_is_not_public_leads_to_where_it_becomes_so(mia: User) -> None:
    made = editing.make_list(mia, title="Small machines")
    browser = signed_in(mia)
    assert "then make it public" in browser.get(f"/lists/{made.slug}/edit/").content.decode()
    assert "Make it public" in browser.get(made.get_absolute_url()).content.decode()
