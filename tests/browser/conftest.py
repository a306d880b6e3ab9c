"""A real Chromium against the real site, with the real field in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from tests import databases


@pytest.fixture(scope="package")
def whole_field(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole field, loaded, embedded and indexed, for all tests of this folder."""
    with django_db_blocker.unblock(), databases.whole_field():
        yield


@pytest.fixture(scope="package")
def site(whole_field: None, django_db_blocker: Any) -> Iterator[str]:
    """Address of a running server over the field."""
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@dataclass(frozen=True)
class Member:
    """Somebody signed in, and pages of theirs."""

    cookies: list[dict[str, str]]
    pages: list[str]


@pytest.fixture(scope="package")
def member(site: str, django_db_blocker: Any) -> Member:
    """A member who keeps a list and changed an answer to a review."""
    from django.test import Client

    from accounts.models import User
    from community.lists import add_paper, make_list
    from community.reviews import threads
    from community.reviews.changed_replies import edit_reply
    from papers.ingest.candidate import Candidate
    from papers.ingest.trust import hold
    from papers.models import Paper
    from tests import make

    with django_db_blocker.unblock():
        mia = User.objects.create_user("mia", "mia@example.org")
        chosen = make_list(mia, name="Early exits")
        for paper in Paper.objects.order_by("key")[:4]:
            add_paper(chosen, paper)
        review = make.review(Paper.objects.get(key="huang2018multi"))
        answer = threads.reply(review, "First words.\n\nAnd more.", by=mia)
        make.settle(answer, "published")
        answer.refresh_from_db()
        edit_reply(answer, "Other words.\n\nAnd more.", by=mia, seen=answer.revision)
        waiting = hold(Candidate("A Gate", "bibtex", "BibTeX", ("Ada Example",)), by=mia)
        clients = [Client(), Client(headers={"User-Agent": "Firefox/140.0 on Linux"})]
        for client in clients:
            client.force_login(mia)
            client.get("/accounts/sessions/")
    name = settings.SESSION_COOKIE_NAME
    return Member(
        cookies=[{"name": name, "value": clients[0].cookies[name].value, "url": site}],
        pages=[
            "/account/",
            "/accounts/sessions/",
            "/waiting/",
            waiting.get_absolute_url(),
            chosen.get_absolute_url(),
            review.get_absolute_url(),
            f"/replies/{answer.pk}/edit/",
            f"/replies/{answer.pk}/versions/",
        ],
    )


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Any]:
    """A fresh page on a desktop screen; fails the test on any script error or CSP violation."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=site)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield opened
    context.close()
    assert complaints == []
