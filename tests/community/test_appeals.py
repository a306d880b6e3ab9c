"""Whoever was declined reads why, and can ask for another look: answers and talks, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.models import Moderated, Reply, Review, State, Video
from community.moderation import transitions
from community.reviews import reading, threads
from tests import make
from tests.make import signed_in
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(review: Review) -> Reply:
    """An answer of mia's to the review, declined with a reason."""
    made = threads.reply(review, "Words of mia.", by=make.member("mia"))
    transitions.move(made, State.DECLINED, by=make.member("mod3", "moderators"), reason="Too rude.")
    return made


def read(client: Client, address: str) -> str:
    text = client.get(address).content.decode()
    assert parse_errors(text) == []
    return text


def test_its_author_reads_a_declined_answer_and_why(declined: Reply) -> None:
    page = read(signed_in(declined.author), declined.review.get_absolute_url())

    assert "Words of mia." in page
    assert "“Too rude.”" in page


@pytest.mark.parametrize("who", ["", "ben", "author of the review"])
def test_nobody_else_reads_it_in_the_thread(declined: Reply, who: str) -> None:
    client = Client()
    if who:
        client.force_login(make.member("ben") if who == "ben" else declined.review.author)

    page = read(client, declined.review.get_absolute_url())

    assert "Words of mia." not in page
    assert "Too rude" not in page


def test_a_declined_answer_does_not_count(declined: Reply) -> None:
    (shown,) = reading.shown([declined.review], declined.author)

    assert shown.replies_count == 0


def test_an_answer_is_appealed_on_the_account_page(declined: Reply, moe: Any) -> None:
    client = signed_in(declined.author)
    address = f"/appeal/reply/{declined.pk}/"
    before = read(client, "/account/")

    answer = client.post(address, {"reason": "I was quoting."}, follow=True)

    declined.refresh_from_db()
    assert f'action="{address}"' in before and "Too rude." in before
    assert "It waits for a moderator again." in answer.content.decode()
    assert declined.state == State.PENDING
    queue = read(signed_in(moe), "/moderation/")
    assert "I was quoting." in queue and ">appeal<" in queue


def test_a_hidden_talk_is_appealed_too(moe: Any) -> None:
    talk = Video.objects.create(
        author=make.member("mia"),
        paper=make.paper("Exits"),
        provider="youtube",
        provider_id="abcdefghijk",
        address="https://www.youtube.com/watch?v=abcdefghijk",
        title="A talk",
        state=State.PUBLISHED,
    )
    transitions.move(talk, State.HIDDEN, by=moe, reason="Another paper.")
    client = signed_in(talk.author)

    assert "Another paper." in read(client, "/account/")
    client.post(f"/appeal/video/{talk.pk}/", {"reason": "The same one."})

    talk.refresh_from_db()
    assert talk.state == State.PENDING


@pytest.mark.parametrize(
    ("kind", "who", "status"),
    [("reply", "ben", 404), ("changed-reply", "mia", 404), ("nothing", "mia", 404)],
)
def test_only_ones_own_contributions_are_appealed(
    declined: Reply, kind: str, who: str, status: int
) -> None:
    client = signed_in(declined.author if who == "mia" else make.member(who))

    answer = client.post(f"/appeal/{kind}/{declined.pk}/", {"reason": "Please."})

    declined.refresh_from_db()
    assert answer.status_code == status
    assert declined.state == State.DECLINED


@pytest.mark.parametrize("state", [State.DECLINED, State.PUBLISHED])
def test_an_appeal_needs_a_reason_and_a_decision(my_answer: Reply, moe: Any, state: str) -> None:
    if state == State.DECLINED:
        transitions.move(my_answer, State.HIDDEN, by=moe, reason="Off topic.")
    before = my_answer.state
    reason = "" if state == State.DECLINED else "I want to."

    signed_in(my_answer.author).post(f"/appeal/reply/{my_answer.pk}/", {"reason": reason})

    my_answer.refresh_from_db()
    assert my_answer.state == before


@pytest.mark.parametrize("reason", ["I was quoting.", ""])
def test_the_api_takes_appeals_with_a_reason(declined: Reply, reason: str) -> None:
    client = signed_in(declined.author)
    address = f"/api/v1/replies/{declined.pk}/appeal/"

    answer = client.post(address, {"reason": reason}, content_type="application/json")

    declined.refresh_from_db()
    assert answer.status_code == (200 if reason else 409)
    assert declined.state == (State.PENDING if reason else State.DECLINED)


def test_a_thread_with_refusals_takes_one_query_more(my_answer: Reply, moe: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reading.shown([my_answer.review], my_answer.author)
        return len(queries)

    asked()
    before = asked()
    transitions.move(my_answer, State.HIDDEN, by=moe, reason="Off topic.")
    once = asked()
    for number in range(3):
        made: Moderated = threads.reply(my_answer.review, f"More {number}.", by=my_answer.author)
        transitions.move(made, State.DECLINED, by=moe, reason="Off topic.")

    assert (once, asked()) == (before + 1, before + 1)
