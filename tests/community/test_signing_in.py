"""Signing in: guesses are slowed down, and nobody learns who has an account."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.community.members import PASSWORD
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def test_guessing_passwords_is_slowed_down() -> None:
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


def test_the_page_that_asks_once_more_speaks_as_the_site_does() -> None:
    who = user("mia")
    who.set_password(PASSWORD)
    who.save()
    client = Client()
    client.force_login(who)
    page = client.get("/accounts/reauthenticate/").content.decode()
    wrong = client.post("/accounts/reauthenticate/", {"password": "guess"}).content.decode()

    assert "<h1>Is it you?</h1>" in page
    assert '<label for="id_password">Password</label>' in page
    assert 'placeholder="Password"' not in page
    assert 'class="primary"' in page
    assert "Confirm Access" not in page
    assert 'class="field wrong"' in wrong
