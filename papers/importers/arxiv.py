"""arXiv: metadata by id, through its Atom API. One request in three seconds, as its terms ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from papers import identifiers
from papers.formats.markup import from_any
from papers.importers.fetching import Source, SourceProblem, get
from papers.ingest.candidate import Candidate

SOURCE = Source("arXiv", ("export.arxiv.org",), spacing_seconds=3.0)
AT_ONCE = 100
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_VERSION = re.compile(r"v\d+$")


def fetch(ids: Sequence[str]) -> dict[str, Candidate]:
    """What arXiv says of these ids (without version), by id; those it does not know are absent.

    Raises SourceProblem.
    """
    candidates: dict[str, Candidate] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        query = urlencode({"id_list": ",".join(part), "max_results": len(part)}, safe="/,")
        body = get(SOURCE, f"https://export.arxiv.org/api/query?{query}")
        candidates |= {candidate.arxiv: candidate for candidate in parse(body)}
    return {name: candidates[name] for name in ids if name in candidates}


def parse(body: bytes) -> list[Candidate]:
    """The works of an Atom answer. Raises SourceProblem when it is none."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise SourceProblem(SOURCE, "answered with something else than its feed.")
    try:
        feed = ET.fromstring(body)  # noqa: S314 (no document type, so no entities)
    except ET.ParseError as problem:
        raise SourceProblem(SOURCE, "answered with something else than its feed.") from problem
    entries = [of_entry(entry) for entry in feed.iter(f"{_ATOM}entry")]
    return [entry for entry in entries if entry is not None]


def of_entry(entry: ET.Element) -> Candidate | None:
    """The work of an entry of the feed; None for the one that arXiv sends instead of an error."""
    address = _text(entry, f"{_ATOM}id")
    known = identifiers.arxiv(_VERSION.sub("", address.rpartition("/abs/")[2]))
    if known is None:
        return None
    authors = [
        author
        for author in entry.findall(f"{_ATOM}author")
        if _text(author, f"{_ATOM}name").strip(" :.,")  # collaborations are followed by ":"
    ]
    return Candidate(
        title=from_any(_text(entry, f"{_ATOM}title")),
        origin="arxiv",
        source=f"arXiv {known.value}",
        authors=tuple(from_any(_text(author, f"{_ATOM}name")) for author in authors),
        affiliations=tuple(_text(author, f"{_ARXIV}affiliation") for author in authors),
        abstract=from_any(_text(entry, f"{_ATOM}summary")),
        year=_year(_text(entry, f"{_ATOM}published")),
        venue=_text(entry, f"{_ARXIV}journal_ref") or "arXiv",
        arxiv=known.value,
        doi=_text(entry, f"{_ARXIV}doi"),
        url=f"https://arxiv.org/abs/{known.value}",
    ).cleaned()


def _text(parent: ET.Element, tag: str) -> str:
    return " ".join((parent.findtext(tag) or "").split())


def _year(date: str) -> int | None:
    return int(date[:4]) if date[:4].isdigit() else None
