"""Marks of papers in columns: counted there, they are as many as counted one by one."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from papers.search.words.columns import NO_MARK, laid_out, papers_with


def counted(papers: list[tuple[str, ...]], columns: int) -> dict[str, int]:
    """As the index counts: in each column, how many papers have each text."""
    rows = [laid_out(marks, columns) for marks in papers]
    by_column = [Counter(column) for column in zip(*rows, strict=True)]
    return papers_with(
        [{"key": text, "doc_count": count} for text, count in column.items()]
        for column in by_column
    )


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((), (NO_MARK, NO_MARK)),
        (("a",), ("a", NO_MARK)),
        (("a", "b"), ("a", "b")),
        (("a", "b", "c"), ("a", "b\nc")),
    ],
)
def test_every_column_has_one_text(marks: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert laid_out(marks, 2) == expected


@pytest.mark.parametrize("columns", [1, 2, 5])
def test_marks_are_counted_as_one_by_one(columns: int) -> None:
    draw = random.Random(columns)
    papers = [tuple(draw.sample("abcdefgh", draw.randint(0, 7))) for _ in range(200)]

    assert counted(papers, columns) == Counter(mark for marks in papers for mark in marks)


def test_no_mark_is_no_value() -> None:
    assert counted([(), ()], 3) == {}
