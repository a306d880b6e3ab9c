"""COinS: the OpenURL by which Zotero finds the papers of a list page."""

from __future__ import annotations

from urllib.parse import quote_plus

from papers.formats.citation import Citation, Kind, page_range
from papers.formats.of_paper import citation_of
from papers.models import Paper

_GENRE = {Kind.JOURNAL: "article", Kind.CONFERENCE: "proceeding", Kind.PREPRINT: "preprint"}


def title_attribute(paper: Paper, base_url: str = "") -> str:
    """Value for <span class="Z3988" title="…">; the template must still escape it for HTML."""
    citation = citation_of(paper)
    is_in_book = citation.kind is Kind.CONFERENCE
    first, _, last = page_range(citation.pages).partition("-")
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if is_in_book else 'journal'}"),
        ("rfr_id", f"info:sid/{base_url.split('://')[-1]}"),
        ("rft.genre", _GENRE.get(citation.kind, "unknown")),
        ("rft.atitle", citation.title),
        ("rft.btitle" if is_in_book else "rft.jtitle", citation.container),
        ("rft.date", f"{paper.year}-{citation.month:02}" if citation.month else str(paper.year)),
        ("rft.volume", citation.volume),
        ("rft.issue", citation.issue),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.pub" if is_in_book else "", citation.publisher),
        *_names(citation),
        ("rft_id", f"info:doi/{paper.doi}" if paper.doi else ""),
        ("rft_id", f"info:arxiv/{citation.arxiv}" if citation.arxiv else ""),
        ("rft_id", base_url + paper.get_absolute_url()),
    ]
    return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs if name and value)


def _names(citation: Citation) -> list[tuple[str, str]]:
    if not citation.authors:
        return []
    first, *others = citation.authors
    pairs = [("rft.aulast", first.family), ("rft.aufirst", first.given)]
    if not first.given:
        pairs = [("rft.aucorp", first.family)]
    return pairs + [("rft.au", author.inverted) for author in others]
