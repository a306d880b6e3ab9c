"""The reading log of a public list, and what keepers and members do by token."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.roles import NotPossible
from community.following.follows import follow, news, safe_moment
from community.models import ListPlacement, ListSuggestion, PublicList, ReadingSession
from community.public_lists import history, sessions, suggestions
from tests import make
from tests.community.test_tokens import bearer
from tests.make import signed_in
from tests.markup import flat
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db


def sent(**values: str) -> dict[str, str]:
    return {"date": "2026-05-12", "paper": "dense2018", "presenter": "Gao Huang", **values}


def test_a_keeper_writes_the_log_and_everybody_reads_it(seed: PublicList, mia: User) -> None:
    make.person("Gao Huang")
    slides = "https://example.org/slides.pdf"
    signed_in(mia).post("/lists/nets/log/new/", sent(slides=slides, notes="We liked it."))
    signed_in(mia).post("/lists/nets/log/new/", sent(paper="Works nobody knows", date="2099-01-02"))

    page = flat(Client().get("/lists/nets/log/").content.decode())

    assert parse_errors(page) == []
    assert page.index("Coming") < page.index("Works nobody knows") < page.index("Past")
    for words in ("12 May 2026", "We liked it.", slides, 'href="/papers/dense2018/"'):
        assert words in page
    assert '<a href="/people/gao-huang/">Gao Huang</a>' in page


def test_what_a_member_proposes_is_public_when_a_keeper_takes_it_in(
    seed: PublicList, mia: User, eve: User, django_capture_on_commit_callbacks: Any
) -> None:
    signed_in(eve).post("/lists/nets/log/new/", sent(notes="PROPOSED"))
    session = ReadingSession.objects.get()

    def reads(user: User | None) -> bool:
        return "PROPOSED" in signed_in(user).get("/lists/nets/log/").content.decode()

    everywhere = [f"/lists/nets/log.{suffix}" for suffix in ("csv", "json", "md", "ics")]
    everywhere += ["/feeds/public-lists/nets/log.atom", "/api/v1/public-lists/nets/log/"]
    before = [Client().get(path).content.decode() for path in everywhere]
    assert [reads(user) for user in (None, make.member("kim"), eve, mia)] == [0, 0, 1, 1]
    assert [text for text in before if "PROPOSED" in text or "2026-05-12" in text] == []
    assert signed_in(eve).get(f"/lists/nets/log/{session.pk}/").status_code == 403

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(mia).post(f"/lists/nets/log/{session.pk}/", {"act": "confirm"})

    assert reads(None)
    after = [Client().get(path).content.decode() for path in everywhere]
    assert all("2026" in text for text in after)
    assert mail.outbox[-1].to == ["eve@example.org"]
    with pytest.raises(NotPossible, match="decided about it already"):
        sessions.confirm(session, by=mia)


def test_who_is_declined_reads_why_here_and_by_mail(
    seed: PublicList, mia: User, eve: User, django_capture_on_commit_callbacks: Any
) -> None:
    session = sessions.add_session(seed, by=eve, **sent())
    suggestion = suggestions.suggest(seed, by=eve, text="More nets", reason="It fits.")

    with django_capture_on_commit_callbacks(execute=True):
        sessions.decline(session, by=mia, answer="It was another day.")
        suggestions.decline(suggestion, by=mia, answer="Out of scope.")

    first, second = mail.outbox
    assert (first.to, second.to) == (["eve@example.org"], ["eve@example.org"])
    assert "It was another day." in first.body
    assert "Out of scope." in second.body and "More nets" in second.subject + second.body
    assert "It was another day." in signed_in(eve).get("/lists/nets/log/").content.decode()


def test_a_session_of_a_paper_that_is_hidden_later_is_nowhere(seed: PublicList, mia: User) -> None:
    paper = make.paper("Secret nets", key="secret")
    sessions.add_session(seed, by=mia, **sent(paper="secret"))
    paper.state = "hidden"
    paper.save()

    for path in ("log/", "log.json", "log.md", "log.ics"):
        assert "Secret" not in Client().get(f"/lists/nets/{path}").content.decode()
    assert Client().get("/api/v1/public-lists/nets/log/").json()["results"] == []


def test_changes_of_the_log_are_undone(seed: PublicList, mia: User) -> None:
    session = sessions.add_session(seed, by=mia, **sent())
    sessions.change_session(session, by=mia, notes="Other words.")
    sessions.remove_session(session, by=mia)

    history.undo(seed.changes.order_by("-pk")[0], by=mia)
    back = seed.log.get()
    assert (back.notes, back.date.isoformat(), back.state) == (
        "Other words.",
        "2026-05-12",
        "public",
    )
    history.undo(
        seed.changes.order_by("pk").get(words="The reading log: an entry changed."), by=mia
    )
    assert seed.log.get().notes == ""
    page = signed_in(mia).get("/lists/nets/history/").content.decode()
    assert "Reading log, 2026-05-12" in flat(page)


def test_followers_hear_of_sessions(seed: PublicList, mia: User, eve: User) -> None:
    follow(eve, "list", "nets")
    sessions.add_session(seed, by=mia, **sent(paper="Works nobody knows"))

    (item,) = news(eve, until=safe_moment())

    assert item.happened == ["Reading log, 2026-05-12: Works nobody knows."]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"date": "soon"}, "Give the day"),
        ({"paper": ""}, "Name a paper"),
        ({"slides": "javascript:alert(1)"}, "is no address"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    seed: PublicList, mia: User, given: dict[str, str], told: str
) -> None:
    answer = signed_in(mia).post("/lists/nets/log/new/", sent(notes="KEPT", **given))

    assert answer.status_code == 422
    assert told in answer.content.decode() and "KEPT" in answer.content.decode()
    assert not ReadingSession.objects.exists()


def test_the_markdown_of_the_log_is_the_table_of_reading_groups(
    seed: PublicList, mia: User
) -> None:
    sessions.add_session(
        seed, by=mia, **sent(paper="Bars | and more", slides="https://example.org/s", notes="A\nB")
    )

    text = Client().get("/lists/nets/log.md").content.decode()

    assert text.splitlines()[2:] == [
        "| Date | Paper | Presenter | Notes |",
        "| --- | --- | --- | --- |",
        "| 2026-05-12 | Bars \\| and more [[slides]](https://example.org/s) | Gao Huang | A B |",
    ]


# --- by token ---


def call(user: User, method: str, path: str, body: object = None, **headers: str) -> Any:
    """A request with the account's token, as a program makes it."""
    return getattr(Client(), method)(
        f"/api/v1/public-lists/nets/{path}",
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={**bearer(user), **headers},
    )


def test_a_keeper_changes_list_sections_and_entries_by_token(seed: PublicList, mia: User) -> None:
    section = call(mia, "post", "sections/", {"title": "Hardware"}).json()
    added = call(mia, "post", "entries/", {"text": "New work", "section": section["id"]})
    entry = f"entries/{added.json()['id']}/"
    etag = Client().get(f"/api/v1/public-lists/nets/{entry}").headers["ETag"]

    unseen = call(mia, "patch", entry, {"focus": "gates"})
    changed = call(mia, "patch", entry, {"focus": "gates"}, **{"if-match": etag})
    late = call(mia, "delete", entry, None, **{"if-match": etag})
    titled = call(mia, "patch", "", {"title": "Nets of mine"}, **{"if-match": "*"})
    gone = call(mia, "delete", f"sections/{section['id']}/", None, **{"if-match": "*"})

    statuses = [r.status_code for r in (added, unseen, changed, late, titled, gone)]
    assert statuses == [201, 428, 200, 412, 200, 204]
    assert changed.json()["focus"] == "gates"
    seed.refresh_from_db()
    assert seed.title == "Nets of mine"
    assert not ListPlacement.objects.filter(title="New work").exists()
    assert seed.changes.filter(by=mia).count() >= 5


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "entries/"), ("post", "sections/"), ("patch", ""), ("delete", "entries/{}/")],
)
def test_others_change_nothing_by_token(
    seed: PublicList, eve: User, method: str, path: str
) -> None:
    path = path.format(seed.placements.all()[0].pk)
    body = {"text": "x", "title": "x"}

    answer = call(eve, method, path, body, **{"if-match": "*"})

    assert answer.status_code == 403
    assert Client().post(f"/api/v1/public-lists/nets/{path}").status_code in (401, 403, 405)


def test_suggestions_and_sessions_are_proposed_and_decided_by_token(
    seed: PublicList, mia: User, eve: User
) -> None:
    suggested = call(eve, "post", "suggestions/", {"text": "More nets", "reason": "It fits."})
    proposed = call(eve, "post", "log/", sent())

    assert (suggested.status_code, proposed.status_code) == (201, 201)
    assert proposed.json()["state"] == "waiting"
    one, two = f"suggestions/{suggested.json()['id']}/", f"log/{proposed.json()['id']}/"
    assert call(eve, "post", one, {"decision": "take"}).status_code == 403
    assert call(mia, "post", one, {"decision": "take"}).json()["state"] == "accepted"
    assert call(mia, "post", two, {"decision": "take"}).json()["state"] == "public"
    assert ListSuggestion.objects.get().decided_by == mia
    assert [row["title"] for row in call(eve, "get", "log/").json()["results"]] != []
