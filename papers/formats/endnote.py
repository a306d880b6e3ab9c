"""EndNote's tagged import format (.enw, after Unix refer)."""

from __future__ import annotations

from collections.abc import Iterable

from papers.formats.citation import Author, Citation, Kind, one_line, page_range

_TYPE = {
    Kind.JOURNAL: "Journal Article",
    Kind.CONFERENCE: "Conference Proceedings",
    Kind.PREPRINT: "Unpublished Work",
    Kind.REPORT: "Report",
    Kind.BOOK: "Book",
    Kind.CHAPTER: "Book Section",
    Kind.THESIS: "Thesis",
    Kind.OTHER: "Generic",
}


def write(citations: Iterable[Citation]) -> str:
    """An .enw file; records are kept apart by an empty line."""
    return "\n".join(_record(citation) for citation in citations)


def _record(citation: Citation) -> str:
    lines = [("0", _TYPE[citation.kind]), ("T", citation.title)]
    lines += [("A", _author(author)) for author in citation.authors]
    lines += [("A", "et al.,")] if citation.and_others else []
    lines += [
        ("J" if citation.kind is Kind.JOURNAL else "B", citation.container),
        ("I", citation.publisher),
        ("D", str(citation.year or "")),
        ("V", citation.volume),
        ("N", citation.issue),
        ("P", page_range(citation.pages)),
        ("R", citation.doi),
        ("M", f"arXiv:{citation.arxiv}" if citation.arxiv else ""),
        ("U", citation.url),
        ("X", citation.abstract),
        *(("K", word) for word in citation.keywords),
        ("Z", citation.note),
        ("F", citation.key),
    ]
    return "".join(f"%{tag} {one_line(value)}\n" for tag, value in lines if value)


def _author(author: Author) -> str:
    """A comma at the end tells EndNote that the name is not to be taken apart."""
    return author.inverted if author.given else f"{author.family},"
