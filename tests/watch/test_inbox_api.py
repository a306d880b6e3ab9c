"""The inbox and its sources by program: curators list, decide and undo; nobody else sees anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.tokens import make_token
from papers.models import Find, Paper, Source
from tests import make
from tests.watch.test_inbox import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(django_user_model):
    user = django_user_model.objects.create_user("cam", "cam@example.org")
    user.user_permissions.set(Permission.objects.filter(codename="curate"))
    return django_user_model.objects.get(pk=user.pk)


def program(user, *scopes: str) -> Client:
    """A client with a token of these scopes."""
    _, text = make_token(user, name="x", scopes=scopes, days=30)
    return Client(headers={"Authorization": f"Bearer {text}"})


@pytest.fixture
def api(curator):
    return program(curator, "read", "contribute", "curate")


def post(client: Client, path: str, /, **sent):
    return client.post(f"/api/v1/{path}", sent, content_type="application/json")


def rows(client: Client, query: str = "") -> list[dict]:
    return client.get(f"/api/v1/inbox/{query}").json()["results"]


# --- finds ---


def test_the_inbox_is_listed_with_what_is_known_of_each_find(api) -> None:
    find = found("Exits in the Wild", 0.93, arxiv="2601.00001")
    Find.objects.filter(pk=find.pk).update(
        topics=[{"slug": "early-exiting", "confidence": 0.8, "evidence": {"neighbours": []}}],
        names=[{"name": "MSDNet"}],
    )
    found("Whales", 0.1)

    (row,) = rows(api, "?state=waiting&q=exits")

    assert (row["title"], row["arxiv"], row["score"]) == ("Exits in the Wild", "2601.00001", 0.93)
    assert row["authors"] == ["Ada Example"] and row["abstract_licence"] == "CC0"
    assert row["topics"] == [{"slug": "early-exiting", "confidence": 0.8}]
    assert row["names"] == ["MSDNet"] and row["paper"] is None
    assert len(rows(api)) == 2 and rows(api, "?state=accepted") == []
    assert api.get(f"/api/v1/inbox/{find.pk}/").json() == row


def test_a_find_is_accepted_under_topics_and_let_go_again(api, curator) -> None:
    topic, find = make.topic("Early exiting"), found("Exits in the Wild")

    told = post(api, f"inbox/{find.pk}/decision/", decision="accept", topics=[topic.slug])

    assert told.status_code == 200, told.content
    paper = Paper.objects.get(key=told.json()["paper"])
    assert [row.topic for row in paper.placements.all()] == [topic]
    assert told.json()["state"] == "accepted" and told.json()["decided_by"] == "cam"
    again = post(api, f"inbox/{find.pk}/decision/", decision="refuse")
    assert again.status_code == 409 and "was first" in again.json()["detail"]
    undone = post(api, f"inbox/{find.pk}/decision/", decision="undo").json()
    assert (undone["state"], undone["paper"]) == ("waiting", None)


def test_what_may_be_a_paper_here_needs_a_word_more(api) -> None:
    title = "A Title That Two Works Bear Together"
    paper = make.paper(title, key="wild2019", year=2026, authors=["Cy Other"])
    find = found(title, doi="10.1234/x", authors=("Zoe New",))
    assert find.may_be == paper

    asked = post(api, f"inbox/{find.pk}/decision/", decision="accept")
    merged = post(api, f"inbox/{find.pk}/decision/", decision="merge")

    assert asked.status_code == 409 and "merge" in asked.json()["detail"]
    assert merged.json()["paper"] == "wild2019"
    other = found("Whales of the Northern Seas")
    wrong = post(api, f"inbox/{other.pk}/decision/", decision="merge", into="nobody2020")
    assert wrong.status_code == 422


def test_many_are_decided_at_once_and_undone_together(api) -> None:
    finds = [found(f"Work number {place} of many", place / 10) for place in range(1, 6)]

    low = post(api, "inbox/decisions/", decision="refuse", score=0.25).json()
    high = post(api, "inbox/decisions/", decision="accept", score=0.45).json()
    ticked = post(
        api, "inbox/decisions/", decision="accept", finds=[finds[2].pk, finds[0].pk]
    ).json()

    assert [told["done"] for told in (low, high, ticked)] == [2, 1, 1]
    assert ticked["left"] == 1
    states = Find.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refused", "refused", "accepted", "waiting", "accepted"]
    undone = post(api, f"inbox/batches/{low['batch']}/undo/")
    assert undone.json()["done"] == 2
    assert Find.objects.waiting().count() == 3
    nothing = "12345678-1234-4234-8234-123456789abc"
    assert post(api, f"inbox/batches/{nothing}/undo/").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"finds": [1], "score": 0.5}, {"score": 2}])
def test_many_need_to_be_said_one_way(api, sent: dict) -> None:
    assert post(api, "inbox/decisions/", decision="refuse", **sent).status_code in (400, 422)


def test_only_curators_and_their_tokens_reach_the_inbox(curator) -> None:
    find = found("Exits in the Wild")
    source = Source.objects.create(slug="here", name="Here", kind=Source.Kind.ARXIV, query="x")
    addresses = ["inbox/", f"inbox/{find.pk}/", "sources/", f"sources/{source.slug}/"]
    decision = f"inbox/{find.pk}/decision/"

    mia = program(make.member("mia"), "read")
    for address in addresses:
        assert Client().get(f"/api/v1/{address}").status_code == 401
        assert mia.get(f"/api/v1/{address}").status_code == 403
        assert program(curator, "read", "curate").get(f"/api/v1/{address}").status_code == 200
    reader = program(curator, "read", "contribute")
    assert post(reader, decision, decision="refuse").status_code == 403
    assert post(reader, "sources/here/ask/").status_code == 403
    find.refresh_from_db()
    assert find.is_waiting


# --- sources ---


def test_a_source_is_made_changed_and_says_how_it_is_doing(api, curator) -> None:
    made = post(api, "sources/", name="arXiv exits", kind="arxiv", query="all:exit")

    assert made.status_code == 201, made.content
    source = Source.objects.get(slug=made.json()["slug"])
    assert (source.made_by, source.slug, source.is_on) == (curator, "arxiv-exits", True)
    source.cursor, source.failures = {"until": "2026-01-01"}, 3
    source.save()
    source.answers.create(works=5, fresh=2, known=3, problem="slow")
    address = "/api/v1/sources/arxiv-exits/"
    told = api.get(address).json()
    assert told["failures"] == 3 and told["waiting"] == 0
    assert told["answers"][0]["fresh"] == 2 and told["answers"][0]["problem"] == "slow"

    rhythm = api.patch(address, {"every_minutes": 60}, content_type="application/json")
    source.refresh_from_db()
    assert rhythm.json()["every_minutes"] == 60 and source.cursor == {"until": "2026-01-01"}
    api.patch(address, {"query": "all:skip"}, content_type="application/json")
    source.refresh_from_db()
    assert (source.query, source.cursor, source.failures) == ("all:skip", {}, 0)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "x", "kind": "arxiv"}, "query"),
        ({"name": "x", "kind": "feed"}, "address"),
        ({"name": "x", "kind": "feed", "address": "http://example.org/feed"}, "address"),
        ({"name": "x", "kind": "arxiv", "query": "y", "every_minutes": 1}, "every_minutes"),
        ({"name": "x", "kind": "rumour", "query": "y"}, "kind"),
    ],
)
def test_a_source_that_cannot_be_asked_is_refused_with_the_reason(
    api, sent: dict, field: str
) -> None:
    answer = post(api, "sources/", **sent)

    assert answer.status_code in (400, 422) and field in answer.content.decode()
    assert not Source.objects.exists()


def test_a_source_is_asked_now_unless_it_is_switched_off(api, monkeypatch) -> None:
    told: list[tuple] = []
    monkeypatch.setattr("papers.watch.making.tell", lambda *given: told.append(given))
    source = Source.objects.create(slug="here", name="Here", kind=Source.Kind.ARXIV, query="x")

    assert post(api, "sources/here/ask/").status_code == 202
    assert told == [("papers.watch.ask_source", source.pk)]
    api.patch("/api/v1/sources/here/", {"is_on": False}, content_type="application/json")
    assert post(api, "sources/here/ask/").status_code == 409 and len(told) == 1
