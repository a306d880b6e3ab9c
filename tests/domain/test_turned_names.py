"""Signs that turn the direction of text are in no name: what stands there is what is shown."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from community import lists
from community.members.profiles import shown_name
from papers.names import tidy
from papers.persons import Spellings

TURNED = "Anna \u202eetsrE\u2069\u200f"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (TURNED, "Anna etsrE"),
        ("\u2066Bo\u2069\u061c Zweite", "Bo Zweite"),
        ("\u202a\u202b\u202c\u202d\u202e", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that belongs to the spelling
        ("משה לוי", "משה לוי"),
    ],
)
def test_a_tidied_text_has_none(text: str, kept: str) -> None:
    assert tidy(text) == kept


@pytest.mark.django_db
def test_members_lists_and_people_bear_no_turned_names() -> None:
    user = User.objects.create_user("anna", password="x")
    client = Client()
    client.force_login(user)
    answer = client.post(
        "/account/profile",
        {"name": TURNED, "affiliation": TURNED, "homepage": "", "orcid": ""},
    )

    assert answer.status_code == 302
    user.refresh_from_db()
    assert shown_name(User.objects.get(pk=user.pk)) == "Anna etsrE"
    assert lists.make_list(user, name=TURNED).name == "Anna etsrE"
    people = Spellings()
    assert people.person_id(TURNED) == people.person_id("Anna etsrE")
