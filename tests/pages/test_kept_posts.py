"""A text that is sent after the session ended is not lost."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
TEXT = "The ablation in section 4 leaves out the gate; please add it."
PASSWORD = "correct horse battery"
PAGE = "http://testserver/papers/skip/?from=list"


@pytest.fixture
def member() -> Any:
    account = make.member("ada", password=PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    make.paper("Skip RNN", key="skip")
    return account


def sign_in(client: Client, address: str) -> Any:
    return client.post(address, {"login": "ada", "password": PASSWORD}, follow=True)


@pytest.mark.parametrize(
    "address", ["/reviews/1/answer", "/lists/add", "/papers/skip/mark", "/following/change"]
)
def test_a_sent_text_stands_on_its_page_again_after_signing_in(
    client: Client, member: Any, address: str
) -> None:
    sent = client.post(address, {"text": TEXT, "kind": "note"}, headers={"Referer": PAGE})
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/accounts/login/?next=/papers/skip/")

    back = sign_in(client, sent.headers["Location"])

    assert back.redirect_chain[-1][0] == "/papers/skip/?from=list"
    assert back.status_code == 200
    assert TEXT in back.content.decode()
    client.post("/choices/kept/dismiss", headers={"Referer": PAGE})
    assert TEXT not in client.get("/papers/skip/").content.decode()


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client, member: Any) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": PAGE}

    sent = client.post("/lists/add", {"note": TEXT}, headers=headers)

    assert sent.status_code == 204
    assert sent.headers["HX-Redirect"].endswith("next=/papers/skip/%3Ffrom%3Dlist")


def test_a_foreign_page_is_never_led_to(client: Client, member: Any) -> None:
    sent = client.post("/lists/add", {"note": TEXT}, headers={"Referer": "https://evil.example/x"})

    assert sent.headers["Location"].endswith("next=/")


def test_nobody_else_reads_what_was_kept(client: Client, member: Any) -> None:
    client.post(
        "/lists/add",
        {"note": TEXT, "password": "a secret of many words"},
        headers={"Referer": PAGE},
    )

    assert TEXT not in client.get("/papers/skip/").content.decode()  # not before signing in
    assert client.session["kept_post"]["texts"] == [TEXT]


def test_a_form_without_its_mark_keeps_the_text_on_the_page(member: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    answer = client.post("/lists/add", {"note": TEXT, "paper": "skip"})

    assert answer.status_code == 403
    assert TEXT in answer.content.decode()
