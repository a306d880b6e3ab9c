"""Tokens on their page, all data to take along, and closing an account."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import ApiToken, User
from accounts.roles import NotPossible
from community.following.follows import subscription_of
from community.lists import add_paper, make_list
from community.members.closing import close_account
from community.members.export import OTHERS, OWN, _account, relations
from community.members.profiles import shown_name
from community.models import Follow, Mark, ReadingList
from papers.models import Paper
from tests.community.members import PASSWORD, full_member, signed_in, sure
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/account/tokens/new/", "/account/export/", "/account/close/"])
def test_what_is_grave_asks_for_the_password_again(path: str) -> None:
    mia, who = signed_in()
    who.set_password(PASSWORD)
    who.save()
    mia.force_login(who)
    before = mia.get(path)

    sure(mia, who)

    assert before.headers["Location"].startswith("/accounts/reauthenticate/")
    assert mia.get(path).status_code == 200


def test_a_token_is_shown_once_and_not_kept_by_any_cache() -> None:
    mia, who = signed_in()
    sure(mia, who)

    made = mia.post("/account/tokens/new/", {"name": "laptop", "scopes": ["read"], "days": "30"})
    text = html.unescape(re.search(r'id="token"[^>]*>([^<]+)<', made.content.decode())[1])

    assert "no-store" in made.headers["Cache-Control"]
    assert (
        Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"}).json()["username"]
        == "mia"
    )
    assert text not in mia.get("/account/tokens/").content.decode()


def test_a_member_makes_no_token_beyond_their_role_by_a_changed_form() -> None:
    mia, who = signed_in()
    sure(mia, who)

    answer = mia.post(
        "/account/tokens/new/", {"name": "x", "scopes": ["read", "admin"], "days": "30"}
    )

    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_export_holds_everything_of_ones_own_and_nothing_of_others() -> None:
    who = full_member()
    other = user("otto")
    add_paper(make_list(other, name="OTTO'S LIST"), Paper.objects.get())
    mia = Client(headers={"User-Agent": "Canary browser"})
    sure(mia, who)

    answer = mia.post("/account/export/")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    whole = "".join(files.values())
    assert {"account.json", "community.mark.user.json", "community.readinglist.owner.json"} <= set(
        files
    )
    assert [row["name"] for row in json.loads(files["community.readinglist.owner.json"])] == [
        "private",
        "shared",
    ]
    assert json.loads(files["community.personclaim.user.json"])[0]["decided_by"] is None
    session = json.loads(files["usersessions.usersession.user.json"])[0]
    assert (session["ip"], session["user_agent"]) == ("127.0.0.1", "Canary browser")
    for foreign in (
        mia.session.session_key,
        "OTTO",
        "otto",
        "moe",
        "argon2",
        ApiToken.objects.get().secret_sha256,
        subscription_of(who).feed_token,
    ):
        assert foreign not in whole


def test_the_export_says_everything_of_the_account_but_its_secrets() -> None:
    who = user("mia")
    who.language = "zh-hans"
    who.save()

    told = _account(who)

    assert told["language"] == "zh-hans"
    columns = {field.name for field in type(who)._meta.concrete_fields}
    assert columns - set(told) == {"id", "password", "is_active", "is_staff", "is_superuser"}


def test_the_export_holds_the_entries_and_notes_of_lists() -> None:
    who = full_member()
    mia = Client()
    sure(mia, who)

    content = mia.post("/account/export/").content

    assert (
        "my note"
        in zipfile.ZipFile(io.BytesIO(content)).read("community.listentry.owner.json").decode()
    )


def test_every_column_that_leads_to_an_account_is_known_to_the_export() -> None:
    unknown = {
        f"{model._meta.label}.{column.name}"
        for model, column in relations()
        if column.name not in OWN | OTHERS
    }

    assert unknown == set()


def test_a_closed_account_is_forgotten_and_its_contributions_stay() -> None:
    who = full_member()
    session = Client()
    session.force_login(who)
    shared = ReadingList.objects.get(name="shared")

    close_account(who, typed_name="mia")

    who = User.objects.get(pk=who.pk)
    assert not who.username.startswith("mia")
    assert (who.email, who.first_name, who.is_active, who.has_usable_password()) == (
        "",
        "",
        False,
        False,
    )
    assert shown_name(who) == "a former member"
    left = [EmailAddress, SocialAccount, ApiToken, Mark, Follow]
    assert [model.objects.filter(user=who).count() for model in left] == [0] * 5
    assert list(ReadingList.objects.filter(owner=who)) == [shared]
    assert "a former member" in Client().get(shared.shared_address).content.decode()
    assert "Canary" not in Client().get(shared.shared_address).content.decode()
    assert Client().get("/members/mia/").status_code == 404
    assert session.get("/account/").status_code == 302
    assert Client().login(username="mia", password=PASSWORD) is False


def test_closing_needs_the_name_and_leaves_an_administrator() -> None:
    ada = user("ada", is_staff=True, is_superuser=True)

    with pytest.raises(NotPossible, match="exactly"):
        close_account(ada, typed_name="Ada")
    with pytest.raises(NotPossible, match="only administrator"):
        close_account(ada, typed_name="ada")

    assert User.objects.get(pk=ada.pk).is_active
