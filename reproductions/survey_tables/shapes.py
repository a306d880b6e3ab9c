"""What a survey table answers with: cells, rows, and the whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Value = float | str
BY_HAND = "from knowledge"
"""Doubt of a cell that a curator wrote: nobody has read it again in the paper."""


@dataclass(frozen=True)
class Cell:
    """text as it is read; sort: what it is ordered by; doubt: "second-hand" or the like."""

    text: str = ""
    href: str = ""
    doubt: str = ""
    sort: Value = ""


@dataclass(frozen=True)
class Row:
    """paper: the key, so that a row goes when its paper is hidden."""

    paper: str
    cells: list[Cell]


@dataclass
class Answer:
    """Heads and rows; figures: columns that hold numbers. left_out: rows beyond the most."""

    heads: list[str]
    figures: list[bool]
    rows: list[Row] = field(default_factory=list)
    left_out: int = 0
    facts: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any], visible: set[str]) -> Answer:
        """A kept answer without the rows of papers that are not visible now."""
        rows = [
            Row(row["paper"], [Cell(**cell) for cell in row["cells"]])
            for row in kept["rows"]
            if row["paper"] in visible
        ]
        names = ("heads", "figures", "left_out", "facts")
        return cls(rows=rows, **{name: kept[name] for name in names})


def paper_cell(key: str, title: str) -> Cell:
    """The title of a paper as a link to it."""
    return Cell(title, f"/papers/{key}/", sort=title)


def cell_by_hand(text: str) -> Cell:
    """Words that a curator wrote from knowledge."""
    return Cell(text, doubt=BY_HAND if text else "", sort=text)
