"""Changing an answer to a review through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community.models import Reply
from tests import make
from tests.community.replying import change

pytestmark = pytest.mark.django_db


def api(client: Client, made: Reply, text: str, **headers: str) -> Any:
    return client.patch(
        f"/api/v1/replies/{made.pk}/",
        json.dumps({"text": text}),
        "application/json",
        headers=headers,
    )


def test_the_api_changes_an_answer_as_it_was_read(my_answer: Reply) -> None:
    mia = Client()
    mia.force_login(my_answer.author)
    read = mia.get(f"/api/v1/replies/{my_answer.pk}/")
    etag = {"If-Match": read["ETag"]}

    unseen = api(mia, my_answer, "Second words.")
    changed = api(mia, my_answer, "Second words.", **etag)
    stale = api(mia, my_answer, "Third words.", **etag)

    assert (unseen.status_code, changed.status_code, stale.status_code) == (428, 200, 412)
    body = changed.json()
    assert (body["text"], body["waiting_text"]) == ("First words.", "Second words.")
    assert Client().get(f"/api/v1/replies/{my_answer.pk}/").json()["waiting_text"] is None


def test_the_api_tells_texts_to_those_who_may_read_them(my_answer: Reply, moe: User) -> None:
    change(my_answer, "Second words.")
    address = f"/api/v1/replies/{my_answer.pk}/versions/"
    judge = Client()
    judge.force_login(moe)

    assert [row["text"] for row in Client().get(address).json()["results"]] == ["First words."]
    assert [(row["number"], row["shown"]) for row in judge.get(address).json()["results"]] == [
        (1, True),
        (2, False),
    ]


def test_the_api_refuses_others_and_what_cites_nothing(my_answer: Reply) -> None:
    eve, mia = Client(), Client()
    eve.force_login(make.member("eve"))
    mia.force_login(my_answer.author)

    assert api(Client(), my_answer, "x", **{"If-Match": "*"}).status_code in (401, 403)
    assert api(eve, my_answer, "x", **{"If-Match": "*"}).status_code == 403
    assert api(mia, my_answer, "[[run:999]]", **{"If-Match": "*"}).status_code == 409
