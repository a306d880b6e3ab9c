"""What an account leaves open to others: tokens after a new password, mail, who has an account."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from accounts.mail import send_due
from accounts.models import ApiToken, IdempotencyKey, Mail, User
from accounts.tokens import make_token, token_of
from tests import make

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery", "another staple entirely"


def test_tokens_end_with_the_password_and_say_so() -> None:
    mia = make.member("mia", password=OLD)
    _, text = make_token(mia, name="mine", scopes=["read"], days=30)
    client = Client()
    client.force_login(mia)

    client.post(
        "/accounts/password/change/", {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    )

    assert User.objects.get(pk=mia.pk).check_password(NEW)
    assert token_of(text) is None
    assert ApiToken.objects.get(user=mia).ended_by == ApiToken.EndedBy.PASSWORD


def test_the_same_password_in_a_newer_hash_ends_nothing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    mia = make.member("mia", password=OLD)
    _, text = make_token(mia, name="mine", scopes=["read"], days=30)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]

    assert Client().login(username="mia", password=OLD)

    assert User.objects.get(pk=mia.pk).password.startswith("argon2")
    assert token_of(text) is not None


def test_an_answer_is_not_told_again_after_the_role_is_gone() -> None:
    mod = make.member("mod", "moderators")
    video = make.review(make.paper("Waiting"), state="pending")
    client = Client()
    client.force_login(mod)
    sent: dict[str, Any] = {
        "path": f"/api/v1/moderation/review/{video.pk}/decision/",
        "data": json.dumps({"decision": "publish"}),
        "content_type": "application/json",
        "headers": {"Idempotency-Key": "once", "If-Match": f'"{video.revision}"'},
    }
    first = client.post(**sent)
    again = client.post(**sent)
    mod.groups.clear()
    later = client.post(**sent)

    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert later.status_code == 403
    assert IdempotencyKey.objects.get().scopes


@pytest.mark.parametrize("verification", ["optional", "mandatory"])
def test_signing_up_answers_the_same_for_a_known_address(settings: Any, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    mia = make.member("mia", password=OLD)
    EmailAddress.objects.create(user=mia, email=mia.email, verified=True, primary=True)

    answers = []
    for name, address in (("one", mia.email), ("two", "nobody@example.org")):
        sent = {"username": name, "email": address, "password1": NEW, "password2": NEW}
        response = Client().post("/accounts/signup/", sent)
        cookies = sorted(key for key in response.cookies)
        answers.append((response.status_code, response.headers.get("Location"), cookies))

    assert answers[0] == answers[1]
    assert Client().login(username="mia", password=OLD)


class Down(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


def test_a_dead_mail_server_costs_no_page_and_loses_no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.WaitingMail"
    settings.KB_MAIL_BACKEND = f"{__name__}.Down"
    make.member("mia", password=OLD)

    response = Client().post("/accounts/password/reset/", {"email": "mia@example.org"})
    sent_at_once = send_due()
    row = Mail.objects.get()

    assert response.status_code == 302
    assert (sent_at_once, row.attempts) == (0, 1)
    assert row.due_at > timezone.now()
    settings.KB_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Mail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert send_due() == 1
    assert not Mail.objects.exists()
    assert mail.outbox[0].to == ["mia@example.org"]
    assert b"/accounts/password/reset/key/" in mail.outbox[0].message().as_bytes()


def test_a_mail_keeps_headers_and_letters_on_its_way(settings: Any) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.WaitingMail"
    settings.KB_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    EmailMessage(
        "Grüße", "早退 zuerst", "a@example.org", ["b@example.org"], headers={"List-Id": "x"}
    ).send()

    assert send_due() == 1
    sent = mail.outbox[0].message().as_bytes(linesep="\r\n")
    assert b"List-Id: x\r\n" in sent and b"From: a@example.org" in sent
    assert "早退" in sent.decode() and b"\n" not in sent.replace(b"\r\n", b"")
