"""Videos, corrections and histories as programs see them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from community.models import Correction, Video
from tests import make
from tests.community.test_moderation import user
from tests.make import signed_in

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def as_user(name: str, *groups: str) -> Client:
    return signed_in(user(name, *groups))


def post(client: Client, address: str, body: dict, **headers: str) -> Any:
    return client.post(API + address, json.dumps(body), "application/json", headers=headers)


def test_a_video_is_added_read_and_withdrawn() -> None:
    paper, mia = make.paper(arxiv="1708.06834"), as_user("mia")
    body = {"paper": "1708.06834", "address": "https://youtu.be/dQw4w9WgXcQ?t=90", "title": "Talk"}

    made = post(mia, "videos/", body)
    twice = post(mia, "videos/", body)
    address = made.headers["Location"].removeprefix("http://testserver")
    read = mia.get(address)

    assert made.status_code == 201
    assert (made.json()["paper"], made.json()["start"], made.json()["state"]) == (
        paper.key,
        90,
        "pending",
    )
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "/address")
    assert Client().get(address).status_code == 404
    assert mia.delete(address).status_code == 428
    assert mia.delete(address, headers={"If-Match": '"old"'}).status_code == 412
    assert mia.delete(address, headers={"If-Match": read.headers["ETag"]}).status_code == 204
    assert Video.objects.get().state == "withdrawn"


def test_a_correction_is_proposed_decided_and_stands_in_the_history() -> None:
    paper = make.paper("Skip RNN")
    mia, cam, ben = as_user("mia"), as_user("cam", "curators"), as_user("ben")

    made = post(
        mia, "corrections/", {"record": paper.key, "fields": {"year": 2017}, "reason": "arXiv"}
    )
    address = f"corrections/{made.json()['id']}/"
    seen = cam.get(API + address).json()["seen"]
    refused = post(mia, f"{address}decision/", {"accept": True, "seen": seen})
    unseen = post(cam, f"{address}decision/", {"accept": True, "seen": "x"})
    accepted = post(cam, f"{address}decision/", {"accept": True, "seen": seen})
    again = post(cam, f"{address}decision/", {"accept": False, "answer": "no"})

    assert [a.status_code for a in (made, refused, unseen, accepted, again)] == [
        201,
        403,
        409,
        200,
        409,
    ]
    assert ben.get(API + address).status_code == 404
    assert Client().get(f"{API}corrections/").status_code in (401, 403)
    assert accepted.json()["written"] == {"year": 2017}
    newest = Client().get(f"{API}history/papers/{paper.key}/").json()["results"][0]
    assert newest["changes"][0] == {"name": "year", "before": 2018, "after": 2017}
    assert (newest["by"], newest["reason"]) == ("cam", "arXiv")


def test_a_wrong_field_is_a_problem_with_a_pointer() -> None:
    paper = make.paper()

    answer = post(
        as_user("mia"),
        "corrections/",
        {"record": paper.key, "fields": {"state": "hidden"}, "reason": "x"},
    )

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/state"
    assert not Correction.objects.exists()


def test_the_history_of_a_hidden_paper_is_not_told() -> None:
    paper = make.paper("CANARY", state="hidden")

    assert Client().get(f"{API}history/papers/{paper.key}/").status_code == 404
    assert Client().get(f"{API}history/nonsense/x/").status_code == 404


def test_an_offered_key_makes_a_repeated_correction_one() -> None:
    paper, mia = make.paper(), as_user("mia")
    body = {"record": paper.key, "fields": {"year": 2017}, "reason": "x"}
    headers = {"Idempotency-Key": "abc"}

    first, second = (post(mia, "corrections/", body, **headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
