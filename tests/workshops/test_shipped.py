"""The forms hold what ships: every block of every workshop, saved as it is, stays as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.pages.workshops.freezing import frozen
from papers.curation.workshop_blocks import working_copy
from papers.data_files.loading import load_catalogue
from papers.models import Workshop, WorkshopNotice
from papers.workshops.blocks import BLOCKS
from tests import make
from tests.make import signed_in
from tests.workshops.organising import edit

pytestmark = pytest.mark.django_db
LARGEST = 100_000


@pytest.fixture
def shipped(tmp_path: Path) -> list[Workshop]:
    folder = Path(settings.BASE_DIR) / "fixtures" / "workshops"
    shutil.copytree(folder, tmp_path / "workshops")
    assert load_catalogue(tmp_path).problems == []
    return list(Workshop.objects.order_by("slug"))


def test_a_form_that_is_saved_as_it_is_changes_nothing(shipped: list[Workshop]) -> None:
    cam = signed_in(make.member("cam", "curators"))
    assert len(shipped) >= 10
    changed = []
    for workshop in shipped:
        before = working_copy(workshop)
        for code in BLOCKS:
            answer = edit(cam, workshop, code)
            if answer.status_code != 302:
                changed.append((workshop.slug, code, answer.context["sheet"].told))
        workshop.refresh_from_db()
        after = working_copy(workshop)
        changed += [
            (workshop.slug, name, before[name], after[name])
            for name in before
            if before[name] != after[name] and name != "sponsors"
        ]
    assert changed == []
    assert set(WorkshopNotice.objects.values_list("block", flat=True)) <= {
        "dates",
        "programme",
        "sponsors",
    }


def test_no_form_is_too_large_or_asks_too_often(shipped: list[Workshop]) -> None:
    cam = signed_in(make.member("cam", "curators"))
    large = {}
    for workshop in shipped:
        for code in BLOCKS:
            with CaptureQueriesContext(connection) as queries:
                page = cam.get(f"/workshops/{workshop.slug}/edit/{code}/")
            if len(page.content) > LARGEST or len(queries) > 25:
                large[workshop.slug, code] = (len(page.content), len(queries))
    assert large == {}


def test_every_shipped_workshop_can_be_frozen(shipped: list[Workshop]) -> None:
    for workshop in shipped:
        files = frozen(workshop.slug, "https://survey.example")
        assert {"index.html", "programme.ics", "workshop.json"} <= set(files)
