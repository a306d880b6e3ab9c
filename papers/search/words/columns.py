"""Marks of papers in columns, one text a paper and column. Pure.

The index counts a field that may have several values at 17 to 45 ns a paper and value, one of which
every paper has exactly one at 1 to 3 ns. So the marks of a paper stand in as many columns as
nearly every paper needs; what a paper has beyond them stands in the last one together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

NO_MARK = "-"
_JOINT = "\n"


@cache
def names(field: str, count: int) -> tuple[str, ...]:
    """Names of the columns of a field."""
    return tuple(f"{field}_{number}" for number in range(1, count + 1))


def laid_out(marks: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` texts: a mark each, the last one with all marks that are left."""
    if len(marks) > count:
        return (*marks[: count - 1], _JOINT.join(marks[count - 1 :]))
    return (*marks, *([NO_MARK] * (count - len(marks))))


def papers_with(by_column: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, int]:
    """How many papers have each mark, from what was counted in each column: "key" is a text, and
    "doc_count" how many papers have it there."""
    having: dict[str, int] = {}
    for counted in by_column:
        for bucket in counted:
            text = bucket["key"]
            having[text] = having.get(text, 0) + bucket["doc_count"]
    having.pop(NO_MARK, None)
    for text in [text for text in having if _JOINT in text]:
        papers = having.pop(text)
        for mark in text.split(_JOINT):
            having[mark] = having.get(mark, 0) + papers
    return having
