"""A reading list is put in order by dragging, with a real Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from community.lists import add_paper, make_list
from community.models import ListEntry, ReadingList
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chosen() -> ReadingList:
    """Four papers of mia's, A to D."""
    made = make_list(make.member("mia"), name="Exits")
    for title in "ABCD":
        add_paper(made, make.paper(title, key=title.lower()), note=f"About {title}")
    return made


def order(chosen: ReadingList) -> str:
    titles = ListEntry.objects.filter(reading_list=chosen).values_list("paper__title", flat=True)
    return "".join(titles.order_by("position"))


def shown(page: Any) -> str:
    return "".join(page.locator("#entries .title").all_inner_texts())


def grip(page: Any, title: str) -> Any:
    return page.locator(f"#entries .entry:has(#p-{title.lower()}) [data-drag]")


def hold(page: Any, title: str, to: str, *, above: bool) -> None:
    """Take the grip of one paper and bring it to the upper or lower end of another."""
    grip(page, title).scroll_into_view_if_needed()
    grip(page, title).hover()
    page.mouse.down()
    box = page.locator(f"#entries .entry:has(#p-{to.lower()})").bounding_box()
    page.mouse.move(200, box["y"] + (4 if above else box["height"] - 4), steps=8)


@pytest.mark.parametrize(
    ("title", "to", "above", "after"),
    [("A", "C", False, "BCAD"), ("D", "A", True, "DABC"), ("A", "D", False, "BCDA")],
)
def test_a_dragged_paper_stays_where_it_was_dropped(
    opened: Any, chosen: ReadingList, title: str, to: str, above: bool, after: str
) -> None:
    page = opened(chosen.owner, viewport={"width": 1280, "height": 1400})
    page.goto(chosen.get_absolute_url())
    sent = []
    page.on("request", lambda asked: asked.method == "POST" and sent.append(asked.url))

    hold(page, title, to, above=above)
    with page.expect_response("**/entries/*"):
        page.mouse.up()

    expect(page.locator("#entries .title")).to_have_text(list(after))
    assert order(chosen) == after
    assert len(sent) == 1
    page.reload()
    assert shown(page) == after
    hold(page, after[-1], after[0], above=True)
    with page.expect_response("**/entries/*"):
        page.mouse.up()
    assert order(chosen) == after[-1] + after[:-1]


def test_escape_and_a_drop_in_place_change_nothing(opened: Any, chosen: ReadingList) -> None:
    page = opened(chosen.owner, viewport={"width": 1280, "height": 1400})
    page.goto(chosen.get_absolute_url())
    sent = []
    page.on("request", lambda asked: asked.method == "POST" and sent.append(asked.url))

    hold(page, "A", "C", above=False)
    moved = shown(page)
    page.keyboard.press("Escape")
    put_back = shown(page)
    page.mouse.up()
    grip(page, "B").click()

    assert (moved, put_back, shown(page), order(chosen)) == ("BCAD", "ABCD", "ABCD", "ABCD")
    assert sent == []


def test_a_place_that_was_not_taken_is_not_shown(opened: Any, chosen: ReadingList) -> None:
    page = opened(chosen.owner, viewport={"width": 1280, "height": 1400})
    page.goto(chosen.get_absolute_url())
    page.remove_listener("console", page.complain)  # the failed request, which is meant
    page.route("**/entries/*", lambda route: route.fulfill(status=503, body=""))

    hold(page, "A", "D", above=False)
    page.mouse.up()

    expect(page.locator("#entries .title")).to_have_text(list("ABCD"))
    assert order(chosen) == "ABCD"


def test_a_finger_drags_too(opened: Any, chosen: ReadingList) -> None:
    page = opened(chosen.owner, viewport={"width": 390, "height": 1800}, has_touch=True)
    page.goto(chosen.get_absolute_url())
    start = grip(page, "A").bounding_box()
    end = page.locator("#entries .entry:has(#p-b)").bounding_box()
    touch = page.context.new_cdp_session(page)
    x, y = start["x"] + 10, start["y"] + 10

    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 9):
        there = y + (end["y"] + end["height"] - 4 - y) * step / 8
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": there}]}
        )
    with page.expect_response("**/entries/*"):
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    assert order(chosen) == "BACD"


def test_without_a_script_there_is_no_grip_and_the_buttons_move(
    opened: Any, chosen: ReadingList
) -> None:
    page = opened(chosen.owner, java_script_enabled=False)
    page.goto(chosen.get_absolute_url())

    assert not grip(page, "A").is_visible()
    page.get_by_role("button", name="Move down: A").click()

    assert shown(page) == order(chosen) == "BACD"
