"""What a reader does with mouse and keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db


def titles(page: Any) -> list[str]:
    return page.locator("#results .title").all_inner_texts()


def follow(page: Any, link: Any) -> None:
    """Click and wait for the page behind it: a click alone returns before that page is read."""
    with page.expect_navigation():
        link.click()


def test_results_change_while_typing_and_the_back_button_returns(page: Any) -> None:
    page.goto("/papers/")
    everything = titles(page)

    page.keyboard.press("/")
    page.keyboard.insert_text("slimmable")  # at once: a slow machine would ask for its beginnings
    page.wait_for_url("**q=slimmable*")
    page.wait_for_function("document.querySelector('#results .title').innerText.match(/slim/i)")
    found = titles(page)

    assert found != everything
    page.go_back()
    page.wait_for_function("!location.search.includes('q=slimmable')")
    page.wait_for_function(
        f"document.querySelector('#results .title').innerText === {everything[0]!r}"
    )


def test_arrows_walk_the_results_and_enter_opens_one(page: Any) -> None:
    page.goto("/papers/?q=early+exit")
    first = titles(page)[0]
    page.locator("main input[type=search]").focus()
    page.keyboard.press("Escape")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_selector("article h1")
    assert page.locator("h1").inner_text().casefold() == first.casefold()


def test_suggestions_are_chosen_by_keyboard(page: Any) -> None:
    page.goto("/")
    page.locator("main input[type=search]").click()
    page.keyboard.insert_text("早退")  # at once: a second answer would take the choice away
    page.wait_for_selector("[role=option]")

    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]").get_attribute("data-value")
    page.keyboard.press("Enter")

    page.wait_for_url("**/papers/?**")
    assert chosen in page.locator("main input[type=search]").input_value()


def test_the_map_is_walked_by_arrows_and_tells_definitions(page: Any) -> None:
    page.goto("/topics/")
    page.locator(".map a.node").first.focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")

    name = page.evaluate("document.activeElement.dataset.name")
    assert name.startswith("Dynamic parameters")
    assert page.locator("#definition").inner_text().startswith("Dynamic parameters")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.name").startswith("Instance-wise")


def test_the_year_of_the_map_changes_the_counts(page: Any) -> None:
    page.goto("/topics/")
    whole = page.locator("#map [role=status]").inner_text()

    page.locator("#until").fill("2018")
    page.wait_for_url("**until=2018*")

    expect(page.locator("#map [role=status]")).not_to_have_text(whole)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_stays(page: Any, theme: str) -> None:
    page.goto("/about/")
    page.get_by_role("button", name=theme.capitalize(), exact=True).click()
    page.wait_for_selector(f"html[data-theme={theme}]")

    page.goto("/topics/")

    assert page.locator("html").get_attribute("data-theme") == theme
    lightness = page.evaluate(
        "() => { const c = document.createElement('canvas').getContext('2d');"
        " c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0,0,1,1);"
        " return c.getImageData(0,0,1,1).data[0] }"
    )
    assert (lightness > 200) == (theme == "light")


def test_everything_works_without_scripts(chromium: Any, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/")
    page.locator("main input[type=search]").fill("early exit")
    follow(page, page.locator("main form button").first)
    assert len(titles(page)) > 3

    page.goto("/topics/")
    follow(page, page.get_by_role("link", name="Early exiting").first)
    assert page.locator("h1").inner_text().startswith("Early exiting")
    follow(page, page.get_by_role("link", name="Browse"))
    assert len(titles(page)) > 3
    context.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/papers/",
        "/papers/?q=early",
        "/papers/huang2018multi/",
        "/topics/",
        "/workshops/dynn-icml-2022/",
        "/people/",
        "/timeline/",
        "/venues/iclr/",
    ],
)
def test_a_phone_shows_no_sideways_scroll(chromium: Any, site: str, path: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
