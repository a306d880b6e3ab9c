"""Meta tags in Highwire's manner, from which Google Scholar and Zotero read a paper's page."""

from __future__ import annotations

from papers.formats.citation import Citation, Kind, one_line, page_range
from papers.formats.of_paper import citation_of
from papers.models import Paper


def tags(paper: Paper, base_url: str = "", pdf_path: str = "") -> list[tuple[str, str]]:
    """Pairs (name, content) for <meta>, in the order in which readers want them.

    The type of the work is told by the container, because Zotero derives the item type from it; the
    title of the proceedings stands before the name of the conference, which decides. One
    citation_author a printed author, "Last, First", in order. `pdf_path`: path of our copy of the
    PDF in the folder of the page, if we serve one.
    """
    citation = citation_of(paper)
    page = base_url + paper.get_absolute_url()
    pairs = [("citation_title", citation.title)]
    pairs += [("citation_author", author.inverted) for author in citation.authors]
    pairs += [
        ("citation_publication_date", _date(citation)),
        *_type_selectors(citation),
        ("citation_technical_report_number", _report_number(citation)),
        *_place(citation),
        ("citation_doi", paper.doi or ""),
        ("citation_arxiv_id", citation.arxiv),
        ("citation_abstract", citation.abstract),
        ("citation_keywords", "; ".join(citation.keywords)),
        ("citation_language", "en"),
        ("citation_pdf_url", base_url + pdf_path if pdf_path else ""),
        ("citation_abstract_html_url", page),
        ("citation_public_url", page),
    ]
    return [(name, one_line(content)) for name, content in pairs if content]


def _type_selectors(citation: Citation) -> list[tuple[str, str]]:
    if citation.kind is Kind.JOURNAL:
        return [("citation_journal_title", citation.container)]
    if citation.kind is Kind.CONFERENCE:
        names = ("citation_inbook_title", "citation_conference_title")
        return [(name, citation.container) for name in names]
    return [("citation_technical_report_institution", _institution(citation))]


def _date(citation: Citation) -> str:
    """Year and, where it is known, month, as Google Scholar asks: 2019/06."""
    return f"{citation.year}/{citation.month:02}" if citation.month else str(citation.year)


def _place(citation: Citation) -> list[tuple[str, str]]:
    first, _, last = page_range(citation.pages).partition("-")
    return [
        ("citation_volume", citation.volume),
        ("citation_issue", citation.issue),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_publisher", citation.publisher),
    ]


def _report_number(citation: Citation) -> str:
    is_preprint = citation.kind is Kind.PREPRINT and citation.arxiv
    return f"arXiv:{citation.arxiv}" if is_preprint else ""


def _institution(citation: Citation) -> str:
    """arXiv for preprints; for reports the group that signed it, if a group did."""
    if citation.kind is Kind.PREPRINT:
        return "arXiv"
    groups = [author.family for author in citation.authors if not author.given]
    return groups[0] if groups else "Published on the web"
