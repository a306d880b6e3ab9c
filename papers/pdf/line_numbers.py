"""Line numbers, which review copies print in their margins, taken out of the pages.

They are told from other numbers by their place (nothing stands further out), by counting up
with one step down the page, and by doing so on most pages.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from papers.pdf.layout import Page, Word

# Fewer numbers in a row on one page may be a short list.
_FEWEST = 12
_EDGE = 4.0  # points within which numbers of one margin share an edge
_STEPS = frozenset([1, 2, 5, 10])


def take_out_line_numbers(pages: list[Page]) -> None:
    """Remove the line numbers of review copies from page.words, and from the glyph counts."""
    texts = [page for page in pages if len(page.words) > 2 * _FEWEST]
    numbers = {page.number: _line_numbers(page) for page in texts}
    numbered = [page for page in texts if numbers[page.number]]
    # Tables and lists count on a page or two, line numbers on all that hold text.
    if not numbered or len(numbered) < 0.6 * len(texts):
        return
    for page in numbered:
        taken = {id(word) for word in numbers[page.number]}
        page.words = [word for word in page.words if id(word) not in taken]
        page.glyphs -= sum(len(word.text) for word in numbers[page.number])


def _line_numbers(page: Page) -> list[Word]:
    """Numbers in the left and the right margin of a page that count its lines."""
    digits = [w for w in page.words if w.text.isascii() and w.text.isdigit() and len(w.text) < 5]
    others = [word for word in page.words if not (word.text.isascii() and word.text.isdigit())]
    if len(digits) < _FEWEST or not others:
        return []
    numbers: list[Word] = []
    for left in (True, False):
        for column in _columns(digits, left=left):
            if _stands_outside(column, others, left=left):
                numbers += _counting(column)
    return numbers


def _columns(digits: list[Word], *, left: bool) -> list[list[Word]]:
    """Numbers under each other, by the edge they share; the right one where both do not."""
    by_edge: defaultdict[int, list[Word]] = defaultdict(list)
    for word in digits:
        by_edge[round((word.x1 if left else word.x0) / _EDGE)].append(word)
    columns = []
    for edge, words in by_edge.items():
        near = words + by_edge.get(edge + 1, [])
        if len(near) >= _FEWEST:
            columns.append(sorted(near, key=lambda word: word.y))
    return columns


def _stands_outside(column: list[Word], others: list[Word], *, left: bool) -> bool:
    """Whether hardly any word stands further out than the numbers, at their heights."""
    top, bottom = column[0].y - 1, column[-1].y + 1
    if left:
        edge = max(word.x1 for word in column)
        outside = sum(word.x0 < edge - 1 for word in others if top <= word.y <= bottom)
    else:
        edge = min(word.x0 for word in column)
        outside = sum(word.x1 > edge + 1 for word in others if top <= word.y <= bottom)
    return outside <= 0.02 * len(others)


def _counting(column: list[Word]) -> list[Word]:
    """The numbers of a column when they count up evenly, else none."""
    values = [int(word.text) for word in column]
    steps = [b - a for a, b in pairwise(values)]
    usual = max(set(steps), key=steps.count)
    heights = sorted(b.y - a.y for a, b in pairwise(column))
    leading = heights[len(heights) // 2]
    even = sum(0.8 * leading <= height <= 1.25 * leading for height in heights)
    # A number out of turn (a page number, a figure's axis) may be among them.
    counts = usual in _STEPS and steps.count(usual) >= 0.85 * len(steps)
    if not counts or even < 0.7 * len(heights):
        return []
    return column
