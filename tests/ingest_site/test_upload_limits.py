"""How much a member may send in a day, and who has no limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from papers.models import (
    Document,
    ImportBatch,
    Upload,
    WaitingWork,
)
from tests.ingest_site.test_upload_pages import file

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ingest_site.urls")]


def test_the_day_s_limit_is_told_with_the_time_when_it_ends_and_repeats_are_free(
    sender: Client, settings: Any
) -> None:
    settings.KB_DAILY_UPLOADS = 2
    first, second, third = (file(f"Paper {number} of a Busy Day") for number in (1, 2, 3))
    assert "2 papers in 24 hours" in sender.get("/upload/").content.decode()
    assert sender.post("/upload/file", {"file": first}).status_code == 200

    page = sender.post("/upload/", {"files": [second, third]}, follow=True).content.decode()
    refused = sender.post("/upload/file", {"file": file("Paper 4 of a Busy Day")})
    again = sender.post("/upload/file", {"file": file("Paper 1 of a Busy Day")})

    assert "1 file received." in page
    assert "gates.pdf and what followed: An account may send 2 in 24 hours" in page
    assert (refused.status_code, refused.json()["code"]) == (429, "daily-limit")
    assert "Send the rest after" in refused.json()["message"]
    assert (again.status_code, again.json()["message"]) == (200, "Here already.")
    assert Document.objects.count() == 2


def test_the_limit_ends_after_a_day_and_curators_have_none(
    sender: Client, account: Callable[..., Any], settings: Any
) -> None:
    settings.KB_DAILY_UPLOADS = 1
    cam = Client()
    cam.force_login(account("cam", "curate"))
    sender.post("/upload/file", {"file": file("Yesterday's Paper")})
    Upload.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))

    answers = [
        who.post("/upload/file", {"file": file(f"Paper {number} of {name}")}).status_code
        for name, who in (("Ada", sender), ("Cam", cam))
        for number in (1, 2)
    ]

    assert answers == [200, 429, 200, 200]


def test_imported_works_count_towards_the_day_s_limit(sender: Client, settings: Any) -> None:
    settings.KB_DAILY_UPLOADS = 2
    two = "@misc{a, title={One Work}, author={A B}}\n@misc{b, title={Two Works}, author={C D}}"
    sender.post("/import/", {"asked": two})
    batch = ImportBatch.objects.get()
    sender.post("/upload/file", {"file": file()})

    both = sender.post(f"/import/{batch.pk}/apply", {"work": ["0", "1"]}, follow=True)
    one = sender.post(f"/import/{batch.pk}/apply", {"work": ["0"]}, follow=True)
    more = sender.post("/upload/file", {"file": file("One Too Many Today")})

    assert "Nothing was written. An account may send 2 in 24 hours" in both.content.decode()
    assert "One Work" in one.content.decode()
    assert [work.title for work in WaitingWork.objects.all()] == ["One Work"]
    assert more.status_code == 429
