"""A member's first day, in a browser: sign up, claim, follow, list, token."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from community.following.digests import send_due_digests
from community.models import Follow, Subscription
from taxonomy.models import Topic
from tests import make

PASSWORD = "a rather long password"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_index")]


@pytest.fixture
def shot(tmp_path: Path) -> Any:
    """Keep a picture of the page; KB_SHOTS names a folder that outlives the test."""
    folder = Path(os.environ.get("KB_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Any, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take


def small_field() -> None:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise")
    exits = make.topic("Early exiting", parent=root, zh="早退机制")
    for number, title in enumerate(("Multi-Scale Dense Networks", "Skip RNN", "BranchyNet")):
        make.paper(title, key=f"paper-{number}", topics=[exits], tldr=f"{title}, in one sentence.")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_first_day(
    live_server: Any, chromium: Any, shot: Any, settings: Any, script: bool
) -> None:
    settings.KB_SITE_URL = live_server.url
    small_field()
    context = chromium.new_context(
        java_script_enabled=script,
        color_scheme="light" if script else "dark",
        viewport={"width": 1280 if script else 390, "height": 900},
    )
    page = context.new_page()
    name = "script" if script else "plain"

    _sign_up(page, live_server.url)
    confirm = next(line for line in mail.outbox[0].body.split() if "/confirm-email/" in line)
    page.goto(confirm)
    page.click("main form button")

    page.goto(f"{live_server.url}/people/gao-huang/")
    shot(page, f"{name}-person")
    page.click("text=This is me")
    page.fill("#statement", "My page links here.")
    page.click("button:has-text('This person is me')")
    assert "waiting for a moderator" in page.inner_text("main")
    shot(page, f"{name}-account")

    _keep(page, live_server.url, shot, name)
    text = _token(page, live_server.url, shot, name)
    asked = urllib.request.Request(
        f"{live_server.url}/api/v1/me/", headers={"Authorization": f"Bearer {text}"}
    )
    assert json.load(urllib.request.urlopen(asked))["username"] == "mia"

    _digest(page, live_server.url, shot, name)
    context.close()


def _sign_up(page: Any, site: str) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.fill("[name=username]", "mia")
    page.fill("[name=email]", "mia@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("main form button.primary")
    page.goto(f"{site}/account/")
    assert "mia, member" in page.inner_text("main")


def _keep(page: Any, site: str, shot: Any, name: str) -> None:
    """Marks, lists, follows: the same buttons with and without scripts."""
    page.goto(f"{site}/papers/paper-0/")
    page.click(".keep .marks button:has-text('To read')")
    page.wait_for_selector(".keep .marks button[aria-pressed=true]")
    page.click("text=Add to a list")
    page.fill("#add-name", "Exits to discuss")
    page.click(".add-to-list button")
    page.goto(f"{site}/papers/paper-1/")
    page.click("text=Add to a list")
    page.click(".add-to-list button")
    shot(page, f"{name}-paper")
    page.goto(f"{site}/lists/yours/")
    page.click("text=Exits to discuss")
    page.click("button[aria-label='Move up: Skip RNN']")
    page.wait_for_selector("button[aria-label='Move up: Skip RNN'][disabled]")
    page.click("text=Share by address")
    shot(page, f"{name}-list")
    page.goto(f"{site}/papers/?topic=early-exiting&year_from=2015")
    page.click("button:has-text('Follow this search')")
    page.wait_for_selector("button:has-text('Following this search')")
    shot(page, f"{name}-search")


def _token(page: Any, site: str, shot: Any, name: str) -> str:
    page.goto(f"{site}/account/tokens/new/")
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.primary")
    page.fill("#name", "notebook")
    page.check("input[value=contribute]")
    page.click("button:has-text('Make the token')")
    shot(page, f"{name}-token")
    return str(page.inner_text("#token"))


def _digest(page: Any, site: str, shot: Any, name: str) -> None:
    page.goto(f"{site}/following/")
    page.select_option("#digest", "daily")
    page.click(".rail button:has-text('Save')")
    follow = Follow.objects.get()
    topic = Topic.objects.get(slug="early-exiting")
    make.paper("A network that arrived today", key="today", topics=[topic], year=2024)
    page.goto(f"{site}/following/")
    assert "A network that arrived today" in page.inner_text("main")
    shot(page, f"{name}-following")
    subscription = Subscription.objects.get()
    subscription.told_until = follow.made_at.replace(year=follow.made_at.year - 1)
    subscription.save()
    assert send_due_digests() == 1
    body = mail.outbox[-1].body
    assert "A network that arrived today" in body
    if os.environ.get("KB_SHOTS"):
        Path(os.environ["KB_SHOTS"], "digest.txt").write_text(body)
    leave = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>")
    page.goto(leave)
    page.click("button:has-text('Send me no more mail')")
    assert "No more mails" in page.inner_text("main")
