"""Everything the first page of a paper says about it, with a confidence for each field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from papers.pdf.abstract import find_abstract
from papers.pdf.authors import find_authors
from papers.pdf.document import Document
from papers.pdf.extraction import Extraction
from papers.pdf.front_block import FrontBlock, front_block
from papers.pdf.headings import REFERENCES, find_captions, find_sections
from papers.pdf.identifiers_in_text import OwnDoi, find_arxiv, find_own_doi, years_by_evidence
from papers.pdf.layout import Page
from papers.pdf.reading_order import join_words
from papers.pdf.text_cleaning import clean_text
from papers.pdf.title import Title, find_title

_VENUE = re.compile(
    r"(proceedings|conference|workshop|symposium|journal|transactions|published (as|in)|advances in"
    r"|accepted (at|to|by|in)|annual meeting|letters|preprint|arxiv:|under review|magazine"
    r"|international|volume \d|vol\. ?\d)",
    re.I,
)
_PUBLISHED = re.compile(r"(first )?published", re.I)
_CITES = re.compile(r"\bet al\b|\[\d+\]|\(\w+, \d{4}\)|pp\.|->|\u201c")


@dataclass
class Declared:
    """What the file's own metadata says. Often absent, sometimes a template's: a witness."""

    title: str = ""
    authors: str = ""
    doi: str = ""
    arxiv: str = ""
    year: int | None = None
    extra: list[str] = field(default_factory=list)


def read_header(document: Document, declared: Declared) -> Extraction:
    """Title, authors, abstract, year, venue, identifiers, sections and captions."""
    result = Extraction()
    if not document.lines:
        return result
    title = find_title(document, declared.title)
    abstract = find_abstract(document, title.lines[-1] if title else None)
    front = FrontBlock()
    if title is not None:
        result.title = title.text[:1000]
        result.confidence["title"] = title.confidence
        front = front_block(document, title)
        block = find_authors(front.rows, declared.authors)
        result.warnings += block.doubts
        result.authors = block.authors[:2000]
        result.confidence["authors"] = block.confidence
    if abstract is not None:
        result.abstract = abstract.text[:20_000]
        result.confidence["abstract"] = abstract.confidence
    _identify(result, document, declared, title, front)
    _date(result, document, declared, title)
    taken = {id(line) for line in (title.lines if title else [])}
    taken |= {id(line) for line in front.lines}
    result.sections = find_sections(document, taken)
    result.captions = find_captions(document)
    return result


def _identify(
    result: Extraction,
    document: Document,
    declared: Declared,
    title: Title | None,
    front: FrontBlock,
) -> None:
    """The paper's own DOI and arXiv id: stamp, running heads, around the title, metadata."""
    stamp = _sideways_text(document.pages[document.lines[0].page])
    margin = [line.text for line in document.margin]
    heads = [line.text for line in document.heads]
    around = _around_title(document, title)
    around += [line.text for line in front.lines]
    cover = [line.text for line in document.cover]
    own = find_own_doi("\n".join([*margin, *heads, *around, stamp, *cover]))
    # The file's own data are filled in by publishers, and copied by templates.
    if own.confidence < 0.8 and declared.doi:
        own = OwnDoi(declared.doi, 0.8)
    result.doi, result.confidence["doi"] = own.doi, own.confidence
    printed = find_arxiv(stamp) or find_arxiv("\n".join([*heads, *around]))
    from_doi = result.doi.removeprefix("10.48550/arxiv.")
    result.arxiv = printed or declared.arxiv or (from_doi if from_doi != result.doi else "")
    result.confidence["arxiv"] = 0.95 if result.arxiv else 0.0


def _sideways_text(page: Page) -> str:
    return clean_text(join_words(page.sideways[:400]))


def _date(result: Extraction, document: Document, declared: Declared, title: Title | None) -> None:
    """Year and venue line, from running heads, margins and what surrounds the title."""
    first_number = document.lines[0].page
    margin = [line.text for line in document.margin if line.page <= first_number + 1]
    labelled = [f"{label} {value}" for label, value in pairwise(margin)]
    heads = [line.text for line in document.heads if line.page <= first_number + 1]
    around = _around_title(document, title)
    stamp = _sideways_text(document.pages[first_number])
    venues = [text for text in (*heads, *around, stamp) if _VENUE.search(text) and len(text) < 250]
    if venues:
        result.venue = max(venues, key=lambda text: len(_VENUE.findall(text)))[:300]
        result.confidence["venue"] = 0.6
    dated = [text for text in labelled if _PUBLISHED.match(text)]
    years = years_by_evidence([*dated, *margin, *heads, stamp, *around])
    if years:
        result.year, result.confidence["year"] = years[0]
    if declared.year and result.confidence.get("year", 0.0) < 0.6:
        agreed = result.year == declared.year
        result.year, result.confidence["year"] = declared.year, 0.7 if agreed else 0.5


def _around_title(document: Document, title: Title | None) -> list[str]:
    """First-page lines above the title, and small type at its foot: never running text."""
    first = document.first_page
    listed = (i for i, line in enumerate(first) if REFERENCES.fullmatch(line.text))
    first = first[: next(listed, len(first))]
    start = first.index(title.lines[0]) if title and title.lines[0] in first else 0
    above = [line.text for line in first[:start]]
    # Affiliations and notes are set at least half a point smaller than text.
    small = document.body_size - 0.4
    foot = [line.text for line in first[start:] if line.size < small or line is first[-1]]
    return above + [text for text in foot if not _CITES.search(text)]
