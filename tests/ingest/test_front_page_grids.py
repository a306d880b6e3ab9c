"""Names in grids and rows over one and two columns, as first pages set them."""

from __future__ import annotations

import pytest

from tests.ingest.front_pages import names, paper, read, row, titled
from tests.ingest.make_pdf import Pdf

THREE = [130.0, 306.0, 480.0]
PAIR = [190.0, 420.0]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("centres", [THREE, PAIR])
def test_grid_of_authors_over_one_and_two_columns(columns: int, centres: list[float]) -> None:
    people = ["Anna Erste", "Bo Zweite", "Carl Dritte", "Dora Vierte", "Emil Sechste", "Fay Letzte"]
    people = people[: 2 * len(centres)]

    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for start in range(0, len(people), len(centres)):
            block = people[start : start + len(centres)]
            y = row(pdf, y, block, centres, size=11)
            y = row(pdf, y, ["Examples University"] * len(block), centres)
            y = row(pdf, y, ["Townsville, Utopia"] * len(block), centres)
            mails = [name.split()[0].lower() + "@x.edu" for name in block]
            y = row(pdf, y, mails, centres) + 8
        return y

    result = read(paper(draw, columns=columns))

    assert names(result) == people
    assert result.abstract.startswith("We study networks")
    assert result.authors[0].email == "anna@x.edu"


@pytest.mark.parametrize("columns", [1, 2])
def test_grid_in_one_typeface_does_not_take_towns_for_names(columns: int) -> None:
    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for people in (["Anna Erste", "Bo Zweite"], ["Carl Dritte", "Dora Vierte"]):
            y = row(pdf, y, people, PAIR)
            y = row(pdf, y, ["Institute of Small Nets"] * 2, PAIR)
            y = row(pdf, y, ["San Fernando", "New Harbour"], PAIR) + 14
        return y

    assert names(read(paper(draw, columns=columns))) == [
        "Anna Erste", "Bo Zweite", "Carl Dritte", "Dora Vierte",
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [1, 2])
def test_names_parted_by_a_narrow_gap_only(columns: int) -> None:
    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        x = 180.0
        for name in ("Anna B. Erste", "Bo Zweite", "Carl C. Dritte", "Dora Vierte"):
            pdf.text(x, y, name, size=11)
            x += width_of(name, 11) + 6.5
        return pdf.centred(y + 14, "University of Examples", size=10)

    assert names(read(paper(draw, columns=columns))) == [
        "Anna B. Erste", "Bo Zweite", "Carl C. Dritte", "Dora Vierte",
    ]  # fmt: skip


def width_of(text: str, size: float) -> float:
    """Width of Times text from the typeface's own table, for the letters used here."""
    units = {" ": 250, ".": 250, "A": 722, "B": 667, "C": 667, "D": 722, "E": 611, "V": 722,
             "Z": 611, "a": 444, "b": 500, "e": 444, "i": 278, "l": 278, "n": 500, "o": 500,
             "r": 333, "s": 389, "t": 278, "w": 722}  # fmt: skip
    return sum(units[sign] for sign in text) * size / 1000


@pytest.mark.parametrize("columns", [1, 2])
def test_names_over_both_columns_with_raised_marks(columns: int) -> None:
    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for x, name, mark in ((110, "Anna Erste", "1"), (250, "Bo Zweite", "2"),
                              (420, "Carl Dritte", "1,2")):  # fmt: skip
            pdf.text(x, y, name, size=11)
            pdf.text(x + width_of(name, 11) + 1, y - 4, mark, size=7)
        pdf.text(150, y + 12, "1", size=7)
        pdf.text(154, y + 16, "University of Somewhere")
        pdf.text(330, y + 12, "2", size=7)
        pdf.text(334, y + 16, "Institute of Elsewhere")
        return y + 24

    result = read(paper(draw, columns=columns))

    assert names(result) == ["Anna Erste", "Bo Zweite", "Carl Dritte"]
    assert result.authors[2].affiliations == ["University of Somewhere", "Institute of Elsewhere"]
