"""What tests of several subjects of the community need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import User
from community.models import Reply, Review, State
from community.reviews import threads
from tests import make
from tests.community.proposing import as_user


@pytest.fixture
def mia() -> Client:
    """A member's browser."""
    return as_user("mia")


@pytest.fixture
def cam() -> Client:
    """A curator's browser."""
    return as_user("cam", "curators")


@pytest.fixture
def moe() -> User:
    """A moderator."""
    return make.member("moe", "moderators")


@pytest.fixture
def review() -> Review:
    """A public review."""
    return make.review(by=make.member("rae"))


@pytest.fixture
def my_answer(review: Review) -> Reply:
    """A public answer of mia's to it."""
    made = threads.reply(review, "First words.", by=make.member("mia"))
    make.settle(made, State.PUBLISHED)
    return made


@pytest.fixture
def opened(chromium: Any, live_server: Any) -> Iterator[Any]:
    """Opens a page for an account; script errors and CSP violations fail the test."""
    complaints: list[str] = []
    contexts = []

    def page(user: Any = None, **options: Any) -> Any:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            name = django_settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        made = context.new_page()
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.complain = lambda said: said.type == "error" and complaints.append(said.text)
        made.on("console", made.complain)
        return made

    yield page
    for context in contexts:
        context.close()
    assert complaints == []
