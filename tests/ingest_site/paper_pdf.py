"""Tiny PDFs that read as papers, with the title, authors and references a test asks for."""

from __future__ import annotations

from collections.abc import Sequence

from tests.ingest.make_pdf import ABSTRACT, BODY, Pdf

REFERENCES = (
    "[1] A. Graves. Adaptive computation time for recurrent neural networks. arXiv preprint "
    "arXiv:1603.08983, 2016.",
    "[2] G. Huang, D. Chen, T. Li, F. Wu, L. van der Maaten, and K. Weinberger. Multi-scale "
    "dense networks for resource efficient image classification. In ICLR, 2018.",
)


def paper_pdf(
    title: str = "Gates That Know When to Stop",
    authors: Sequence[str] = ("Ada Example", "Ben Test"),
    *,
    abstract: str = ABSTRACT,
    references: Sequence[str] = REFERENCES,
    head: str = "Proceedings of the 9th Workshop on Small Tests, 2023",
) -> bytes:
    """A paper of two pages. head: the line above the title, with year or identifier."""
    pdf = Pdf().page()
    pdf.text(72, 40, head, size=8)
    y = pdf.centred(90, title, size=16, font="bold")
    y = pdf.centred(y + 10, ", ".join(authors), size=11)
    y = pdf.centred(y, "Testing University", size=10)
    y = pdf.centred(y + 20, "Abstract", size=12, font="bold")
    y = pdf.paragraph(120, y, abstract, columns=75)
    y = pdf.text(90, y + 20, "1 Introduction", size=12, font="bold")
    pdf.paragraph(90, y + 4, BODY, columns=88)
    pdf.text(300, 760, "1")
    pdf.page()
    y = pdf.text(90, 90, "2 Method", size=12, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    y = pdf.text(90, y + 16, "3 Results", size=12, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    y = pdf.text(90, y + 16, "References", size=12, font="bold")
    for entry in references:
        y = pdf.paragraph(90, y + 4, entry, columns=88)
    pdf.text(300, 760, "2")
    return pdf.to_bytes()
