"""Mass changes raise an alarm; curators set changes back; histories tell no secrets."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from community.corrections import alarms
from community.models import Alarm
from papers.history import act, changes_of
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def test_mass_changes_raise_one_alarm_that_is_mailed_and_shown(settings: Any, cam: Client) -> None:
    settings.KB_ALARM_HOUR = 3
    user("ada", is_staff=True)
    papers = [make.paper(f"Paper {n}") for n in range(4)]
    for paper in papers:
        cam.post(
            f"/papers/{paper.key}/correct/",
            {"reason": "spam", "was-year": "2018", "field-year": "2001", "apply": "1"},
        )

    raised = alarms.watch()
    again = alarms.watch()

    assert [(alarm.account.username, alarm.record_count) for alarm in raised] == [("cam", 4)]
    assert again == []
    assert "cam changed 4 records" in cam.get("/corrections/").content.decode()
    cam.post(f"/alarms/{Alarm.objects.get().pk}/seen")
    assert "cam changed 4 records" not in cam.get("/corrections/").content.decode()


def test_an_alarm_is_mailed_to_the_administrators(
    settings: Any, cam: Client, django_capture_on_commit_callbacks: Any
) -> None:
    settings.KB_ALARM_HOUR = 1
    user("ada", is_staff=True)
    paper = make.paper()
    cam.post(
        f"/papers/{paper.key}/correct/",
        {"reason": "x", "was-year": "2018", "field-year": "2001", "apply": "1"},
    )

    with django_capture_on_commit_callbacks(execute=True):
        alarms.watch()

    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["ada@example.org"], "cam changed 1 records")
    ]


def test_only_curators_undo(mia: Client, cam: Client) -> None:
    paper = make.paper("Skip RNN")
    with act(reason="spam"):
        Paper.objects.update(title="Spam")
    sent = {"change": changes_of(paper)[0].key, "reason": "spam"}

    assert mia.post(f"/papers/{paper.key}/history/undo", sent).status_code == 403
    cam.post(f"/papers/{paper.key}/history/undo", sent)

    paper.refresh_from_db()
    assert paper.title == "Skip RNN"
    assert "sets a change back" in Client().get(f"/papers/{paper.key}/history/").content.decode()


def test_the_history_of_a_hidden_paper_is_hidden(mia: Client) -> None:
    paper = make.paper("CANARY", state="hidden")

    for client in (Client(), mia):
        assert client.get(f"/papers/{paper.key}/history/").status_code == 404


def test_a_closed_account_has_no_name_in_the_history(cam: Client) -> None:
    paper = make.paper("Skip RNN")
    cam.post(
        f"/papers/{paper.key}/correct/",
        {"reason": "x", "was-year": "2018", "field-year": "2001", "apply": "1"},
    )
    assert "by cam" in Client().get(f"/papers/{paper.key}/history/").content.decode()

    User.objects.filter(username="cam").update(is_active=False)

    page = Client().get(f"/papers/{paper.key}/history/").content.decode()
    assert "by a former member" in page
    assert "by cam" not in page
