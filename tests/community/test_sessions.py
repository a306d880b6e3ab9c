"""Where an account is signed in: seen by its owner, ended for good, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.models import User
from accounts.sessions import device_of, forget_ended_sessions, sessions_of
from community.members.closing import close_account
from tests import make
from tests.community.test_moderation import user
from tests.pages.test_every_page import parse_errors

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def mia() -> User:
    who = user("mia")
    who.set_password(PASSWORD)
    who.save()
    return who


def sign_in(name: str, agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    """A browser that signs in by the form."""
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_session_is_listed_from_the_moment_of_signing_in(mia: User) -> None:
    desk = sign_in("mia")
    sign_in("mia", PHONE, "2001:db8::5")

    page = desk.get(PAGE).content.decode()

    assert parse_errors(page) == []
    assert "Safari on iPhone" in page
    assert "from 2001:db8::5" in page
    assert page.index("Firefox on Linux <span") < page.index("Safari on iPhone")
    assert page.count("this one</span>") == 1


def test_ending_the_others_ends_them_and_leaves_this_one(mia: User) -> None:
    desk, phone = sign_in("mia"), sign_in("mia", PHONE)
    otto = user("otto")
    otto.set_password(PASSWORD)
    otto.save()
    others = sign_in("otto")
    cookie = phone.cookies["sessionid"].value

    desk.post(f"{PAGE}others/end")

    assert [is_signed_in(one) for one in (desk, phone, others)] == [True, False, True]
    assert not Session.objects.filter(session_key=cookie).exists()
    assert "Safari on iPhone" not in desk.get(PAGE).content.decode()
    stolen = Client()
    stolen.cookies["sessionid"] = cookie
    assert not is_signed_in(stolen)
    assert stolen.get("/api/v1/me/").status_code in (401, 403)


def test_one_session_is_ended_alone(mia: User) -> None:
    desk, phone, tablet = sign_in("mia"), sign_in("mia", PHONE), sign_in("mia", "Tablet/1")
    lost = UserSession.objects.get(user_agent=PHONE)

    answer = desk.post(f"{PAGE}{lost.pk}/end", follow=True)

    assert "Safari on iPhone is signed out." in answer.content.decode()
    assert [is_signed_in(one) for one in (desk, phone, tablet)] == [True, False, True]
    assert desk.post(f"{PAGE}{lost.pk}/end").status_code == 404


def test_ending_this_session_signs_out(mia: User) -> None:
    desk = sign_in("mia")

    answer = desk.post(f"{PAGE}{UserSession.objects.get().pk}/end")

    assert answer.headers["Location"] == "/"
    assert not is_signed_in(desk)


def test_nobody_sees_or_ends_the_sessions_of_another(mia: User) -> None:
    desk = sign_in("mia")
    eve = Client()
    eve.force_login(user("eve", is_staff=True, is_superuser=True))
    theirs = UserSession.objects.get(user=mia)

    assert "192.0.2.7" not in eve.get(PAGE).content.decode()
    assert eve.post(f"{PAGE}{theirs.pk}/end").status_code == 404
    assert eve.get("/admin/usersessions/usersession/").status_code == 404
    assert Client().post(f"{PAGE}{theirs.pk}/end").status_code == 302
    assert is_signed_in(desk)


@pytest.mark.parametrize("path", ["others/end", "1/end"])
def test_ending_needs_a_form_of_this_site(mia: User, path: str) -> None:
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(mia)

    assert forger.post(PAGE + path).status_code == 403


def test_a_session_made_before_it_was_noted_is_noted_when_it_is_used(mia: User) -> None:
    old = Client()
    old.force_login(mia)
    UserSession.objects.all().delete()

    old.get("/papers/", headers={"User-Agent": PHONE})

    assert [row.user_agent for row in sessions_of(mia)] == [PHONE]


def test_a_session_is_noted_once_an_hour_and_process(mia: User) -> None:
    desk = sign_in("mia")
    before = UserSession.objects.get().last_seen_at

    desk.get("/account/", headers={"User-Agent": PHONE})
    same = UserSession.objects.get()
    sessions._noted.clear()  # as in another process
    desk.get("/account/", headers={"User-Agent": PHONE})
    later = UserSession.objects.get()

    assert (same.last_seen_at, same.user_agent) == (before, FIREFOX)
    assert later.last_seen_at > before
    assert later.user_agent == PHONE
    assert later.created_at == same.created_at


def test_noting_costs_one_query_and_changes_no_session(
    mia: User, django_assert_num_queries: Any
) -> None:
    desk = sign_in("mia")
    desk.get("/api/v1/me/")
    with CaptureQueriesContext(connection) as known:
        desk.get("/api/v1/me/")
    sessions._noted.clear()

    with django_assert_num_queries(len(known) + 1):
        answer = desk.get("/api/v1/me/")

    assert not answer.cookies


def test_readers_and_tokens_leave_no_trace(mia: User) -> None:
    from accounts.tokens import make_token

    _, text = make_token(mia, name="laptop", scopes=["read"], days=30)
    make.paper(key="skip")

    Client().get("/papers/skip/")
    Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"})

    assert not UserSession.objects.exists()


def test_a_new_password_elsewhere_takes_a_session_off_the_list(mia: User) -> None:
    desk, phone = sign_in("mia"), sign_in("mia", PHONE)

    desk.post(
        "/accounts/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "another long word",
            "password2": "another long word",
        },
    )

    assert "Safari on iPhone" not in desk.get(PAGE).content.decode()
    assert not is_signed_in(phone)


def test_nothing_is_left_of_sessions_that_were_left_or_ran_out(mia: User) -> None:
    left, expired, used = sign_in("mia", "Left/1"), sign_in("mia", "Old/1"), sign_in("mia")
    left.post("/accounts/logout/")
    Session.objects.filter(session_key=expired.cookies["sessionid"].value).update(
        expire_date=timezone.now() - timedelta(days=1)
    )

    assert forget_ended_sessions() == 2
    assert forget_ended_sessions() == 0
    assert [row.user_agent for row in UserSession.objects.all()] == [FIREFOX]
    assert is_signed_in(used)


def test_closing_ends_and_forgets_every_session(mia: User) -> None:
    phone = sign_in("mia", PHONE)

    close_account(mia, typed_name="mia")

    assert not UserSession.objects.exists()
    assert not Session.objects.exists()
    assert not is_signed_in(phone)


def test_an_odd_browser_does_no_harm(mia: User) -> None:
    odd = Client(headers={"User-Agent": "<script>alert(1)</script>\0" + "é" * 500})
    odd.force_login(mia)

    page = odd.get(PAGE).content.decode()

    assert "an unknown browser" in odd.get(PAGE).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "an unknown browser"),
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) Version/18.5 Safari/605.1",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0 Safari/537.36",
            "Chrome on ChromeOS",
        ),
        ("curl/8.14.1", "curl"),
    ],
)
def test_browsers_are_named_as_people_name_them(agent: str, words: str) -> None:
    assert device_of(agent) == words
