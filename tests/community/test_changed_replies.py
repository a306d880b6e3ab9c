"""An answer to a review is changed by its author, and nothing unread becomes public by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import NotPossible
from community.models import Reply, ReplyVersion, Review, State
from community.moderation import queue, transitions
from community.reviews import changed_replies, threads, writing
from community.reviews.changed_replies import edit_reply
from tests import make
from tests.community.replying import change
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db


def decide(made: Reply, decision: str, by: User, reason: str = "") -> None:
    kind = queue.kinds()["changed-reply"]
    queue.decide(
        kind, kind.rows().get(pk=made.pk), decision, by=by, seen=made.revision, reason=reason
    )
    made.refresh_from_db()


def page_of(made: Reply, who: User | None = None, address: str = "") -> str:
    client = Client()
    if who is not None:
        client.force_login(who)
    text = client.get(address or made.get_absolute_url()).content.decode()
    assert parse_errors(text) == []
    return text


def versions_of(made: Reply, who: User | None = None) -> str:
    return page_of(made, who, f"/replies/{made.pk}/versions/")


def test_a_change_of_a_public_answer_waits_while_the_earlier_text_stays(
    my_answer: Reply, moe: User
) -> None:
    change(my_answer, "Second words.")

    assert (my_answer.text, my_answer.has_waiting_change) == ("First words.", True)
    assert "Second words." not in page_of(my_answer)
    assert "Second words." not in versions_of(my_answer)
    assert "a change waits for a moderator" in page_of(my_answer, my_answer.author)
    assert "Second words." in versions_of(my_answer, my_answer.author)
    assert "Second words." in versions_of(my_answer, moe)
    assert [entry.kind.name for entry in queue.entries(by=moe)] == ["changed-reply"]


def test_an_accepted_change_is_shown_and_the_earlier_text_stays_readable(
    my_answer: Reply, moe: User
) -> None:
    change(my_answer, "Second words.")
    decide(my_answer, "accept", moe)

    page, versions = page_of(my_answer), versions_of(my_answer)

    assert "Second words." in page
    assert "First words." not in page
    assert f"edited {my_answer.edited_at:%-d %b %Y, %H:%M}" in page
    assert "First words." in versions
    assert not my_answer.has_waiting_change
    assert queue.entries(by=moe) == []


def test_a_declined_change_is_read_by_its_author_and_moderators_alone(
    my_answer: Reply, moe: User
) -> None:
    change(my_answer, "Bad words.")
    decide(my_answer, "refuse", moe, "Says nothing.")
    change(my_answer, "Good words.")
    decide(my_answer, "accept", moe)

    others = [
        page_of(my_answer),
        versions_of(my_answer),
        versions_of(my_answer, make.member("eve")),
    ]

    assert all("Bad words." not in text for text in others)
    assert "Bad words." in versions_of(my_answer, my_answer.author)
    assert "Bad words." in versions_of(my_answer, moe)
    assert "Says nothing." in versions_of(my_answer, my_answer.author)
    assert "Says nothing." not in "".join(others)
    assert my_answer.text == "Good words."


def test_a_change_needs_a_reason_to_be_declined_and_nobody_decides_about_their_own(
    my_answer: Reply, moe: User
) -> None:
    change(my_answer, "Second words.")
    my_answer.author.groups.set(moe.groups.all())

    with pytest.raises(NotPossible, match="reason"):
        decide(my_answer, "refuse", moe)
    with pytest.raises(NotPossible, match="Another moderator has to decide"):
        decide(my_answer, "accept", User.objects.get(pk=my_answer.author_id))


def test_a_change_after_the_moderator_looked_is_not_accepted_unread(
    my_answer: Reply, moe: User
) -> None:
    change(my_answer, "Second words.")
    seen = Reply.objects.get(pk=my_answer.pk)
    change(my_answer, "Third words.")

    with pytest.raises(NotPossible, match="Load the queue again"):
        decide(seen, "accept", moe)

    my_answer.refresh_from_db()
    assert my_answer.text == "First words."


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.HIDDEN])
def test_neither_withdrawing_nor_hiding_makes_an_unread_change_public(
    my_answer: Reply, moe: User, state: str
) -> None:
    change(my_answer, "Unread words.")

    if state == State.WITHDRAWN:
        threads.withdraw_reply(my_answer, by=my_answer.author)
        threads.restore_reply(my_answer, by=my_answer.author)
    else:
        transitions.move(my_answer, State.HIDDEN, by=moe, reason="Let me think.")
        transitions.move(my_answer, State.PUBLISHED, by=moe)

    my_answer.refresh_from_db()
    assert (my_answer.state, my_answer.text, my_answer.has_waiting_change) == (
        "published",
        "First words.",
        True,
    )


def test_undoing_the_withdrawal_of_a_review_publishes_no_unread_change(moe: User) -> None:
    review = make.review(by=make.member("rae"), summary="Read words.")
    content = make.content(False, summary="Unread words.")
    draft = writing.draft_of(review)
    writing.hand_in(review, content, by=review.author, sequence=draft.sequence)

    writing.withdraw(review, by=review.author)
    writing.restore(review, by=review.author)

    assert "Unread words." not in Client().get(review.get_absolute_url()).content.decode()
    assert review.has_waiting_change


def test_an_answer_that_waits_is_changed_while_it_waits(review: Review, moe: User) -> None:
    made = threads.reply(review, "Too quick.", by=make.member("mia"))
    before = made.revision
    change(made, "Better.")

    with pytest.raises(NotPossible):
        transitions.move(
            Reply(
                pk=made.pk,
                review=review,
                state=State.PENDING,
                revision=before,
                author=made.author,
            ),
            State.PUBLISHED,
            by=moe,
        )
    make.settle(Reply.objects.get(pk=made.pk), State.PUBLISHED)

    made.refresh_from_db()
    assert (made.text, made.edited_at, made.has_waiting_change) == ("Better.", None, False)
    assert "Too quick." not in versions_of(made)
    assert "Too quick." in versions_of(made, made.author)


def test_a_trusted_members_change_is_public_at_once(my_answer: Reply, settings: Any) -> None:
    settings.KB_TRUST_AFTER = 1

    change(my_answer, "Second words.")

    assert my_answer.text == "Second words."
    assert "First words." in versions_of(my_answer)


def test_only_its_author_changes_an_answer(my_answer: Reply) -> None:
    eve = make.member("eve")
    client = Client()
    client.force_login(eve)

    with pytest.raises(NotPossible):
        edit_reply(my_answer, "Eve's.", by=eve, seen=my_answer.revision)
    assert client.get(f"/replies/{my_answer.pk}/edit/").status_code == 404
    assert (
        client.post(f"/replies/{my_answer.pk}/edit/", {"text": "x", "seen": 1}).status_code == 404
    )
    assert Client().get(f"/replies/{my_answer.pk}/edit/").status_code == 302


def test_the_page_changes_an_answer_and_a_stale_one_changes_nothing(my_answer: Reply) -> None:
    mia = Client()
    mia.force_login(my_answer.author)
    form = f"/replies/{my_answer.pk}/edit/"
    shown = page_of(my_answer, my_answer.author, form)
    seen = {"seen": my_answer.revision}

    first = mia.post(form, {"text": "Second words.", **seen})
    stale = mia.post(form, {"text": "Third words.", **seen})
    empty = mia.post(form, {"text": " ", **seen})

    assert "First words." in shown
    assert (first.status_code, stale.status_code, empty.status_code) == (302, 422, 422)
    assert "changed since you read it" in stale.content.decode()
    assert "Third words." in stale.content.decode()
    assert [row.text for row in ReplyVersion.objects.all()] == ["First words.", "Second words."]
    assert "Second words." in page_of(my_answer, my_answer.author, form)


def test_the_same_text_again_changes_nothing(my_answer: Reply) -> None:
    change(my_answer, " First words.  ")

    assert (my_answer.latest, ReplyVersion.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", [State.DECLINED, State.HIDDEN, State.WITHDRAWN])
def test_what_is_not_shown_is_not_changed(review: Review, state: str) -> None:
    made = threads.reply(review, "First words.", by=make.member("mia"))
    if state != State.DECLINED:
        make.settle(made, State.PUBLISHED)
    made.refresh_from_db()
    by = made.author if state == State.WITHDRAWN else make.member("moe2", "moderators")
    transitions.move(made, state, by=by, reason="No.")

    with pytest.raises(NotPossible, match="Only answers that are public or wait"):
        change(made, "Second words.")


def test_of_an_anonymous_reviewers_answer_only_the_day_is_told(moe: User) -> None:
    review = make.review(by=make.member("rae"), signed=False)
    made = threads.reply(review, "I stand by it.", by=review.author)
    make.settle(made, State.PUBLISHED)
    change(made, "I do not.")
    decide(made, "accept", moe)

    page, versions = page_of(made), versions_of(made)

    assert f"edited {made.edited_at:%-d %b %Y}<" in page
    assert f"{made.edited_at:%H:%M}" not in versions
    assert "rae" not in page + versions


def test_a_change_is_listed_among_ones_contributions_once(my_answer: Reply) -> None:
    change(my_answer, "Second words.")

    assert page_of(my_answer, my_answer.author, "/account/").count("To a review of") == 1


def test_the_number_of_queries_does_not_grow_with_changed_answers(
    review: Review, moe: User, django_assert_num_queries: Any
) -> None:
    def answered(name: str) -> None:
        made = threads.reply(review, "Words.", by=make.member(name))
        make.settle(made, State.PUBLISHED)
        made.refresh_from_db()
        change(made, "Other words.")

    answered("one")
    with CaptureQueriesContext(connection) as first:
        queue.entries(by=moe)
    answered("two")
    answered("three")
    with django_assert_num_queries(len(first)):
        assert len(queue.entries(by=moe)) == 3
    assert len(changed_replies.change_texts(list(Reply.objects.all()))) == 3
