"""The queue at work: races, limits, trust, reports, and nobody's own."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from community.models import Act, Report, Review, State
from community.moderation import limits, queue, reports, transitions
from tests import make
from tests.make import signed_in

pytestmark = pytest.mark.django_db


def decide(by: User, review: Review, decision: str, **more: Any) -> str:
    path = f"/moderation/review/{review.pk}/"
    posted = {"decision": decision, "revision": review.revision, **more}
    return signed_in(by).post(path, posted, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_in_the_same_second_one_wins_and_the_other_is_told() -> None:
    review = make.review(state=State.PENDING)
    moderators = [make.member("ann", "moderators"), make.member("bob", "moderators")]
    at_once, said = Barrier(2), {}

    def press(who: User, decision: str) -> None:
        at_once.wait()
        said[who.username] = decide(who, review, decision, reason="Not about the paper.")
        connection.close()

    threads = [
        Thread(target=press, args=(who, what))
        for who, what in zip(moderators, ("publish", "decline"), strict=True)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    review.refresh_from_db()
    acts = Act.objects.filter(object_id=review.pk, before=State.PENDING)
    winner = acts.get().by.username
    loser = "bob" if winner == "ann" else "ann"
    assert review.state in (State.PUBLISHED, State.DECLINED)
    assert "not done" not in said[winner]
    assert f"{winner} was first: it is {State(review.state).label}" in said[loser]


def test_a_moderator_who_read_an_older_text_is_told_to_read_again() -> None:
    review = make.review(state=State.PENDING)
    seen = Review.objects.get(pk=review.pk)
    from community.reviews import writing

    writing.hand_in(review, make.content(summary="Changed."), by=review.author, sequence=1)

    told = decide(make.member("moe", "moderators"), seen, "publish")

    review.refresh_from_db()
    assert "It was changed since you looked at it." in told
    assert review.state == State.PENDING


def test_nobody_moderates_their_own() -> None:
    moe = make.member("moe", "moderators")
    review = make.review(by=moe, state=State.PENDING)

    page = signed_in(moe).get("/moderation/").content.decode()
    told = decide(moe, review, "publish")

    assert "Yours: another moderator decides." in page
    assert "Another moderator has to decide" in told
    assert Review.objects.get().state == State.PENDING


def test_declining_needs_a_reason_and_the_author_reads_it() -> None:
    review, moe = make.review(state=State.PENDING), make.member("moe", "moderators")

    without = decide(moe, review, "decline", reason="  ")
    decide(moe, review, "decline", reason="Attacks a person.")
    page = signed_in(review.author).get(f"/reviews/{review.pk}/").content.decode()

    assert "Give the author a reason." in without
    assert "Attacks a person." in page


def test_members_and_visitors_decide_nothing() -> None:
    review = make.review(state=State.PENDING)
    path = f"/moderation/review/{review.pk}/"
    posted = {"decision": "publish", "revision": review.revision}

    member = signed_in(make.member("eve")).post(path, posted)
    visitor = Client().post(path, posted)

    assert (member.status_code, visitor.status_code) == (403, 302)
    assert Review.objects.get().state == State.PENDING


def test_a_new_account_may_hand_in_a_few_a_day(settings: Any) -> None:
    settings.KB_DAILY_NEW = 2
    mia = make.member("mia")
    for _ in range(2):
        make.review(by=mia, state=State.PENDING)

    with pytest.raises(transitions.NotPossible, match="2 contributions a day"):
        make.review(by=mia, state=State.PENDING)

    assert Review.objects.filter(state=State.PENDING).count() == 2


def test_trust_begins_after_enough_published_and_ends_with_a_refusal(settings: Any) -> None:
    settings.KB_TRUST_AFTER = 2
    mia = make.member("mia")
    first = make.review(by=mia, state=State.PENDING)
    make.settle(first, State.PUBLISHED)
    second = make.review(by=mia, state=State.PENDING)
    make.settle(second, State.PUBLISHED)

    third = make.review(by=mia, state=State.PENDING)
    Review.objects.filter(pk=first.pk).update(state=State.HIDDEN)
    Review.objects.filter(pk=second.pk).update(state=State.PUBLISHED)

    assert (second.state, third.state) == (State.PUBLISHED, State.PUBLISHED)
    assert Act.objects.filter(object_id=third.pk, by=None).count() == 1
    assert not limits.is_trusted(mia)


def test_a_report_reaches_the_queue_and_hiding_closes_all_of_them() -> None:
    review = make.review()
    for name in ("ann", "bob"):
        reporter = signed_in(make.member(name))
        reporter.post(f"/report/review/{review.pk}/", {"reason": f"Spam, says {name}."})
    moderator = make.member("mod2", "moderators")
    entries = queue.entries(by=moderator, only="report")

    signed_in(moderator).post(
        f"/moderation/report/{entries[0].contribution.pk}/",
        {"decision": "hide", "revision": 1, "reason": "An advertisement."},
    )

    assert [entry.text for entry in entries] == ["Spam, says ann.", "Spam, says bob."]
    assert Review.objects.get().state == State.HIDDEN
    assert set(Report.objects.values_list("outcome", flat=True)) == {"hidden"}
    assert Client().get(f"/reviews/{review.pk}/").status_code == 404


def test_a_report_is_one_a_member_and_never_of_ones_own() -> None:
    review, ann = make.review(), make.member("ann")
    reports.report(review, by=ann, reason="Spam.")

    with pytest.raises(transitions.NotPossible, match="You have reported this"):
        reports.report(review, by=ann, reason="Spam again.")
    with pytest.raises(transitions.NotPossible, match="your own"):
        reports.report(review, by=review.author, reason="Oh.")


def test_a_kept_report_stays_on_record() -> None:
    review, moderator = make.review(), make.member("mod2", "moderators")
    made = reports.report(review, by=make.member("ann"), reason="I disagree.")

    reports.close(made, "keep", moderator, "Disagreement is no reason.")
    with pytest.raises(transitions.NotPossible, match="mod2 was first"):
        reports.close(made, "hide", make.member("mod3", "moderators"), "Hide.")

    assert Review.objects.get().state == State.PUBLISHED
    assert "Reported, and kept." in transitions.acts_of(review).last().reason


@pytest.mark.parametrize("count", [1, 12])
def test_queries_of_the_queue_do_not_grow_with_it(
    count: int, django_assert_num_queries: Any
) -> None:
    by = make.member("moe", "moderators")
    cited = make.number(make.paper())
    for _ in range(count):
        make.review(cited.paper, state=State.PENDING, weaknesses=f"See [[number:{cited.pk}]].")

    with django_assert_num_queries(18):
        assert len(queue.entries(by=by)) == count


def test_the_log_tells_every_act() -> None:
    review = make.review()

    page = signed_in(make.member("mod2", "moderators")).get("/moderation/log/").content.decode()

    assert page.count(review.paper.title) == 2
    assert "pending → published" in page
