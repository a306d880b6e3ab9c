"""The pages of members: what others see, and what they cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from community.lists import set_mark
from community.members.identity import claim_person
from community.models import PersonClaim, Profile
from tests import make
from tests.community.members import full_member, signed_in
from tests.community.test_moderation import user
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db


def without_names(answer: Any) -> str:
    return re.sub(r'mia|nobody|name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_a_member_page_is_there_for_whoever_opened_theirs() -> None:
    _, who = signed_in()
    Profile.objects.create(user=who, name="Mia M.", affiliation="<script>alert(1)</script>")
    closed = Client().get("/members/mia/")
    missing = Client().get("/members/nobody/")
    Profile.objects.update(is_public=True)
    shown = Client().get("/members/mia/").content.decode()

    assert (closed.status_code, missing.status_code) == (404, 404)
    assert without_names(closed) == without_names(missing)
    assert "Mia M." in shown
    assert "<script>alert" not in shown
    assert "example.org" not in shown


def test_claims_are_decided_by_moderators_on_their_page() -> None:
    mia, _ = signed_in()
    moe, _ = signed_in("moe", "moderators")
    make.person("Gao Huang")
    mia.post("/people/gao-huang/claim/", {"statement": "<script>alert(1)</script>"})
    claim = PersonClaim.objects.get()

    forbidden = [
        mia.get("/claims/").status_code,
        mia.post(f"/claims/{claim.pk}/decide", {"decision": "confirm"}).status_code,
    ]
    page = moe.get("/claims/").content.decode()
    moe.post(f"/claims/{claim.pk}/decide", {"decision": "confirm"})

    claim.refresh_from_db()
    assert forbidden == [403, 403]
    assert "<script>alert" not in page
    assert claim.state == "confirmed"
    assert "Gao Huang" in mia.get("/account/").content.decode()


def test_nobody_withdraws_the_claim_of_another() -> None:
    claim = claim_person(make.person("Gao Huang"), by=user("mia"))
    eve, _ = signed_in("eve")

    assert eve.post(f"/claims/{claim.pk}/withdraw").status_code == 404
    claim.refresh_from_db()
    assert claim.state == "open"


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/tokens/",
        "/lists/yours/",
        "/following/",
        "/people/gao-huang/claim/",
        "/people/gao-huang/",
        "/papers/skip/",
        "/papers/?q=skip",
        "/members/mia/",
    ],
)
def test_pages_of_members_are_valid_and_carry_no_inline_code(path: str) -> None:
    who = full_member()
    client = Client()
    client.force_login(who)

    text = client.get(path).content.decode()

    assert parse_errors(text) == []
    assert re.findall(r"\s(?:style|on[a-z]+)=[\"']", text) == []


def test_a_page_costs_one_query_for_all_its_marks(django_assert_max_num_queries: Any) -> None:
    mia, who = signed_in()
    for number in range(12):
        set_mark(who, make.paper(f"Paper {number}"), "to_read")
    mia.get("/lists/yours/")

    with django_assert_max_num_queries(14):
        mia.get("/lists/yours/")
