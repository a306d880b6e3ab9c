"""What stands between a title and the text: the rows that hold names and addresses.

Names in a grid stand beside each other over the whole page, also where the text below them
runs in two columns. So the block is cut out by height, column by column, before its lines
are put together again to whole rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from papers.pdf.abstract import is_prose
from papers.pdf.document import Document
from papers.pdf.headings import ABSTRACT, KEYWORDS
from papers.pdf.layout import Line
from papers.pdf.name_chunks import MARK
from papers.pdf.reading_order import LEFT, MARGIN, RIGHT, SPANNING, make_line, merge_baselines
from papers.pdf.text_cleaning import clean_text
from papers.pdf.title import Title

_STARTS_BODY = re.compile(
    r"((1|i)?[.\s]*)(introduction|summary|motivation|overview|引\s*言|绪\s*论|前\s*言)\W*", re.I
)
# Blocks of large collaborations fill a page; more is text that was taken for names.
_MOST_LINES = 160


@dataclass
class FrontBlock:
    """Lines as the document has them, and the same words as rows over the whole page."""

    lines: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)


def front_block(document: Document, title: Title) -> FrontBlock:
    """The rows below the title, down to the abstract or the first running text."""
    last = title.lines[-1]
    below = [
        line
        for line in document.first_page
        if line.y > last.y + 1 and _same_side(line, last) and line.column != MARGIN
    ]
    below.sort(key=lambda line: (line.y, line.x0))
    ends = _ends(below, document)
    lines = [line for line in below if line.y < _end_for(line, ends)][:_MOST_LINES]
    rows = _with_raised_marks(merge_baselines(lines))
    for row in rows:
        row.text = clean_text(row.text)
    return FrontBlock(lines, [row for row in rows if row.text])


def _with_raised_marks(rows: list[Line]) -> list[Line]:
    """Rows with the marks that were printed so far above them that they made rows of their own."""
    joined: list[Line] = []
    for row in rows:
        above = joined[-1] if joined else None
        if above is None or not _on_one_baseline(above, row):
            joined.append(row)
            continue
        words = sorted([*above.words, *row.words], key=lambda word: word.x0)
        joined[-1] = make_line(words, row.page)
        joined[-1].column = row.column
    return joined


def _on_one_baseline(above: Line, below: Line) -> bool:
    upper, lower = (max(row.words, key=lambda word: word.size) for row in (above, below))
    if upper.size >= 0.86 * lower.size:  # smaller type is raised, see name_chunks.is_raised
        return abs(upper.y - lower.y) <= 0.25 * lower.size
    is_raised = 0 < lower.y - upper.y <= 0.6 * lower.size
    return is_raised and all(MARK.fullmatch(word.text.strip()) for word in above.words)


def _same_side(line: Line, last: Line) -> bool:
    """A title inside one column has its authors there; one across the page has them below."""
    return last.column not in (LEFT, RIGHT) or line.column in (last.column, SPANNING)


def _ends(below: list[Line], document: Document) -> dict[int, float]:
    """For each column the height at which its running text begins."""
    ends: dict[int, float] = {}
    before: dict[int, Line] = {}
    for line in below:
        above = before.get(line.column)
        first = line is below[0]
        if line.column not in ends and _begins_text(line, above, document, first=first):
            ends[line.column] = line.y
        before[line.column] = line
    return ends


def _end_for(line: Line, ends: dict[int, float]) -> float:
    nowhere = float("inf")
    end = min(ends.get(line.column, nowhere), ends.get(SPANNING, nowhere))
    if line.column == RIGHT:
        # What stands beside the left column's text belongs to the text as well.
        end = min(end, ends.get(LEFT, nowhere))
    return end - 1


def _begins_text(line: Line, above: Line | None, document: Document, *, first: bool) -> bool:
    """first: directly below the title, where a sentence is a subtitle."""
    text = line.text
    if ABSTRACT.match(text) or KEYWORDS.match(text) or _STARTS_BODY.fullmatch(text):
        return True
    if first or not is_prose(line):
        return False
    # Sizes of one style differ by rounding only.
    if abs(line.size - document.body_size) < 0.2:
        return True
    # Smaller print is a note when it is one line, and an abstract when it goes on.
    return above is not None and is_prose(above) and abs(above.size - line.size) < 0.2
