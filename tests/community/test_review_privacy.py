"""An anonymous review names nobody to anybody, and what is not public is nowhere."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from community.models import Review, State
from community.reviews import threads
from tests import make

pytestmark = pytest.mark.django_db

CANARY = "canarymia"
SECRET = "Canarysentence"


@pytest.fixture
def world() -> Review:
    """One member with an anonymous review, an answer below it, and reviews in every other state."""
    mia = make.member(CANARY, first_name=CANARY, last_name=CANARY)
    paper = make.paper("Skip RNN", key="skip2018", authors=["Gao Huang"])
    public = make.review(paper, by=mia, summary="It learns when to stop.")
    threads.reply(public, "As the reviewer: thank you.", by=mia)
    make.settle(public.replies.get(), State.PUBLISHED)
    printed = {"rating": "6", "review": f"{SECRET}.", "confidence": "3"}
    for year, state in ((2017, "draft"), (2018, "pending"), (2019, "declined")):
        make.review(paper, by=mia, state=state, form="iclr-2017", year=year, values=printed)
    for state in ("withdrawn", "hidden"):
        make.review(make.paper(f"Other {state}"), by=mia, state=state, summary=f"{SECRET}.")
    return public


def addresses(review: Review) -> list[str]:
    paper = review.paper
    return [
        "/",
        "/reviews/",
        paper.get_absolute_url(),
        f"/papers/{paper.key}/reviews/",
        f"/reviews/{review.pk}/",
        f"/reviews/{review.pk}/versions/1/1/",
        "/feeds/reviews.atom",
        f"/feeds/reviews.atom?paper={paper.key}",
        "/people/?q=canary",
        f"/people/?q={CANARY}",
        f"/papers/?q={CANARY}",
        f"/papers/?q={SECRET}",
        "/api/v1/reviews/?with_count=1",
        f"/api/v1/reviews/{review.pk}/",
        f"/api/v1/reviews/{review.pk}/replies/",
        f"/api/v1/papers/{paper.key}/",
        "/api/v1/schema/",
    ]


def readers() -> dict[str, Client]:
    clients = {"visitor": Client()}
    for name, groups in (("eve", ()), ("cam", ("curators",))):
        clients[name] = Client()
        clients[name].force_login(make.member(name, *groups))
    return clients


def asked(client: Client, path: str, typed: str = CANARY) -> str:
    """Headers and body, without what the reader typed themselves."""
    response = client.get(path)
    assert response.status_code in (200, 404), path
    return f"{response.headers} {response.content.decode()}".replace(f"q={typed}", "").replace(
        f'value="{typed}"', ""
    )


def test_an_anonymous_reviewer_is_named_nowhere(world: Review) -> None:
    for name, client in readers().items():
        for path in addresses(world):
            if CANARY in path:
                continue
            assert CANARY not in asked(client, path), (name, path)


def test_texts_that_are_not_public_are_nowhere(world: Review) -> None:
    for name, client in readers().items():
        for path in addresses(world):
            if SECRET in path:
                continue
            assert SECRET not in asked(client, path), (name, path)


def test_what_is_not_public_answers_as_if_it_were_not_there(world: Review) -> None:
    clients = readers()
    for review in Review.objects.exclude(pk=world.pk):
        for name, client in clients.items():
            for path in (f"/reviews/{review.pk}/", f"/api/v1/reviews/{review.pk}/"):
                assert client.get(path).status_code == 404, (name, path)
                assert client.get(path).content.decode().count(CANARY) == 0
            for act in ("answer", "helpful", "withdraw", "restore", "appeal", "autosave"):
                response = client.post(f"/reviews/{review.pk}/{act}", {"text": "x"})
                assert response.status_code in (302, 404), (name, act)
        assert review.replies.count() == 0


def test_the_search_knows_public_reviews_alone(world: Review, settings: Any) -> None:
    call_command("index", verbosity=0)

    shown = Client().get("/papers/?has=review").content.decode()

    assert "Skip RNN" in shown
    assert "Other withdrawn" not in shown and "Other hidden" not in shown


def test_numbers_of_reviews_tell_no_order(world: Review) -> None:
    by_time = list(Review.objects.order_by("created_at").values_list("pk", flat=True))
    gaps = [abs(second - first) for first, second in pairwise(by_time)]

    assert min(gaps) > 1000


def test_a_signed_review_stands_on_the_page_of_the_confirmed_person() -> None:
    from community.models import PersonClaim

    gao = make.member("gao")
    PersonClaim.objects.create(user=gao, person=make.person("Gao Huang"), state="confirmed")
    make.review(make.paper("Signed one", authors=["Yi Wang"]), by=gao, signed=True)
    make.review(make.paper("Secret one", authors=["Yi Wang"]), by=gao)

    page = Client().get("/people/gao-huang/").content.decode()

    assert "Signed one" in page
    assert "Secret one" not in page


def test_moderators_learn_the_author_by_a_click_that_is_recorded(world: Review) -> None:
    moderator = Client()
    moderator.force_login(make.member("mod2", "moderators"))
    waiting = Review.objects.get(state=State.PENDING)
    places = ["/moderation/", "/moderation/log/", "/api/v1/moderation/"]
    places += [f"/reviews/{review.pk}/" for review in Review.objects.exclude(state=State.DRAFT)]

    for place in places:
        assert CANARY not in moderator.get(place).content.decode(), place
    page = moderator.post(f"/moderation/review/{waiting.pk}/name/", follow=True)
    assert CANARY in page.content.decode()
    answer = moderator.post(f"/api/v1/moderation/review/{waiting.pk}/name/")
    assert answer.json() == {"author": CANARY}
    log = moderator.get("/moderation/log/").content.decode()
    assert log.count("Read who wrote it.") == 2
    assert CANARY not in log
    assert CANARY not in moderator.get(world.paper.get_absolute_url()).content.decode()
    assert CANARY not in moderator.get(f"/api/v1/reviews/{world.pk}/").content.decode()
