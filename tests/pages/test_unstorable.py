"""What no text in the database can hold is refused as a mistake of the sender, everywhere."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from accounts.tokens import make_token
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/abs/a%00",
        "/doi/10.1145/a%00b",
        "/unapi?id=a%00",
        "/members/a%00/",
        "/feeds/lists/%00.atom",
        "/feeds/following/a%00.atom",
        "/feeds/reviews.atom?paper=%00",
        "/numbers/?program=%00&state=%00",
        "/papers/?q=%00",
        "/api/v1/papers/a%00/",
    ],
)
def test_nul_in_an_address_breaks_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code in (200, 400, 404)


def test_nul_in_a_form_is_a_bad_request(client: Client) -> None:
    client.force_login(make.member())

    body = "name=a%00b"
    answer = client.post("/lists/make", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"name": "half \ud83d emoji"}),
        json.dumps({"name": "a\x00b"}),
        json.dumps({"deep": [{"\x00": 1}]}),
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a":' * 5000,
    ],
    ids=["surrogate", "nul", "nul in a key", "deep", "deep and open"],
)
@pytest.mark.parametrize("address", ["lists/", "corrections/", "follows/"])
def test_json_that_cannot_be_stored_is_refused(client: Client, address: str, body: str) -> None:
    _, key = make_token(make.member(), name="laptop", scopes=["read", "contribute"], days=7)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "one"}

    answer = client.post(
        f"/api/v1/{address}", body, content_type="application/json", headers=headers
    )

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("resource", ["numbers", "runs", "reviews", "videos", "corrections"])
def test_a_list_of_the_api_narrowed_to_what_no_key_can_be_is_refused(
    client: Client, resource: str
) -> None:
    answer = client.get(f"/api/v1/{resource}/?paper=hidden%002018")

    assert answer.status_code in (400, 401)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
