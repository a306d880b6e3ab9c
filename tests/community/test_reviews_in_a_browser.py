"""Reviews with a real Chromium: a pasted note from start to publication, the queue by keyboard."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from community.models import Review, State
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
FORUM = "HkwVAXyCW"
NOTE = {
    "id": "rJ4qXnCxG",
    "forum": FORUM,
    "replyto": FORUM,
    "invitation": "ICLR.cc/2018/Conference/-/Paper512/Official_Review",
    "signatures": ["ICLR.cc/2018/Conference/Paper512/AnonReviewer2"],
    "readers": ["everyone"],
    "content": {
        "title": "A simple way to skip state updates",
        "rating": "7: Good paper, accept",
        "review": "The binary gate $u_t = f(\\tilde u_t)$ decides whether the state is *copied*.\n\n"
        "## Strengths\n\n- one loss term sets the budget\n- the gate is cheap\n",
        "confidence": "4: The reviewer is confident but not absolutely certain that the evaluation "
        "is correct",
    },
}


def shot(page: Any, name: str, full: bool = True) -> None:
    """A picture for people, where KB_SHOTS names a folder."""
    if folder := os.environ.get("KB_SHOTS"):
        page.remove_listener("console", page.complain)  # taking one breaks the CSP itself
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)
        page.on("console", page.complain)


def test_a_pasted_note_goes_from_start_to_publication(opened: Any) -> None:
    paper = make.paper("Skip RNN: learning to skip state updates", openreview=FORUM, key="skip2018")
    mia, moe = opened(make.member("mia")), opened(make.member("moe", "moderators"))

    mia.goto(f"/papers/{paper.key}/reviews/paste/")
    shot(mia, "1-paste")
    mia.fill("#link", f"https://openreview.net/forum?id={FORUM}&noteId={NOTE['id']}")
    mia.fill("#text", json.dumps(NOTE))
    mia.click("button[value=read]")
    assert "Recognised: ICLR 2018, 4 of 4 fields" in mia.inner_text("main")
    shot(mia, "2-recognised")
    mia.click("button[value=keep]")
    mia.fill("#f-title", "A simple way to skip state updates, corrected")
    mia.wait_for_selector("#saved:has-text('Draft saved')")
    mia.wait_for_selector("#looks:has-text('corrected')")
    points = mia.locator("#looks ul").first
    assert points.evaluate("list => getComputedStyle(list).listStyleType") == "disc"
    mia.check("input[name=name][value=anonymous]")
    mia.check("input[name=conflict][value=none]")
    shot(mia, "3-draft")
    mia.click("button[value=hand-in]")
    assert "Waiting for a moderator" in mia.inner_text("main")
    shot(mia, "4-handed-in")

    moe.goto("/moderation/")
    shot(moe, "5-queue")
    moe.keyboard.press("j")
    moe.keyboard.press("p")
    moe.wait_for_selector("#queue .decided")
    shot(moe, "6-published")

    reader = opened()
    reader.goto(paper.get_absolute_url())
    text = reader.inner_text(".reviews")
    assert "imported from OpenReview by its author" in text
    assert "corrected" in text
    assert reader.locator(".reviews math").count() == 1
    assert "mia" not in reader.content()
    shot(reader, "7-paper")
    phone = opened(viewport={"width": 390, "height": 844}, color_scheme="dark")
    phone.goto(paper.get_absolute_url() + "#reviews")
    shot(phone, "8-paper-phone-dark", full=False)
    assert phone.locator("html").evaluate("it => it.scrollWidth") <= 390


def test_the_queue_is_walked_by_keyboard(opened: Any) -> None:
    first, second, third = (
        make.review(make.paper(f"Paper {n}"), state=State.PENDING) for n in range(3)
    )
    moe = opened(make.member("moe", "moderators"), color_scheme="dark")
    moe.goto("/moderation/")
    press = moe.keyboard.press

    press("?")
    assert moe.is_visible("#keys")
    press("Escape")
    press("j")
    press("j")
    press("k")
    press("p")
    moe.wait_for_selector("#queue .decided")
    press("j")
    press("d")
    moe.keyboard.type("Says nothing about the paper.")
    shot(moe, "9-queue-dark")
    press("Control+Enter")
    moe.wait_for_selector("#queue .decided >> nth=1")

    states = [Review.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == [State.PUBLISHED, State.DECLINED, State.PENDING]


def test_what_is_typed_before_the_scripts_are_there_is_saved(opened: Any) -> None:
    mia = make.member("mia")
    review = make.review(by=mia, state=State.DRAFT)
    tab, held, is_open = opened(mia), list[Any](), list[bool]()
    tab.route("**/*.js*", lambda one: one.continue_() if is_open else held.append(one))
    tab.goto(f"/reviews/{review.pk}/edit/", wait_until="commit")
    tab.fill("#f-summary", "Typed at once.")

    is_open.append(True)  # those that are asked for only now come at once
    for script in held:
        script.continue_()
    tab.wait_for_selector("#saved:has-text('Draft saved')")

    review.draft.refresh_from_db()
    assert review.draft.content["values"]["summary"] == "Typed at once."


def test_two_tabs_do_not_overwrite_each_other(opened: Any) -> None:
    mia = make.member("mia")
    review = make.review(by=mia, state=State.DRAFT)
    one, two = opened(mia), opened(mia)
    for tab in (one, two):
        tab.goto(f"/reviews/{review.pk}/edit/")

    one.fill("#f-summary", "The newer text.")
    one.wait_for_selector("#saved:has-text('Draft saved')")
    two.fill("#f-summary", "The older tab.")
    two.wait_for_selector("#saved:has-text('This tab saves nothing more')")
    shot(two, "10-stale-tab", full=False)

    review.draft.refresh_from_db()
    assert review.draft.content["values"]["summary"] == "The newer text."
