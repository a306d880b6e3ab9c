"""What one source says of one work, before anybody compared it with the record. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from papers import identifiers
from papers.formats.citation import Citation, in_reading_order
from papers.names import tidy
from papers.pdf.extraction import Extraction
from papers.pdf.text_cleaning import clean_text

LONGEST = {"title": 500, "abstract": 20_000, "venue": 200, "url": 500, "name": 200, "place": 300}
MOST_AUTHORS = 5_000
IDENTIFIERS = {"arxiv": 20, "doi": 200, "openreview": 40, "acl": 40}
"""Names of the identifiers, and how long each may be."""


LIST_GOES_ON = "The list of authors goes on (“and others”)."


@dataclass(frozen=True)
class Candidate:
    """A work as a source describes it. Empty strings and None stand for "does not say".

    origin: kind of source ("pdf", "arxiv", "crossref", …); source: which one, for the record.
    confidence: 0 to 1 by field, of what a machine read off a page; fields without are certain.
    affiliations: as long as `authors`, or empty. and_others: the source names the first authors
    only. warnings: what a reader of it should look at.
    """

    title: str
    origin: str
    source: str
    authors: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    and_others: bool = False
    abstract: str = ""
    year: int | None = None
    venue: str = ""
    arxiv: str = ""
    doi: str = ""
    openreview: str = ""
    acl: str = ""
    url: str = ""
    confidence: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def sure_of(self, name: str) -> float:
        """Confidence in a field, 1 where the source states it outright."""
        return self.confidence.get(name, 0.0 if self.origin == "pdf" else 1.0)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {
            "authors": list(self.authors),
            "affiliations": list(self.affiliations),
            "warnings": list(self.warnings),
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Candidate:
        """The inverse of to_json."""
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        known["authors"] = tuple(known.get("authors", ()))
        known["affiliations"] = tuple(known.get("affiliations", ()))
        known["warnings"] = tuple(known.get("warnings", ()))
        return cls(**known)

    def cleaned(self) -> Candidate:
        """Without what must not be stored, each field within its length, identifiers in one form.

        A DOI that arXiv gave becomes the arXiv id; an identifier of wrong shape is dropped.
        """
        named = [(_line(name, "name"), place) for name, place in self._authors()]
        named = [(name, place) for name, place in named if name][:MOST_AUTHORS]
        ids = _identifiers(self)
        return replace(
            self,
            title=_line(self.title, "title"),
            abstract=_line(self.abstract, "abstract"),
            venue=_line(self.venue, "venue"),
            url=_line(self.url, "url") if self.url.startswith(("https://", "http://")) else "",
            year=self.year if self.year and 1900 <= self.year <= 2100 else None,
            authors=tuple(in_reading_order([name for name, _ in named])),
            affiliations=tuple(_line(place, "place") for _, place in named),
            **ids,  # type: ignore[arg-type]  # four text fields by name
        )

    def _authors(self) -> list[tuple[str, str]]:
        places = self.affiliations or ("",) * len(self.authors)
        return list(zip(self.authors, places, strict=True))


def _line(text: str, kind: str) -> str:
    return tidy(clean_text(text))[: LONGEST[kind]].strip()


def _identifiers(candidate: Candidate) -> dict[str, str]:
    ids = dict.fromkeys(IDENTIFIERS, "")
    readers = {
        "arxiv": identifiers.arxiv,
        "doi": identifiers.doi,
        "openreview": identifiers.openreview,
        "acl": identifiers.acl,
    }
    for name in ("doi", "arxiv", "openreview", "acl"):
        value = clean_text(getattr(candidate, name)).strip()
        known = readers[name](value) if value else None
        if known and len(known.value) <= IDENTIFIERS[known.scheme.value]:
            ids[known.scheme.value] = known.value
    return ids


def from_extraction(extraction: Extraction, sha256: str) -> Candidate:
    """What a PDF prints of itself."""
    return Candidate(
        title=extraction.title,
        origin="pdf",
        source=f"PDF {sha256[:12]}",
        authors=tuple(author.name for author in extraction.authors),
        affiliations=tuple("; ".join(author.affiliations) for author in extraction.authors),
        abstract=extraction.abstract,
        year=extraction.year,
        venue=extraction.venue,
        arxiv=extraction.arxiv,
        doi=extraction.doi,
        confidence=dict(extraction.confidence),
    ).cleaned()


def from_citation(citation: Citation, origin: str, source: str) -> Candidate:
    """What an entry of a bibliography says."""
    return Candidate(
        title=citation.title,
        origin=origin,
        source=source,
        authors=tuple(str(author) for author in citation.authors),
        and_others=citation.and_others,
        abstract=citation.abstract,
        year=citation.year,
        venue=citation.container,
        arxiv=citation.arxiv,
        doi=citation.doi,
        openreview=citation.openreview,
        acl=citation.acl,
        url=citation.url,
        warnings=tuple(_warnings(citation)),
    ).cleaned()


def _warnings(citation: Citation) -> Iterator[str]:
    for author in citation.authors:
        if author.namesake:
            yield f"“{author}” has namesakes: the source tells this one apart as {author.namesake}."
    if citation.and_others:
        yield LIST_GOES_ON
    if not citation.authors:
        yield "No authors are given."
    if citation.year is None:
        yield "No year is given."
