"""Every figure is drawn: letters large enough, none over another, nothing outside the frame."""

from __future__ import annotations

from itertools import combinations

import pytest
from lxml import etree

from kb.figures import FIGURES, Figure
from kb.figures.drawing import SMALLEST, WIDTH, DoesNotFit, Drawing, width_of

SVG = "{http://www.w3.org/2000/svg}"
NARROWEST_COLUMN = 328
"""Pixels that a figure has on a phone of 360 with the page's margins."""
READABLE = 10.5
"""Pixels that letters keep there."""

every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


def words(figure: Figure) -> list[tuple[str, float, float, float, float]]:
    """Each text with its left, top, right and bottom."""
    boxes = []
    for text in etree.fromstring(figure.svg()).iter(f"{SVG}text"):
        x, y, size = (float(text.get(name)) for name in ("x", "y", "font-size"))
        width = width_of(text.text or "", size)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
        boxes.append((text.text or "", left, y - 0.8 * size, left + width, y + 0.25 * size))
    return boxes


def test_there_are_enough_ideas() -> None:
    assert len(FIGURES) >= 24


@every_figure
def test_no_two_texts_overlap(figure: Figure) -> None:
    for one, other in combinations(words(figure), 2):
        apart = one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
        assert apart, f"{one[0]} over {other[0]}"


@every_figure
def test_texts_are_inside_and_readable_on_a_phone(figure: Figure) -> None:
    for text, left, top, right, bottom in words(figure):
        assert left >= 0 and right <= WIDTH and top >= 0 and bottom <= figure.height + 1, text
    sizes = {float(t.get("font-size")) for t in etree.fromstring(figure.svg()).iter(f"{SVG}text")}
    assert min(sizes) >= SMALLEST
    assert min(sizes) * NARROWEST_COLUMN / WIDTH >= READABLE


@every_figure
def test_a_figure_is_told_without_a_picture(figure: Figure) -> None:
    svg = etree.fromstring(figure.svg())
    names = svg.get("aria-labelledby").split()

    assert svg.get("role") == "img"
    assert [svg.find(f"{SVG}title").get("id"), svg.find(f"{SVG}desc").get("id")] == names
    assert len(figure.alt) > len(figure.caption) > 30


@every_figure
def test_colours_are_those_of_the_page(figure: Figure) -> None:
    for part in etree.fromstring(figure.svg()).iter():
        for name in ("fill", "stroke"):
            assert (part.get(name) or "none").startswith(("var(--", "none", "currentColor"))
    assert len(figure.svg()) < 9_000


def test_a_label_wider_than_its_box_is_refused() -> None:
    with pytest.raises(DoesNotFit):
        Drawing(100).box(0, 0, 20, 20, "much too long")
    with pytest.raises(DoesNotFit):
        Drawing(100).text(350, 50, "beyond the edge")
