"""The forms of members: what others cannot forge or smuggle in."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from community.models import Follow, Mark, Profile, ReadingList
from kb.pages.account.views import is_orcid
from tests import make
from tests.community.members import PASSWORD, signed_in
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db

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
