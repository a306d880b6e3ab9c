"""Webhooks: signed, tried again, never into a network, and off when nobody takes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.mail import send_due
from accounts.models import User
from accounts.roles import NotPossible
from community.following import sending, webhooks
from community.following.follows import follow
from community.models import Delivery, Webhook
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "https://hooks.example/survey?room=1"


@pytest.fixture
def mia() -> User:
    who = make.member("mia")
    EmailAddress.objects.create(user=who, email="mia@example.org", verified=True, primary=True)
    make.person("Gao Huang")
    follow(who, "person", "gao-huang")
    return who


@pytest.fixture
def hook(mia: User) -> Webhook:
    return webhooks.add(mia, ADDRESS)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[httpx.Request]]:
    """answers(500): what the member's program says; gives the requests that came."""

    def say(status: int = 200, text: str = "thanks", **headers: str) -> list[httpx.Request]:
        requests: list[httpx.Request] = []

        def reply(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return httpx.Response(status, text=text, headers=headers)

        monkeypatch.setattr(sending, "transport", httpx.MockTransport(reply))
        monkeypatch.setattr(sending, "resolve", lambda host: ["93.184.216.34"])
        return requests

    return say


def due_now() -> None:
    Delivery.objects.waiting().update(due_at=timezone.now() - timedelta(seconds=1))


def test_news_come_signed_once_and_nothing_twice(
    hook: Webhook, answers: Callable[..., list[httpx.Request]]
) -> None:
    requests = answers()
    paper = make.paper("Gates That Stop", key="huang2024gates")

    webhooks.round_of_all()
    webhooks.round_of_all()

    (request,) = requests
    body = json.loads(request.content)
    assert body["type"] == "news"
    assert body["data"][0]["target"] == "gao-huang"
    assert [one["key"] for one in body["data"][0]["papers"]] == [paper.key]
    signed = f"{request.headers['Webhook-Id']}.{request.headers['Webhook-Timestamp']}.".encode()
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    digest = hmac.digest(key, signed + request.content, hashlib.sha256)
    assert request.headers["Webhook-Signature"] == "v1," + base64.b64encode(digest).decode()
    assert request.url.host == "93.184.216.34"
    assert request.headers["Host"] == "hooks.example"
    assert request.extensions["sni_hostname"] == "hooks.example"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.answer) == ("taken", 200, "thanks")


def test_two_secrets_differ_and_a_copy_of_the_database_signs_nothing(hook: Webhook, settings: Any) -> None:  # fmt: skip
    first = hook.secret
    settings.SECRET_KEY = "another site's"
    assert hook.secret != first
    webhooks.new_secret(hook)
    assert len({first, hook.secret}) == 2


def test_what_is_not_taken_waits_ever_longer_and_is_given_up(
    hook: Webhook, answers: Callable[..., list[httpx.Request]]
) -> None:
    requests = answers(500, "broken")
    webhooks.send_test(hook)
    waits = []
    for _ in range(len(webhooks.RETRIES) + 1):
        due_now()
        before = timezone.now()
        webhooks.round_of_all()
        waits.append((Delivery.objects.get().due_at - before).total_seconds())

    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.GIVEN_UP
    assert (delivery.status, delivery.answer) == (500, "broken")
    assert len(requests) == len(webhooks.RETRIES) + 1
    assert len({request.headers["Webhook-Id"] for request in requests}) == 1
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] > 50
    hook.refresh_from_db()
    assert (hook.given_up, hook.is_on) == (1, True)


def test_three_given_up_in_a_row_switch_it_off_and_a_mail_says_so(
    hook: Webhook, answers: Callable[..., list[httpx.Request]]
) -> None:
    answers(500)
    for _ in range(webhooks.MOST_GIVEN_UP):
        delivery = webhooks.send_test(hook)
        Delivery.objects.filter(pk=delivery.pk).update(attempts=len(webhooks.RETRIES))
        webhooks.send(delivery.pk)
    send_due()

    hook.refresh_from_db()
    assert not hook.is_on
    (message,) = mail.outbox
    assert message.to == ["mia@example.org"]
    assert "hooks.example is off" in message.subject
    assert f"/following/webhooks/{hook.pk}/" in message.body
    with pytest.raises(NotPossible, match="is off"):
        webhooks.send_test(hook)
    webhooks.switch(hook, on=True)
    assert webhooks.send_test(hook)


def test_410_ends_it_at_once(hook: Webhook, answers: Callable[..., list[httpx.Request]]) -> None:
    answers(410)

    webhooks.send(webhooks.send_test(hook).pk)

    hook.refresh_from_db()
    assert (hook.is_on, Delivery.objects.get().state) == (False, "given up")


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fd00::1"], ["100.64.0.1"],
        ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::1"], ["224.0.0.1"], ["0.0.0.0"],
        ["93.184.216.34", "192.168.0.1"], [],
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_never_asked(
    hook: Webhook, answers: Callable[..., list[httpx.Request]], monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:  # fmt: skip
    requests = answers()
    monkeypatch.setattr(sending, "resolve", lambda host: addresses)

    webhooks.send(webhooks.send_test(hook).pk)

    assert requests == []
    assert "inside a network" in Delivery.objects.get().problem


def test_redirects_are_not_followed(hook: Webhook, answers: Callable[..., list[httpx.Request]]) -> None:  # fmt: skip
    requests = answers(302, location="https://10.0.0.1/")

    webhooks.send(webhooks.send_test(hook).pk)

    assert len(requests) == 1
    assert "redirect" in Delivery.objects.get().problem


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/", "https://hooks.example:8443/", "https://user:pw@hooks.example/",
        "https://127.0.0.1/", "https://[::1]/", "ftp://hooks.example/", "https://", "https://[",
        "https://hooks.example/" + "a" * 600, "https://hooks.example/#x",
    ],
)  # fmt: skip
def test_addresses_that_can_never_be_sent_to_are_refused(mia: User, address: str) -> None:
    with pytest.raises(NotPossible):
        webhooks.add(mia, address)


def test_a_worker_that_fell_silent_holds_nothing_up(hook: Webhook, answers: Callable[..., list[httpx.Request]]) -> None:  # fmt: skip
    requests = answers()
    delivery = webhooks.send_test(hook)
    Delivery.objects.filter(pk=delivery.pk).update(
        state="sending", lease_until=timezone.now() - timedelta(seconds=1)
    )

    webhooks.round_of_all()

    assert len(requests) == 1
    assert Delivery.objects.get().state == "taken"


def test_a_member_makes_tries_and_deletes_one_on_pages(mia: User, answers: Callable[..., list[httpx.Request]]) -> None:  # fmt: skip
    requests = answers()
    client = Client()
    client.force_login(mia)

    made = client.post("/following/webhooks/", {"address": ADDRESS})
    secret = html.unescape(re.search(r'id="secret"[^>]*>([^<]+)<', made.content.decode())[1])
    hook = Webhook.objects.get()
    page = f"/following/webhooks/{hook.pk}/"

    assert secret == hook.secret
    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get(page).content.decode()
    client.post(page + "change", {"do": "test"})
    webhooks.round_of_all()
    assert "<b>200</b>" in client.get(page).content.decode()
    client.post(f"{page}deliveries/{Delivery.objects.get().pk}/again")
    webhooks.round_of_all()
    assert len(requests) == 2
    assert len({request.headers["Webhook-Id"] for request in requests}) == 1
    client.post(page + "change", {"do": "delete"})
    assert not Webhook.objects.exists()


def test_others_have_no_way_to_it(hook: Webhook) -> None:
    delivery = webhooks.send_test(hook)
    client = Client()
    client.force_login(make.member("bob"))
    page = f"/following/webhooks/{hook.pk}/"

    assert client.get(page).status_code == 404
    assert client.post(page + "change", {"do": "delete"}).status_code == 404
    assert client.post(f"{page}deliveries/{delivery.pk}/again").status_code == 404
    assert Client().get(page).status_code == 302


def test_there_is_a_most_of_them_and_one_an_address(mia: User) -> None:
    for number in range(webhooks.MOST_WEBHOOKS):
        webhooks.add(mia, f"https://hooks.example/{number}")

    with pytest.raises(NotPossible, match="most"):
        webhooks.add(mia, "https://hooks.example/more")
    Webhook.objects.last().delete()
    with pytest.raises(NotPossible, match="already"):
        webhooks.add(mia, "https://hooks.example/0")
