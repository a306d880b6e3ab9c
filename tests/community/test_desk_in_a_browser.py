"""The desk of what members sent, with a real Chromium: one key a work."""

from __future__ import annotations

from typing import Any

import pytest

from papers.ingest.candidate import Candidate
from papers.ingest.trust import hold
from papers.models import WaitingWork
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_desk_is_worked_off_with_one_key_a_work_and_the_last_key_is_undone(opened: Any) -> None:
    ada = make.member("ada")
    here = make.paper("A Gate That Is Here", authors=["Ada Example"], abstract="")
    for number in range(4):
        hold(Candidate(f"Gate {number}", "bibtex", "BibTeX", ("Ada Example",), year=2024), by=ada)
    WaitingWork.objects.filter(title="Gate 2").update(may_be=here, may_be_reason="the same title")
    page = opened(make.member("cam", "curators"))
    page.goto("/waiting/desk/")

    page.keyboard.press("j")
    for count, key in enumerate("arm", start=1):
        page.keyboard.press(key)
        page.wait_for_selector(f"#queue > .decided >> nth={count - 1}")
        page.wait_for_function(
            "() => document.activeElement.matches('#queue > article:not(.decided)')"
        )
    page.keyboard.press("r")
    page.wait_for_selector("#queue > .decided >> nth=3")
    page.keyboard.press("u")
    page.wait_for_selector("text=It waits again: Gate 3")

    states = dict(WaitingWork.objects.values_list("title", "state"))
    assert states == {
        "Gate 0": "accepted",
        "Gate 1": "refused",
        "Gate 2": "accepted",
        "Gate 3": "waiting",
    }
    assert WaitingWork.objects.get(title="Gate 2").paper == here
