"""The pages of reading lists: their owner's alone, until they are shared."""

from __future__ import annotations

import pytest
from django.test import Client

from community.lists import add_paper, change_list, make_list
from community.models import ReadingList
from tests import make
from tests.community.members import signed_in
from tests.community.test_moderation import user
from tests.markup import flat
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret_list() -> ReadingList:
    chosen = make_list(user("owner"), name="CANARY plans")
    add_paper(chosen, make.paper("Skip RNN", key="skip"), note="CANARY note")
    return chosen


OWNERS_ONLY = (
    ("get", "/lists/{list}/"),
    ("get", "/lists/{list}/list.bib"),
    ("post", "/lists/{list}/change"),
    ("post", "/lists/{list}/delete"),
    ("post", "/lists/{list}/entries/{entry}"),
)


@pytest.mark.parametrize("who", ["visitor", "eve", "moe", "ada"])
@pytest.mark.parametrize(("method", "path"), OWNERS_ONLY)
def test_a_private_list_is_its_owners_alone(
    secret_list: ReadingList, who: str, method: str, path: str
) -> None:
    client = Client()
    if who != "visitor":
        client, _ = signed_in(who, "moderators", is_staff=who == "ada")
    address = path.format(list=secret_list.pk, entry=secret_list.entries.get().pk)

    answer = getattr(client, method)(
        address, {"name": "taken", "sure": "yes", "act": "remove", "share": "on"}
    )

    assert answer.status_code == (302 if who == "visitor" else 404)
    assert "CANARY" not in answer.content.decode()
    secret_list.refresh_from_db()
    assert (secret_list.name, secret_list.is_shared) == ("CANARY plans", False)
    assert secret_list.entries.count() == 1


@pytest.mark.parametrize(
    "path", ["/shared/{key}/", "/shared/{key}/list.csv", "/feeds/lists/{key}.atom"]
)
def test_the_address_of_a_list_opens_it_only_while_it_is_shared(
    secret_list: ReadingList, path: str
) -> None:
    address = path.format(key=secret_list.share_key)
    before = Client().get(address).status_code
    change_list(secret_list, is_shared=True)
    address = path.format(key=secret_list.share_key)
    during = Client().get(address)
    change_list(secret_list, is_shared=False)

    assert (before, during.status_code) == (404, 200)
    assert "Skip RNN" in during.content.decode()
    assert Client().get(address).status_code == 404


def test_an_entry_of_one_list_cannot_be_reached_through_another(secret_list: ReadingList) -> None:
    eve, who = signed_in("eve")
    own = make_list(who, name="mine")

    answer = eve.post(f"/lists/{own.pk}/entries/{secret_list.entries.get().pk}", {"act": "remove"})

    assert answer.status_code == 404
    assert secret_list.entries.count() == 1


def test_a_paper_cannot_be_put_into_the_list_of_another(secret_list: ReadingList) -> None:
    eve, _ = signed_in("eve")
    make.paper("Spam", key="spam")

    answer = eve.post("/lists/add", {"paper": "spam", "list": secret_list.pk})

    assert answer.status_code == 404
    assert secret_list.entries.count() == 1


def test_a_list_is_made_filled_ordered_and_exported_with_plain_forms() -> None:
    mia, _ = signed_in()
    for key in ("one", "two"):
        make.paper(key.title(), key=key)
        mia.post(
            "/lists/add",
            {"paper": key, "name": "Exits"}
            if key == "one"
            else {"paper": key, "list": ReadingList.objects.get().pk},
        )
    chosen = ReadingList.objects.get()

    second = chosen.entries.get(paper__key="two")
    mia.post(f"/lists/{chosen.pk}/entries/{second.pk}", {"act": "up"})
    mia.post(f"/lists/{chosen.pk}/entries/{second.pk}", {"act": "note", "note": "<b>first</b>"})
    page = flat(mia.get(f"/lists/{chosen.pk}/").content.decode())
    bib = mia.get(f"/lists/{chosen.pk}/list.bib").content.decode()

    assert page.index(">Two</a>") < page.index(">One</a>")
    assert "&lt;b&gt;first" in page
    assert bib.index("Two") < bib.index("One")
    assert parse_errors(page) == []
