"""Taking in, pictures, the board and authors' links in a real Chromium, wide and narrow."""

from __future__ import annotations

from typing import Any

import pytest

from papers.models import Workshop
from tests.make import signed_in
from tests.workshops.organising import edit, published
from tests.workshops.test_files import new_link, png
from tests.workshops.test_in_a_browser import PHONE, is_narrow, shot, violations

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(page: Any, name: str) -> None:
    """Nothing for axe to tell, and nothing wider than a phone."""
    shot(page, f"{name}-desk")
    assert violations(page) == [], name
    page.set_viewport_size(PHONE)
    shot(page, f"{name}-phone")
    assert is_narrow(page), name
    page.set_viewport_size({"width": 1440, "height": 900})


def filled() -> Workshop:
    olga, workshop = published()
    talks = (("9:00", "9:30", "On engines"), ("9:30", "10:30", "On looms"))
    rows = [{"start": s, "end": e, "title": title} for s, e, title in talks]
    edit(olga, workshop, "programme", *rows)
    edit(olga, workshop, "papers", {"id": "7", "title": "Leaving early", "authors": "Ada Byron"})
    olga.post(f"/workshops/{workshop.slug}/board/", {"do": "name", "name": "1.0"})
    return workshop


def test_pages_beside_the_forms_are_narrow_and_clear_and_entries_are_dragged(opened: Any) -> None:
    workshop = filled()
    olga = workshop.organisers.get().user
    assert olga is not None
    page, start = opened(olga), f"/workshops/{workshop.slug}/"

    page.goto(f"{start}import/")
    page.fill("#text", "Organizers:\nAda Byron (Ockham)\nno sense at all: 12?")
    looked_at(page, "import")
    page.click("text=Look at it")
    looked_at(page, "import-preview")
    page.goto(f"{start}edit/people/")
    page.fill("#i-row-0-name", "Ada Byron")
    photo = {"name": "ada.png", "mimeType": "image/png", "buffer": png(60, 60)}
    page.set_input_files("#i-row-0-photo", photo)
    page.fill("#i-row-0-photo_words", "Ada at a desk")
    page.select_option("#i-row-0-role", "keynote")
    page.click("button.primary")
    page.goto(start)
    page.wait_for_selector("img.portrait")
    assert page.evaluate("document.querySelector('img.portrait').naturalWidth") == 60
    shot(page, "photo")
    page.goto(f"{start}board/")
    page.drag_and_drop("#at-on-looms", "#at-on-engines", target_position={"x": 60, "y": 3})
    page.wait_for_url("**#at-on-looms")
    first = page.locator(".board li .what").first.inner_text()
    assert first.startswith("On looms")
    page.locator("#at-on-looms button").first.press("ArrowDown")
    page.locator(".board .what").first.get_by_text("On engines").wait_for()
    looked_at(page, "board")
    page.goto(f"{start}authors/")
    page.click("text=Make links for all papers")
    looked_at(page, "authors")


def test_the_page_of_an_author_is_narrow_and_clear(opened: Any) -> None:
    workshop = filled()
    olga = workshop.organisers.get().user
    assert olga is not None
    page = opened(olga)
    page.goto(new_link(signed_in(olga), workshop))
    looked_at(page, "author")
