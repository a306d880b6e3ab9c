"""Who may do what with a contribution: every transition by everybody, and conflicts of interest."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import NotPossible
from community.members.identity import withdraw_claim
from community.models import PersonClaim, Review, State
from community.moderation import queue, reports, transitions
from community.reviews import threads, writing
from community.reviews.content import Content
from community.reviews.writing import form_of
from papers.curation.merging import merge_papers
from tests import make
from tests.make import signed_in

pytestmark = pytest.mark.django_db

AUTHOR, MODERATOR, CONFLICTED, STRANGER = PEOPLE = ("author", "moderator", "conflicted", "stranger")
# From, to, and who may; what is not here is possible for nobody.
TABLE = {
    ("draft", "pending"): AUTHOR,
    ("draft", "withdrawn"): AUTHOR,
    ("pending", "draft"): AUTHOR,
    ("pending", "withdrawn"): AUTHOR,
    ("pending", "published"): MODERATOR,
    ("pending", "declined"): MODERATOR,
    ("published", "withdrawn"): AUTHOR,
    ("published", "hidden"): MODERATOR,
    ("hidden", "published"): MODERATOR,
    ("hidden", "pending"): AUTHOR,
    ("declined", "pending"): AUTHOR,
    ("withdrawn", "pending"): AUTHOR,
    ("withdrawn", "hidden"): MODERATOR,
}


def claims(user: User, name: str, state: str = "confirmed") -> PersonClaim:
    return PersonClaim.objects.create(user=user, person=make.person(name), state=state)


@pytest.fixture
def people() -> dict[str, User]:
    members = {
        AUTHOR: make.member("mia"),
        MODERATOR: make.member("moe", "moderators"),
        CONFLICTED: make.member("gao", "moderators"),
        STRANGER: make.member("eve"),
    }
    claims(members[CONFLICTED], "Gao Huang")
    return members


@pytest.fixture
def review(people: dict[str, User]) -> Review:
    paper = make.paper("Skip RNN", key="skip2018", authors=["Gao Huang"])
    return make.review(paper, by=people[AUTHOR], state=State.PENDING)


def test_the_table_of_transitions_holds_for_everybody(
    review: Review, people: dict[str, User]
) -> None:
    for (before, to), who in product(product(State.values, State.values), PEOPLE):
        Review.objects.filter(pk=review.pk).update(state=before)
        review.refresh_from_db()
        possible = True
        try:
            transitions.move(review, to, by=people[who], reason="A test.")
        except NotPossible:
            possible = False

        assert possible == (TABLE.get((before, to)) == who), (before, to, who)


@pytest.mark.parametrize("claim", ["open", "confirmed"])
def test_a_moderator_with_a_conflict_is_an_ordinary_reader(claim: str) -> None:
    mod = make.member("li", "moderators")
    paper = make.paper("Gated", key="gated2019", authors=["Li Yang"])
    claims(mod, "Li Yang", claim)
    waiting = make.review(paper, state=State.PENDING, summary="Waiting words.")
    make.review(make.paper("Another"), state=State.PENDING)
    client = signed_in(mod)

    listed = client.get("/api/v1/moderation/?with_count=1").json()

    assert (listed["count"], len(listed["results"])) == (1, 1)
    assert "Gated" not in client.get("/moderation/").content.decode()
    assert "Gated" not in client.get("/moderation/log/").content.decode()
    assert client.get(f"/reviews/{waiting.pk}/").status_code == 404
    assert client.post(f"/api/v1/moderation/review/{waiting.pk}/name/").status_code == 404
    decided = client.post(
        f"/moderation/review/{waiting.pk}/", {"decision": "publish", "revision": waiting.revision}
    )
    waiting.refresh_from_db()
    assert (decided.status_code, waiting.state) == (404, State.PENDING)


def test_a_declared_conflict_is_one() -> None:
    mod = make.member("li", "moderators")
    paper = make.paper("Gated")
    own = make.review(paper, by=mod, state=State.PENDING)
    own.versions.update(conflict="some", conflict_text="We share an office.")
    other = make.review(paper, state=State.PENDING)

    assert [entry.contribution.pk for entry in queue.entries(by=mod)] == [own.pk]
    with pytest.raises(NotPossible, match="conflict of interest"):
        transitions.move(other, State.PUBLISHED, by=mod)


def test_an_author_confirmed_after_the_draft_cannot_hand_it_in() -> None:
    mia = make.member("mia")
    paper = make.paper("Skip RNN", authors=["Mia Ito"])
    draft = make.review(paper, by=mia, state=State.DRAFT)
    claims(mia, "Mia Ito")

    with pytest.raises(NotPossible, match="You wrote this paper"):
        writing.hand_in(draft, make.content(), by=mia, sequence=0)


@pytest.mark.parametrize("by_orcid", [True, False])
def test_taking_a_confirmed_claim_back_does_not_make_a_reviewer(by_orcid: bool) -> None:
    mia = make.member("mia")
    paper = make.paper("Skip RNN", authors=["Mia Ito"])
    draft = make.review(paper, by=mia, state=State.DRAFT)
    claim = claims(mia, "Mia Ito")
    decided = {} if by_orcid else {"decided_by": make.member("moe", "moderators")}
    PersonClaim.objects.filter(pk=claim.pk).update(by_orcid=by_orcid, **decided)
    withdraw_claim(claim, by=mia)

    with pytest.raises(NotPossible, match="You wrote this paper"):
        writing.hand_in(draft, make.content(), by=mia, sequence=0)


@pytest.mark.parametrize("state", ["open", "declined"])
def test_a_claim_that_nobody_confirmed_keeps_nobody_from_reviewing(state: str) -> None:
    mia = make.member("mia")
    draft = make.review(make.paper("Skip RNN", authors=["Mia Ito"]), by=mia, state=State.DRAFT)
    claim = claims(mia, "Mia Ito", state)
    if state == "open":
        withdraw_claim(claim, by=mia)

    writing.hand_in(draft, make.content(), by=mia, sequence=0)


def test_authors_of_a_record_that_was_merged_away_are_authors_of_what_stays() -> None:
    mod, mia = make.member("li", "moderators"), make.member("mia")
    away = make.paper("Gated", key="away2019", authors=["Li Yang", "Mia Ito"])
    middle, stays = make.paper("Gated nets", key="middle2019"), make.paper("Gated", key="stays2019")
    claims(mod, "Li Yang"), claims(mia, "Mia Ito")
    waiting = make.review(away, state=State.PENDING)
    merge_papers(survivor=middle, other=away)
    merge_papers(survivor=stays, other=middle)
    waiting.refresh_from_db()

    assert waiting.paper_id == stays.pk
    assert queue.entries(by=mod) == []
    with pytest.raises(NotPossible, match="You wrote this paper"):
        writing.start(stays, form_of(waiting), waiting.year, by=mia)


def test_an_author_confirmed_after_handing_in_is_not_published_nor_restored() -> None:
    mia = make.member("mia")
    paper = make.paper("Skip RNN", authors=["Mia Ito"])
    waiting = make.review(paper, by=mia, state=State.PENDING)
    gone = make.review(
        paper,
        by=mia,
        state=State.WITHDRAWN,
        form="iclr-2017",
        year=2017,
        values={"rating": "6", "review": "Fine.", "confidence": "3"},
    )
    claims(mia, "Mia Ito")

    with pytest.raises(NotPossible, match="author of this paper"):
        make.settle(waiting, State.PUBLISHED)
    with pytest.raises(NotPossible, match="author of this paper"):
        writing.restore(gone, by=mia)


@pytest.mark.parametrize(("decision", "state"), [("keep", "published"), ("hide", "hidden")])
def test_a_public_review_by_an_author_confirmed_later_comes_before_moderators(
    decision: str, state: str
) -> None:
    mia, moe = make.member("mia"), make.member("moe", "moderators")
    review = make.review(make.paper("Skip RNN", authors=["Mia Ito"]), by=mia)
    assert queue.counts(moe)["conflict"] == 0
    claims(mia, "Mia Ito")
    entries = queue.entries(by=moe, only="conflict")

    queue.decide(
        entries[0].kind,
        entries[0].contribution,
        decision,
        by=moe,
        seen=entries[0].contribution.revision,
        reason="A test.",
    )

    review.refresh_from_db()
    assert review.state == state
    assert queue.counts(moe)["conflict"] == 0


def test_what_was_hidden_while_withdrawn_does_not_come_back() -> None:
    mia, moe, eve = make.member("mia"), make.member("moe", "moderators"), make.member("eve")
    review = make.review(by=mia)
    report = reports.report(review, by=eve, reason="Spam.")
    writing.withdraw(review, by=mia)

    reports.close(report, "hide", moe, "It is spam.")
    review.refresh_from_db()

    assert review.state == State.HIDDEN
    with pytest.raises(NotPossible):
        writing.restore(review, by=mia)


def test_looking_at_a_name_keeps_what_its_author_may_undo(people: dict[str, User]) -> None:
    review = make.review(by=people[AUTHOR])
    writing.withdraw(review, by=people[AUTHOR])

    assert transitions.read_name(review, by=people[MODERATOR]) == "mia"
    with pytest.raises(NotPossible):
        transitions.read_name(review, by=people[STRANGER])
    writing.restore(review, by=people[AUTHOR])

    assert review.state == State.PUBLISHED


def changed(review: Review, **choices: Any) -> None:
    """Hand in a change of a public review that alters its choices alone."""
    draft = writing.draft_of(review)
    content = Content.stored(draft.content).changed(**choices)
    writing.hand_in(review, content, by=review.author, sequence=draft.sequence)


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_conflict_and_signature_wait_with_the_text_that_they_belong_to(decision: str) -> None:
    moe = make.member("moe", "moderators")
    review = make.review(by=make.member("mia"), signed=True)
    changed(review, name="anonymous", conflict="some", conflict_text="BUY PILLS")
    places = (
        review.get_absolute_url(),
        review.paper.get_absolute_url(),
        f"/api/v1/reviews/{review.pk}/",
    )

    for place in places:
        assert "BUY PILLS" not in Client().get(place).content.decode(), place
    entry = queue.entries(by=moe, only="change")[0]
    assert "BUY PILLS" in str(entry.text) and "anonymous" in str(entry.text)
    queue.decide(
        entry.kind,
        entry.contribution,
        decision,
        by=moe,
        seen=entry.contribution.revision,
        reason="A test.",
    )

    shown = Client().get(f"/api/v1/reviews/{review.pk}/").json()
    assert (shown["conflict_text"], shown["signed"]) == (
        ("BUY PILLS", False) if decision == "accept" else ("", True)
    )
    assert (shown["author"] is None) == (decision == "accept")


def test_numbers_of_replies_tell_no_order(review: Review) -> None:
    make.settle(review, State.PUBLISHED)
    first, second = (threads.reply(review, "Words.", by=make.member(n)) for n in ("ann", "bob"))

    assert abs(first.pk - second.pk) > 1000
