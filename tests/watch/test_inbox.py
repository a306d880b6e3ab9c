"""The inbox: scores, names, places, decisions one by one and many at once, and their undoing."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.roles import NotPossible
from papers.ingest.candidate import Candidate
from papers.models import FieldSource, Find, Paper, PaperName, PaperTopic
from papers.search.meaning import encoder
from papers.search.meaning.embedding import embed_papers
from papers.watch import belonging, deciding, inbox
from papers.watch.belonging import Weights
from papers.watch.protocols.shapes import Named
from papers.watch.titles import names_in
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(django_user_model):
    user = django_user_model.objects.create_user("cam")
    user.user_permissions.set(Permission.objects.filter(codename="curate"))
    return django_user_model.objects.get(pk=user.pk)


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


def named(title: str, *, licence: str = "CC0", **more) -> Named:
    fields = {"authors": ("Ada Example",), "year": 2026, "abstract": f"{title} explained."} | more
    candidate = Candidate(title=title, origin="arxiv", source=f"arXiv {title[:9]}", **fields)
    return Named(candidate, abstract_licence=licence)


def found(title: str, score: float | None = None, **more) -> Find:
    find = inbox.take_in([named(title, **more)], None).fresh[0]
    Find.objects.filter(pk=find.pk).update(score=score)
    find.refresh_from_db()
    return find


# --- reading them ---


def test_names_stand_in_titles_as_they_are_written_here() -> None:
    for key, name in (("a2018a", "MSDNet"), ("b2019b", "ACT"), ("c2020c", "token merging")):
        paper = make.paper(key, key=key)
        PaperName.of(paper, 0, name, "title").save()
    titles = [
        "Faster MSDNets by Pruning",
        "How networks act early",
        "ACT Revisited",
        "Token Merging for Video",
        "Nothing of Note",
    ]
    assert [[row["name"] for row in own] for own in names_in(titles)] == [
        ["MSDNet"],
        [],
        ["ACT"],
        ["token merging"],
        [],
    ]


def test_finds_are_scored_and_placed_with_evidence(monkeypatch) -> None:
    topic = make.topic("Early exiting")
    make.paper("Networks that exit early for easy inputs", key="near2018", topics=[topic])
    embed_papers()
    vector = encoder.load().encode(["exit early"])[0]
    weights = Weights("fake", "abc", vector, 0.0, 8.0, -1.0)
    monkeypatch.setattr(belonging, "fitted", lambda: weights)
    near = found("Networks that exit early, again")
    far = found("Whales of the northern seas", abstract="")
    assert belonging.score_waiting() == 2
    assert belonging.score_waiting() == 0
    near.refresh_from_db()
    far.refresh_from_db()
    assert near.score > far.score
    assert near.topics[0]["slug"] == topic.slug
    assert near.topics[0]["evidence"]["neighbours"][0]["key"] == "near2018"


def test_under_another_encoder_nothing_is_scored() -> None:
    find = found("Sleeping Layers")
    assert belonging.fitted().encoder == encoder.DEFAULT != encoder.chosen()
    belonging.score_waiting()
    find.refresh_from_db()
    assert (find.score, find.scored_by) == (None, "none")


def test_the_weights_fit_the_encoder_that_the_site_carries() -> None:
    weights = belonging.fitted()
    assert weights.weights.shape == (384,)
    chances = weights.chances(np.stack([weights.weights, -weights.weights]))
    assert 0 <= chances[1] < 0.5 < chances[0] <= 1


# --- deciding ---


def test_accepting_places_the_paper_and_keeps_where_its_abstract_is_from(curator) -> None:
    topic = make.topic("Early exiting")
    find = found("Sleeping Layers That Wake", arxiv="2611.00001")
    paper = deciding.accept(find, by=curator, topics=[topic.slug])
    assert (paper.title, paper.state, paper.abstract) == (
        "Sleeping Layers That Wake",
        "public",
        "Sleeping Layers That Wake explained.",
    )
    placed = PaperTopic.objects.get(paper=paper)
    assert (placed.topic, placed.origin) == (topic, PaperTopic.Origin.CURATOR)
    assert FieldSource.objects.get(paper=paper, field="abstract").source.endswith(", CC0")


def test_an_abstract_without_a_licence_stays_outside(curator) -> None:
    paper = deciding.accept(found("Sleeping Layers", licence=""), by=curator)
    assert paper.abstract == ""


def test_undoing_takes_all_back_and_accepting_again_brings_the_same_paper(curator) -> None:
    topic = make.topic("Early exiting")
    find = found("Sleeping Layers That Wake")
    paper = deciding.accept(find, by=curator, topics=[topic.slug])
    deciding.undo(find, by=curator)
    paper.refresh_from_db()
    assert (paper.state, paper.placements.count(), find.state) == ("hidden", 0, "waiting")
    assert deciding.accept(find, by=curator).pk == paper.pk
    assert Paper.objects.get().state == "public"


def test_a_find_that_may_be_a_paper_here_is_added_to_it_or_is_another(curator) -> None:
    here = make.paper("A Title That Two Works Bear Together", year=2026, authors=["Cy Other"])
    first = found("A Title That Two Works Bear Together", doi="10.1234/x", authors=("Zoe New",))
    assert first.may_be == here
    paper = deciding.accept(first, by=curator, into=here)
    assert paper.pk == here.pk
    assert Paper.objects.get().doi == "10.1234/x"
    deciding.undo(first, by=curator)
    assert Paper.objects.get().doi in (None, "")
    deciding.accept(first, by=curator, is_another=True)
    assert Paper.objects.count() == 2


def test_of_two_curators_the_first_decides(curator) -> None:
    find = found("Sleeping Layers")
    stale = Find.objects.get(pk=find.pk)
    deciding.refuse(find, by=curator)
    with pytest.raises(NotPossible, match="cam was first"):
        deciding.accept(stale, by=curator)


def test_many_are_decided_by_score_and_undone_together(curator) -> None:
    high, middle, low = found("High One", 0.97), found("Middle One", 0.5), found("Low One", 0.01)
    unscored = found("Unscored One")
    batch, done, left = deciding.accept_from(0.95, Find.objects.all(), by=curator)
    assert (done, left) == (1, 0)
    other, refused = deciding.refuse_below(0.05, Find.objects.all(), by=curator)
    assert refused == 1
    states = {find.title: find.state for find in Find.objects.all()}
    assert states == {
        "High One": "accepted",
        "Middle One": "waiting",
        "Low One": "refused",
        "Unscored One": "waiting",
    }
    assert deciding.undo_batch(batch, by=curator) + deciding.undo_batch(other, by=curator) == 2
    assert Find.objects.waiting().count() == 4
    assert {high.pk, middle.pk, low.pk, unscored.pk} == set(
        Find.objects.values_list("pk", flat=True)
    )


def test_members_decide_nothing(django_user_model) -> None:
    member = django_user_model.objects.create_user("mem")
    with pytest.raises(NotPossible):
        deciding.accept(found("Sleeping Layers"), by=member)
    with pytest.raises(NotPossible):
        deciding.refuse_below(0.5, Find.objects.all(), by=member)


# --- pages ---


def test_the_inbox_is_for_curators(client, django_user_model) -> None:
    find = found("Sleeping Layers")
    for address in (reverse("inbox"), find.get_absolute_url(), reverse("sources")):
        assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("mem"))
    for address in (reverse("inbox"), find.get_absolute_url(), reverse("sources")):
        assert client.get(address).status_code == 403
    assert (
        client.post(reverse("find-decide", args=[find.pk]), {"decision": "accept"}).status_code
        == 403
    )
    assert Find.objects.get().state == "waiting"


def test_the_likeliest_stands_first_with_what_is_known_of_it(desk) -> None:
    found("Unscored Layers")
    found("Sleeping Layers", 0.4)
    best = found("Waking Layers", 0.9)
    page = desk.get(reverse("inbox")).content.decode()
    places = [
        page.index(title) for title in ("Waking Layers", "Sleeping Layers", "Unscored Layers")
    ]
    assert places == sorted(places)
    assert "90" in page and f'id="find-{best.pk}"' in page
    assert "Waking Layers" not in desk.get(reverse("inbox"), {"q": "sleeping"}).content.decode()


def test_one_key_a_paper_answers_with_the_decision_and_an_undo(desk) -> None:
    topic = make.topic("Early exiting")
    find = found("Sleeping Layers")
    Find.objects.update(
        topics=[{"slug": topic.slug, "confidence": 0.8, "evidence": {"neighbours": []}}]
    )
    page = desk.get(find.get_absolute_url()).content.decode()
    assert 'data-key="1"' in page and "checked" in page
    answer = desk.post(
        reverse("find-decide", args=[find.pk]),
        {"decision": "accept", "topic": [topic.slug]},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "Accepted, under 1 topic" in answer and 'data-key="u"' in answer
    answer = desk.post(
        reverse("find-undo", args=[find.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "It waits again" in answer and 'data-key="a"' in answer


def test_ticked_ones_are_refused_together_and_stand_in_their_list(desk) -> None:
    finds = [found("Sleeping Layers"), found("Waking Layers")]
    desk.post(
        reverse("inbox-decide-many"),
        {"decision": "refuse", "find": [find.pk for find in finds]},
    )
    page = desk.get(reverse("inbox"), {"state": "refused"}).content.decode()
    assert "Sleeping Layers" in page and "Waking Layers" in page
    batch = Find.objects.first().batch
    desk.post(reverse("inbox-undo-many", args=[batch]))
    assert Find.objects.waiting().count() == 2


@pytest.mark.parametrize("typed", ["x", "", "400", "-1", "nan"])
def test_a_threshold_that_is_none_changes_nothing(desk, typed) -> None:
    found("Sleeping Layers", 0.5)
    answer = desk.post(
        reverse("inbox-decide-many"), {"decision": "refuse-below", "score": typed}, follow=True
    )
    assert "threshold is a number" in answer.content.decode()
    assert Find.objects.get().state == "waiting"


def test_a_source_is_made_changed_and_shown(desk, settings) -> None:
    fields = {"name": "New", "kind": "arxiv", "query": "", "every_minutes": 60, "is_on": "on"}
    page = desk.post(reverse("source-new"), fields).content.decode()
    assert "Query in arXiv" in page
    desk.post(reverse("source-new"), fields | {"query": "cat:cs.LG"})
    address = reverse("source", args=["new"])
    assert desk.get(address).status_code == 200
    desk.post(address, fields | {"query": "cat:cs.CV", "name": "Newer"})
    page = desk.get(reverse("sources")).content.decode()
    assert "Newer" in page and "never" in page and "KB_WATCH=1" in page
    refused = desk.post(address, fields | {"query": "a", "address": "http://10.0.0.1/"})
    assert "https" in refused.content.decode()


def test_finds_survive_as_json(curator) -> None:
    find = found("Sleeping Layers", arxiv="2611.00001")
    assert json.loads(json.dumps(find.candidate))["arxiv"] == "2611.00001"


# --- what comes here by another way ---


def test_a_find_that_came_here_by_another_way_does_not_wait(desk) -> None:
    find = found("Exits in the Wild", arxiv="2601.00001")
    other = found("Whales of the Northern Seas", arxiv="2601.00002")
    assert inbox.settle_known() == 0

    paper = make.paper("Exits in the wild", key="wild2026", arxiv="2601.00001", year=2026)

    assert inbox.settle_known() == 1 and inbox.settle_known() == 0
    find.refresh_from_db()
    other.refresh_from_db()
    assert (find.state, find.paper, other.state) == ("known", paper, "waiting")
    assert find.decided_at is not None and find.decided_by is None
    page = desk.get("/inbox/?state=known").content.decode()
    assert "Exits in the Wild" in page and 'href="/papers/wild2026/"' in page
    assert desk.get(find.get_absolute_url()).status_code == 200


def test_a_hidden_paper_settles_nothing() -> None:
    find = found("Exits in the Wild", arxiv="2601.00001")
    make.paper("Exits in the wild", arxiv="2601.00001", state="hidden")

    assert inbox.settle_known() == 0
    find.refresh_from_db()
    assert find.is_waiting
