"""The moderators' queue as pages: who gets in, what an empty one says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def test_the_queue_is_for_moderators_alone(client: Client) -> None:
    visitor = client.get("/moderation/")
    client.force_login(user("mia"))
    member = client.get("/moderation/")
    client.force_login(user("moe", "moderators"))
    moderator = client.get("/moderation/")

    assert visitor.status_code == 302
    assert visitor["Location"].startswith("/accounts/login/")
    assert member.status_code == 403
    assert "This is for moderators." in member.content.decode()
    assert moderator.status_code == 200
    assert "Nothing waits." in moderator.content.decode()


def test_the_log_is_for_moderators_alone(client: Client) -> None:
    client.force_login(user("mia"))
    member = client.get("/moderation/log/")
    client.force_login(user("ada", is_staff=True))
    admin = client.get("/moderation/log/")

    assert (member.status_code, admin.status_code) == (403, 200)
