"""Crossref: metadata by DOI. Few requests, one at a time, with a contact where one is set."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import quote

from papers.importers.fetching import NotThere, Source, SourceProblem, get
from papers.ingest.candidate import Candidate

SOURCE = Source("Crossref", ("api.crossref.org",), spacing_seconds=0.2)
_TAG = re.compile(r"<[^>]+>")
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|sec|title|list|list-item)\b[^>]*>", re.IGNORECASE)
_HEADING = re.compile(r"^\s*abstract\b[:.\s]*", re.IGNORECASE)
_ACL_PREFIX = "10.18653/v1/"


def fetch(doi: str) -> Candidate:
    """What Crossref says of a DOI. Raises NotThere, SourceProblem."""
    address = f"https://api.crossref.org/works/{quote(doi, safe='')}"
    try:
        return parse(get(SOURCE, address, accept="application/json"))
    except NotThere as absent:
        raise NotThere(
            SOURCE, f"does not know the DOI {doi}; it may be registered elsewhere."
        ) from absent


def doi_of_acl(acl: str) -> str:
    """The DOI under which the ACL Anthology registers a paper."""
    return f"{_ACL_PREFIX}{acl}".lower()


def parse(body: bytes) -> Candidate:
    """The work of a JSON answer. Raises SourceProblem when it is none."""
    try:
        return of_work(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise SourceProblem(SOURCE, "answered with something that is not a work.") from problem


def of_work(work: dict[str, Any]) -> Candidate:
    """What a record of Crossref says. Raises SourceProblem when it has no title."""
    title = _first(work.get("title"))
    doi = str(work.get("DOI", ""))
    if not title:
        raise SourceProblem(SOURCE, f"knows the DOI {doi} but no title.")
    subtitle = _first(work.get("subtitle"))
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    authors = [entry for entry in work.get("author") or [] if isinstance(entry, dict)]
    return Candidate(
        title=_plain(title),
        origin="crossref",
        source=f"Crossref {doi}",
        authors=tuple(_name(author) for author in authors),
        affiliations=tuple(_places(author) for author in authors),
        abstract=_HEADING.sub("", _plain(str(work.get("abstract") or ""))),
        year=_year(work),
        venue=_plain(_first(work.get("container-title"))),
        doi=doi,
        acl=doi.lower().removeprefix(_ACL_PREFIX) if doi.lower().startswith(_ACL_PREFIX) else "",
        url=f"https://doi.org/{quote(doi, safe='/:;()._-')}",
    ).cleaned()


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""


def _plain(text: str) -> str:
    """Text of JATS or HTML: blocks part words, other tags do not."""
    return " ".join(html.unescape(_TAG.sub("", _BLOCK.sub(" ", text))).split())


def _name(author: dict[str, Any]) -> str:
    parts = [author.get("given"), author.get("family"), author.get("suffix")]
    return _plain(" ".join(str(part) for part in parts if part) or str(author.get("name", "")))


def _places(author: dict[str, Any]) -> str:
    places = author.get("affiliation") or []
    named = [str(place.get("name", "")) for place in places if isinstance(place, dict)]
    return "; ".join(_plain(name) for name in named if name)


def _year(work: dict[str, Any]) -> int | None:
    """Of the first printed or online appearance that has a date."""
    for kind in ("published-print", "issued", "published-online", "created"):
        try:
            year = int(work[kind]["date-parts"][0][0])
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        return year
    return None
