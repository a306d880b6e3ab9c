"""Reviews through the API: written, submitted, read, answered, with If-Match and problems."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from community.models import Review, State
from tests import make
from tests.make import signed_in

pytestmark = pytest.mark.django_db

API = "/api/v1/reviews/"


def send(client: Client, method: str, path: str, body: Any, **headers: str) -> Any:
    return client.generic(
        method, path, data=body, content_type="application/json", headers=headers or None
    )


def post(client: Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    import json

    return send(client, "POST", path, json.dumps(body or {}), **headers)


def patch(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    import json

    return send(client, "PATCH", path, json.dumps(body), **headers)


def test_a_review_is_written_submitted_and_read_through_the_api() -> None:
    paper, mia = make.paper(), make.member("mia")
    author, reader = signed_in(mia), Client()

    made = post(author, API, {"paper": paper.key, "form": "house", "answers": make.ANSWERS})
    address = f"{API}{made.json()['id']}/"
    etag = author.get(address)["ETag"]
    changed = patch(author, address, {"name": "signed", "conflict": "none"}, **{"If-Match": etag})
    handed = post(author, f"{address}submit/")
    hidden = reader.get(address).status_code
    make.settle(Review.objects.get(), State.PUBLISHED)
    seen = reader.get(address).json()
    listed = reader.get(f"{API}?paper={paper.key}").json()["results"]

    assert made.status_code == 201 and made["Location"].endswith(address)
    assert changed.json()["draft"]["name"] == "signed"
    assert handed.json()["state"] == "pending"
    assert hidden == 404
    assert seen["author"] == {"name": "mia", "person": None}
    assert seen["rating"]["value"] == "4"
    assert seen["draft"] is None
    assert [one["id"] for one in listed] == [seen["id"]]


def test_a_change_needs_the_etag_of_what_was_read() -> None:
    mia = make.member("mia")
    review, author = make.review(by=mia, state=State.DRAFT), signed_in(mia)
    address = f"{API}{review.pk}/"
    etag = author.get(address)["ETag"]

    without = patch(author, address, {"answers": {"summary": "One."}})
    first = patch(author, address, {"answers": {"summary": "Two."}}, **{"If-Match": etag})
    stale = patch(author, address, {"answers": {"summary": "Three."}}, **{"If-Match": etag})

    assert [without.status_code, first.status_code, stale.status_code] == [428, 200, 412]
    assert stale["Content-Type"] == "application/problem+json"
    assert author.get(address).json()["draft"]["answers"]["summary"] == "Two."


def test_what_is_missing_is_pointed_at() -> None:
    mia, paper = make.member("mia"), make.paper()
    author = signed_in(mia)
    made = post(author, API, {"paper": paper.key, "form": "house"}).json()

    refused = post(author, f"{API}{made['id']}/submit/")

    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert refused.status_code == 422
    assert {"/answers/summary", "/answers/name", "/answers/conflict"} <= pointers


def test_others_cannot_act_on_a_review() -> None:
    review, other = make.review(), signed_in(make.member("eve"))

    for step in ("submit", "withdraw", "restore", "appeal"):
        assert post(other, f"{API}{review.pk}/{step}/").status_code == 403
    assert patch(other, f"{API}{review.pk}/", {"name": "signed"}).status_code == 403
    assert post(Client(), API, {}).status_code == 401
    assert post(Client(), f"{API}{review.pk}/replies/", {"text": "Hello."}).status_code == 401
    review.refresh_from_db()
    assert (review.state, review.signed) == (State.PUBLISHED, False)


def test_fields_that_are_the_sites_own_cannot_be_sent() -> None:
    mia, paper = make.member("mia"), make.paper()
    stolen = {"state": "published", "author": 1, "source_checked": True, "public": 9}

    made = post(signed_in(mia), API, {"paper": paper.key, "form": "house", **stolen})

    review = Review.objects.get(pk=made.json()["id"])
    assert (review.state, review.author, review.public) == (State.DRAFT, mia, 0)
    assert review.source_checked is False


def test_a_reply_waits_for_a_moderator_and_then_stands_in_the_thread() -> None:
    review, ann = make.review(), make.member("ann")

    made = post(signed_in(ann), f"{API}{review.pk}/replies/", {"text": "I disagree."})
    before = Client().get(f"{API}{review.pk}/replies/").json()["results"]
    make.settle(review.replies.get(), State.PUBLISHED)
    after = Client().get(f"{API}{review.pk}/replies/").json()["results"]

    assert made.status_code == 201
    assert made.json()["state"] == "pending"
    assert before == []
    assert [(one["text"], one["author"]["name"]) for one in after] == [("I disagree.", "ann")]


def test_withdrawing_and_coming_back() -> None:
    review = make.review(by=make.member("mia"))
    author = signed_in(review.author)

    post(author, f"{API}{review.pk}/withdraw/")
    gone = Client().get(f"{API}{review.pk}/").status_code
    post(author, f"{API}{review.pk}/restore/")
    again = post(author, f"{API}{review.pk}/restore/")

    assert gone == 404
    assert Client().get(f"{API}{review.pk}/").status_code == 200
    assert again.status_code == 409


def test_the_forms_are_listed_with_their_scales() -> None:
    listed = {one["key"]: one for one in Client().get(f"{API}forms/").json()["results"]}

    rating = next(one for one in listed["iclr-2020"]["fields"] if one["name"] == "rating")
    assert [point["value"] for point in rating["scale"]] == ["1", "3", "6", "8"]
    assert listed["iclr-2026"]["unconfirmed"]


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_needs_the_same_queries_for_any_number(
    count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        make.review(make.paper(), signed=True)
    client = Client()

    with django_assert_num_queries(6):
        assert len(client.get(f"{API}?per_page=100").json()["results"]) == count
