"""Rows of the block under a title, as chunks, and how rows stand to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from papers.pdf.layout import Line
from papers.pdf.name_chunks import Chunk, chunks_of, starts_with_mark
from papers.pdf.name_shapes import PLACE, looks_like_name
from papers.pdf.name_words import strip_row

_PART_OF_A_PLACE = re.compile(
    r"(?:dep(?:t|art)|dip|school|facult|lab|cent|division|group|team|unit\b|coll)", re.I
)


@dataclass
class Row:
    """One line of the block, cut into chunks. after_gap: set apart from the line above."""

    line: Line
    chunks: list[Chunk]
    plain: str
    """Its text without addresses and what stands in brackets."""
    had_address: bool
    after_gap: bool
    goes_on: str = ""
    """How it says that there are more authors, where it does."""


def rows_of(lines: list[Line]) -> list[Row]:
    rows = []
    steps = sorted(b.y - a.y for a, b in pairwise(lines) if b.y > a.y)
    usual = steps[len(steps) // 3] if steps else 0.0
    for index, line in enumerate(lines):
        stripped = strip_row(line)
        plain = " ".join(word.text for word in stripped.words)
        step = line.y - lines[index - 1].y if index else 0.0
        # A third more than the usual step sets a new block apart.
        apart = step > max(1.33 * usual, 1.3 * line.size)
        chunks, said = chunks_of(line), stripped.goes_on
        rows.append(Row(line, chunks, plain, stripped.had_address, apart, said))
    return rows


def stacked(rows: list[Row]) -> set[int]:
    """Rows of names in blocks that stand below each other: names, then one place or more.

    The first row is such, and each further one has a place right below it. Where blocks have more
    than two rows the place is of the same kind as the first, since towns look like names: "Anna
    Erste / Department of Lamps / University of X / New Harbour / Bo Zweite / School of …".
    """
    heads: list[int] = []
    for index, (row, below) in enumerate(pairwise(rows)):
        if not (_only_names(row) and _is_place(below)):
            continue
        first = rows[heads[0]] if heads else row
        in_type = row.chunks[0].style == first.chunks[0].style
        in_turns = index == 2 * len(heads)  # one row of names, one place, from the first on
        if index == 0 or in_turns or (heads and in_type and _kind(below) == _kind(rows[1])):
            heads.append(index)
    return set(heads) if len(heads) > 1 else set()


def may_begin_a_block(row: Row, below: Row | None) -> bool:
    """Whether a row that is not read as names could be one, above a place of its own."""
    return below is not None and _only_names(row) and _is_place(below)


def _only_names(row: Row) -> bool:
    named = bool(row.chunks) and all(
        looks_like_name(chunk.text) and not chunk.marks for chunk in row.chunks
    )
    return named and not row.had_address and not starts_with_mark(row.line)


def _is_place(row: Row) -> bool:
    named = any(looks_like_name(chunk.text) for chunk in row.chunks)
    return bool(PLACE.search(row.plain)) and not named and not starts_with_mark(row.line)


def _kind(row: Row) -> bool:
    """Whether the place is a part of one, such as a department, or a whole one."""
    found = PLACE.search(row.plain)
    return bool(found and _PART_OF_A_PLACE.match(found[0]))


def with_its_place(row: Row) -> bool:
    """Whether a row is a name with its own affiliation behind a comma: "Name, Town, Country"."""
    if not row.chunks or not row.chunks[0].closed or row.chunks[0].marks:
        return False
    behind = row.chunks[1:]
    # Two names on a row make it a list, whatever stands at its end.
    alone = not behind or not looks_like_name(behind[0].text)
    named = looks_like_name(row.chunks[0].text)
    return named and alone and any(PLACE.search(chunk.text) for chunk in behind)


def join_cut_names(rows: list[Row]) -> None:
    """Put together names that the end of a line cuts, in lists that use separators."""
    for above, below in pairwise(rows):
        chunks, more, following = above.chunks, below.chunks, below.line
        if not chunks or not more or starts_with_mark(following):
            continue
        last, first = chunks[-1], more[0]
        separated = any(chunk.closed and looks_like_name(chunk.text) for chunk in chunks[:-1])
        if any(PLACE.search(chunk.text) for chunk in (*chunks, *more)):
            continue
        # Further down than two lines it is another block.
        alike = last.style == first.style and following.y - above.line.y < 2.2 * above.line.size
        two = looks_like_name(last.text) and looks_like_name(first.text)
        whole = _one_name(last.text + " " + first.text) and not two
        if separated and not last.closed and alike and whole and first.text[:1].isupper():
            last.words = last.words + first.words
            last.marks, last.closed = first.marks, first.closed
            del more[0]


def _one_name(text: str) -> bool:
    return looks_like_name(text) and len(text.split()) <= 6
