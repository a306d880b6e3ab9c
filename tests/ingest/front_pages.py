"""Made-up first pages of many kinds: what stands above the abstract differs, the rest is one."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import RectangleObject

from papers.pdf.extraction import Extraction
from papers.pdf.limits import Budget
from papers.pdf.understanding import understand_pdf
from tests.ingest.make_pdf import ABSTRACT, BODY, REFERENCES, Pdf, width

TITLE = "Night Walkers of the Quiet Lattice"


def paper(front: Callable[[Pdf], float], *, columns: int = 1) -> Pdf:
    """A paper of two pages; `front` draws the part above the abstract and returns its end."""
    pdf = Pdf().page()
    return finish(pdf, front(pdf), columns=columns)


def finish(pdf: Pdf, y: float, *, columns: int = 1) -> Pdf:
    """Abstract, text and references below y, in one column or in two."""
    if columns == 2:
        _two_columns(pdf, y)
    else:
        y = pdf.centred(y + 20, "Abstract", size=12, font="bold")
        y = pdf.paragraph(120, y, ABSTRACT, columns=75)
        y = pdf.text(90, y + 20, "1 Introduction", size=12, font="bold")
        y = pdf.paragraph(90, y + 4, BODY, columns=88)
    pdf.page()
    y = pdf.text(90, 90, "2 Method", size=12, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    y = pdf.text(90, y + 16, "References", size=12, font="bold")
    for entry in REFERENCES:
        lines = textwrap.wrap(entry, 80)
        y = pdf.text(90, y + 4, lines[0])
        y = pdf.lines(105, y, lines[1:])
    return pdf


def _two_columns(pdf: Pdf, y: float) -> None:
    left = pdf.text(150, y + 20, "Abstract", size=11, font="bold")
    left = pdf.paragraph(72, left + 4, ABSTRACT, columns=46)
    left = pdf.text(72, left + 14, "1 Introduction", size=11, font="bold")
    pdf.paragraph(72, left + 4, BODY[:700], columns=46)
    pdf.paragraph(330, y + 20, BODY, columns=46)


def titled(pdf: Pdf, title: str = TITLE) -> float:
    """The title in the middle; returns the y of the line below it."""
    return pdf.centred(90, title, size=17, font="bold") + 14


def row(
    pdf: Pdf,
    y: float,
    texts: list[str],
    centres: list[float],
    *,
    size: float = 10,
    font: str = "regular",
) -> float:
    """Texts side by side, each in the middle of its column."""
    for text, centre in zip(texts, centres, strict=True):
        pdf.text(centre - width(text, size) / 2, y, text, size=size, font=font)
    return y + 1.25 * size


def turned_page(data: bytes, angle: int) -> bytes:
    """The file with every page marked as to be shown turned, its content as it was."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(angle)
    return _written(writer)


def turned_content(data: bytes) -> bytes:
    """The file with its content lying on the page and a mark that shows it upright."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.add_transformation(Transformation((0, 1, -1, 0, 792, 0)))
        page.mediabox = RectangleObject((0, 0, 792, 612))
        page.rotate(90)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def numbered(pdf: Pdf, *, right: bool = False, first: int = 0) -> Pdf:
    """The paper as a review copy: a number beside every line of every page."""
    pages, pdf.pages = pdf.pages, []
    number = first
    for operators in pages:
        pdf.pages.append(operators)
        for place in range(54):
            y = 86 + 12.0 * place
            pdf.text(40, y, f"{number:03d}", size=8)
            if right:
                pdf.text(580, y, f"{number + 54:03d}", size=8)
            number += 1
        number += 54 if right else 0
    return pdf


def read(pdf: Pdf) -> Extraction:
    return understand_pdf(pdf.to_bytes(), Budget())


def names(result: Extraction) -> list[str]:
    return [author.name for author in result.authors]


def listed(*lines: str) -> Callable[[Pdf], float]:
    """A front page with these lines under its title, and a plain affiliation."""

    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for line in lines:
            y = pdf.centred(y, line, size=11)
        return pdf.centred(y, "University of Examples", size=10, font="italic")

    return draw
