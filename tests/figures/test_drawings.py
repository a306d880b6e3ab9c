"""Every figure is drawn: letters large enough, none over another, nothing outside the frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from django.test import Client
from django.utils.translation import override
from lxml import etree

from kb.figures import FIGURES, Figure
from kb.figures.drawing import SMALLEST, WIDTH, DoesNotFit, Drawing, is_said, width_of
from kb.languages.offered import languages

SVG = "{http://www.w3.org/2000/svg}"
NARROWEST_COLUMN = 328
"""Pixels that a figure has on a phone of 360 with the page's margins."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
READABLE = 10.5
"""Pixels that letters keep there."""

every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


@pytest.fixture(params=[language.code for language in languages()])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn, while a figure is drawn in it."""
    with override(request.param):
        yield request.param


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
def test_no_two_texts_overlap(figure: Figure, language: str) -> None:
    for one, other in combinations(words(figure), 2):
        apart = one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
        assert apart, f"{one[0]} over {other[0]}"


@every_figure
def test_texts_are_inside_and_readable_on_a_phone(figure: Figure, language: str) -> None:
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
def test_chinese_figures_say_nothing_in_english(figure: Figure) -> None:
    with override("zh-hans"):
        labels = [text for text, *_ in words(figure)]
        told = [figure.title, figure.caption, figure.alt]
    assert not [
        text for text in labels if is_said(text) and not CHINESE.search(text) and text != "softmax"
    ]
    assert all(CHINESE.search(text) and not re.search(r"[a-z] [a-z]", text) for text in told)


def test_a_file_of_a_figure_is_in_the_language_that_is_asked_for(client: Client) -> None:
    english = client.get("/figures/early-exit.svg").content.decode()
    chinese = client.get("/figures/early-exit.svg?language=zh").content.decode()

    assert ">sure?<" in english and not CHINESE.search(english)
    assert ">确信？<" in chinese and '<title id="figure-early-exit-title">早退</title>' in chinese


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
