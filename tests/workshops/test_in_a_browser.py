"""From an empty form to a public page in a real Chromium: at a desk, on a phone, in the dark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from papers.models import Workshop
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 360, "height": 740}


def shot(page: Any, name: str) -> None:
    """A picture for people, where KB_SHOTS names a folder."""
    if folder := os.environ.get("KB_SHOTS"):
        page.remove_listener("console", page.complain)  # taking one breaks the CSP itself
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        page.on("console", page.complain)


def is_narrow(page: Any) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def violations(page: Any) -> list[Any]:
    page.evaluate(AXE.read_text() + "; 0")
    return page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))",
        TAGS,
    )


def fill_in_what_is_known(page: Any) -> None:
    """From the empty form to the desk."""
    page.goto("/workshops/new/")
    shot(page, "1-new")
    assert violations(page) == []
    page.fill("#i-name", "Workshop on Frugal Networks")
    page.fill("#i-acronym", "FruN")
    page.fill("#i-year", "2027")
    page.fill("#i-date", "2027-07-23")
    page.fill("#i-timezone", "Europe/Vienna")
    page.select_option("#i-format", "hybrid")
    page.fill("#i-host_conference", "ICML 2027")
    page.fill("#i-location", "Vienna, Austria")
    page.click("text=Make the draft")
    shot(page, "2-desk")
    assert violations(page) == []


def write_the_overview(page: Any) -> None:
    """Topics are proposed from what is written."""
    page.click(".blocks a:has-text('Overview')")
    assert page.inner_text("h1") == "Overview and topics"
    assert page.is_visible("[name=state][value=scheduled]")
    page.fill("#i-summary", "Networks that do as much as an input needs: early exits and more.")
    page.dispatch_event("#i-summary", "change")
    page.wait_for_selector("#told .chip:has-text('Early exiting')")
    page.fill("#i-topics", "Early exits\nConditional computation")
    shot(page, "3-overview")
    page.click("button.primary")


def name_dates_and_people_on_a_phone(page: Any) -> None:
    """Nothing is wider than a phone."""
    page.set_viewport_size(PHONE)
    page.click(".blocks a:has-text('Dates')")
    page.fill("[name=row-0-label]", "Submission deadline")
    page.fill("[name=row-0-date]", "2027-05-10")
    page.fill("[name=row-0-time]", "23:59")
    page.fill("[name=row-0-zone]", "AoE")
    assert is_narrow(page)
    shot(page, "4-dates-phone")
    page.click("button.primary")
    page.click(".blocks a:has-text('People')")
    page.fill("[name=row-0-name]", "Ada Byron")
    page.select_option("[name=row-0-role]", "keynote")
    page.fill("[name=row-0-title]", "On engines")
    page.click("button.primary")
    page.set_viewport_size({"width": 1280, "height": 900})


def write_a_programme(page: Any) -> None:
    """What cannot be meant is asked about once."""
    page.click(".blocks a:has-text('Programme')")
    page.fill("[name=row-0-start]", "18.15 PM")
    page.fill("[name=row-0-end]", "19:00")
    page.fill("[name=row-0-title]", "On engines")
    page.select_option("[name=row-0-kind]", "keynote")
    page.fill("[name=row-0-speaker]", "Ada Byron")
    page.remove_listener("console", page.complain)  # an answer that asks is no 200
    with page.expect_event("console", lambda said: "422" in said.text):  # told at any moment
        page.click("button.primary")
    page.on("console", page.complain)
    assert "is 18:15 meant?" in page.inner_text("main")
    assert violations(page) == []
    shot(page, "5-programme-asks")
    page.click("button.primary")
    assert "Saved" in page.inner_text("main")


def test_a_workshop_of_2027_from_an_empty_form_to_a_public_page(opened: Any) -> None:
    make.topic("Early exiting", parent=make.topic("Instance-wise", slug="instance-wise"))
    page, moe = opened(make.member("mia")), opened(make.member("moe", "moderators"))

    fill_in_what_is_known(page)
    write_the_overview(page)
    name_dates_and_people_on_a_phone(page)
    write_a_programme(page)

    page.click("text=Preview with all drafts")
    assert "18:15–19:00" in page.inner_text("main")
    shot(page, "6-preview")
    page.click("text=Back to editing")
    page.click("text=Hand it in")
    assert "A moderator looks at it" in page.inner_text("main")
    shot(page, "7-handed-in")

    moe.goto("/moderation/")
    shot(moe, "8-queue")
    moe.click("button:has-text('Publish')")
    moe.wait_for_selector("#queue .decided")
    workshop = Workshop.objects.get()
    assert workshop.is_public

    page.emulate_media(color_scheme="dark")
    page.goto(workshop.get_absolute_url())
    assert violations(page) == []
    shot(page, "9-public-dark")
    page.set_viewport_size(PHONE)
    assert is_narrow(page)
    shot(page, "10-public-phone-dark")
    page.goto("/workshops/deadlines/")
    assert "Frugal" in page.inner_text("main") and is_narrow(page)
    shot(page, "11-deadlines-phone")
    assert violations(page) == []
    page.goto(f"{workshop.get_absolute_url()}edit/programme/")
    assert is_narrow(page) and violations(page) == []
    shot(page, "12-programme-phone-dark")
