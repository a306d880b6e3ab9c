"""The pages of members: what others cannot reach, forge or smuggle in."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from community.claims import claim_person, decide_claim
from community.closing import close_account
from community.export import OTHERS, OWN, relations
from community.follows import follow, subscription_of
from community.lists import add_paper, change_list, make_list, set_mark
from community.members import shown_name
from community.models import ApiToken, Follow, Mark, PersonClaim, Profile, ReadingList
from community.moderation import NotPossible
from community.tokens import make_token
from kb.models import User
from kb.pages.profile_form import is_orcid
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.KB_SEARCH_FOLLOW = "off"
    cache.clear()


def signed_in(name: str = "mia", *groups: str, **fields: Any) -> tuple[Client, User]:
    who = User.objects.filter(username=name).first() or user(name, *groups, **fields)
    client = Client()
    client.force_login(who)
    return client, who


def sure(client: Client, who: User) -> None:
    """As if the member had just typed the password again."""
    who.set_password(PASSWORD)
    who.save()
    client.force_login(who)
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


# --- reading lists ---


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
    page = mia.get(f"/lists/{chosen.pk}/").content.decode()
    bib = mia.get(f"/lists/{chosen.pk}/list.bib").content.decode()

    assert page.index(">Two</a>") < page.index(">One</a>")
    assert "&lt;b&gt;first" in page
    assert bib.index("Two") < bib.index("One")
    assert parse_errors(page) == []


# --- forms ---

FORMS = (
    ("/lists/make", {"name": "x"}),
    ("/lists/add", {"paper": "skip", "name": "x"}),
    ("/papers/skip/mark", {"mark": "read"}),
    ("/following/change", {"kind": "paper", "target": "skip"}),
    ("/following/seen", {}),
    ("/following/settings", {"digest": "daily"}),
    ("/account/profile", {"name": "x"}),
    ("/account/close/", {"name": "mia"}),
    ("/account/tokens/new/", {"name": "x", "scopes": "read", "days": "30"}),
    ("/people/gao-huang/claim/", {}),
)


@pytest.mark.parametrize(("path", "body"), FORMS)
def test_a_forged_form_does_nothing(path: str, body: dict[str, str]) -> None:
    make.paper(key="skip")
    _, who = signed_in()
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(who)

    assert forger.post(path, body).status_code == 403
    assert not ReadingList.objects.exists()
    assert not Mark.objects.exists()
    assert not Follow.objects.exists()
    assert not ApiToken.objects.exists()
    assert User.objects.get(pk=who.pk).is_active


@pytest.mark.parametrize(("path", "body"), FORMS)
def test_a_visitor_is_sent_to_sign_in(path: str, body: dict[str, str]) -> None:
    make.paper(key="skip")

    answer = Client().post(path, body)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
@pytest.mark.parametrize(
    ("path", "body"),
    [form for form in FORMS[:4] if form[0] != "/lists/make"] + [("/lists/make", {"name": ""})],
)
def test_no_form_leads_off_the_site(path: str, body: dict[str, str], target: str) -> None:
    make.paper(key="skip")
    mia, _ = signed_in()

    answer = mia.post(path, body | {"next": target})

    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/logout/", "/accounts/signup/"])
def test_signing_in_leads_nowhere_else(page: str) -> None:
    who = user("mia")
    who.set_password(PASSWORD)
    who.save()
    client = Client()
    if page == "/accounts/logout/":
        client.force_login(who)
    body = {
        "login": "mia",
        "password": PASSWORD,
        "username": "new",
        "email": "new@example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "next": "https://evil.example/",
    }

    answer = client.post(page, body)

    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_the_profile_takes_its_own_fields_and_no_others() -> None:
    mia, who = signed_in()

    mia.post(
        "/account/profile",
        {
            "name": "Mia",
            "user": "1",
            "user_id": 99,
            "closed_at": "2020-01-01",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": "1",
            "username": "root",
            "email": "x@evil.example",
        },
    )

    who.refresh_from_db()
    shown = Profile.objects.get()
    assert (shown.name, shown.user_id, shown.closed_at) == ("Mia", who.pk, None)
    assert (who.username, who.email, who.is_staff, who.is_superuser) == (
        "mia",
        "mia@example.org",
        False,
        False,
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/"]
)
def test_a_homepage_is_a_web_address(address: str) -> None:
    mia, _ = signed_in()

    assert mia.post("/account/profile", {"homepage": address}).status_code == 422
    assert not Profile.objects.exists()


def test_the_check_digit_of_an_orcid_is_checked() -> None:
    assert is_orcid("0000-0002-1825-0097")
    assert is_orcid("0000-0002-1694-233X")
    assert not is_orcid("0000-0002-1825-0098")
    assert not is_orcid("٠٠٠٠-0002-1825-0097")


# --- what others see ---


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


# --- tokens, export, closing ---


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


def full_member() -> User:
    """Somebody with a row of every kind that this area knows."""
    who = user("mia")
    who.set_password(PASSWORD)
    who.first_name = "Mia"
    who.save()
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    SocialAccount.objects.create(user=who, provider="orcid", uid="0000-0002-1825-0097")
    Profile.objects.create(user=who, name="Mia Canary", is_public=True)
    paper = make.paper("Skip RNN", key="skip")
    private, shared = make_list(who, name="private"), make_list(who, name="shared")
    add_paper(private, paper, note="my note")
    change_list(shared, is_shared=True)
    set_mark(who, paper, "read")
    follow(who, "paper", "skip")
    subscription_of(who)
    make_token(who, name="laptop", scopes=["read"], days=30)
    decide_claim(
        claim_person(make.person("Gao Huang"), by=who, statement="see my page"),
        confirm=True,
        by=user("moe", "moderators"),
    )
    return who


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


# --- signing in ---


def test_guessing_passwords_is_slowed_down_with_the_cache_in_the_database(settings: Any) -> None:
    from django.core.management import call_command

    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "kb_cache",
        }
    }
    call_command("createcachetable", verbosity=0)
    cache.clear()
    who = user("mia")
    who.set_password(PASSWORD)
    who.save()

    guesses = [
        Client().post("/accounts/login/", {"login": "mia", "password": f"guess {n}"})
        for n in range(6)
    ]
    right = Client().post("/accounts/login/", {"login": "mia", "password": PASSWORD})

    assert [guess.status_code for guess in guesses[:5]] == [200] * 5
    assert right.status_code != 302
    assert "Too many failed login attempts" in right.content.decode()


def test_passwords_are_kept_by_argon2() -> None:
    who = user("mia")
    who.set_password(PASSWORD)

    assert who.password.startswith("argon2$argon2id$")


def test_nobody_learns_whether_an_address_has_an_account(mailoutbox: list[Any]) -> None:
    who = user("mia")
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)

    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("mia@example.org", "nobody@example.org")
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.headers["Location"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/tokens/",
        "/lists/",
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
    mia.get("/lists/")

    with django_assert_max_num_queries(14):
        mia.get("/lists/")
