"""Zotero: the works of a public library or collection, through its API, version 3.

Pages are followed by their `Link` headers; `Backoff` and `Retry-After` are heeded by everybody here
who asks Zotero. Nothing is asked with a key, so only what its owner made public can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from papers.formats import csl
from papers.importers import fetching
from papers.importers.fetching import Source, SourceProblem
from papers.importers.pasted import MOST_WORKS, Pasted
from papers.ingest.candidate import from_citation

HOST = "api.zotero.org"
SOURCE = Source("Zotero", (HOST,), spacing_seconds=1.0)
A_PAGE = 100  # the most that Zotero gives at once
MOST_PAGES = 2 * MOST_WORKS // A_PAGE
_GROUP = re.compile(r"^/groups/(\d{1,12})(?:/|$)")
_USER = re.compile(r"^/users/(\d{1,12})(?:/|$)")
_COLLECTION = re.compile(r"/collections/([A-Z0-9]{8})(?:/|$)")
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
_NAMED_USER = (
    "Zotero tells nobody whose number belongs to the name in this address. Give it as"
    " https://api.zotero.org/users/<number>, with the number that zotero.org/settings/keys shows."
)


@dataclass(frozen=True)
class Library:
    """A library of a group or a member, or one collection of it; `problem` where it is neither."""

    owner: str = ""
    collection: str = ""
    problem: str = ""

    @property
    def address(self) -> str:
        """Where the API gives the first page of its works, children left out."""
        inside = f"/collections/{self.collection}" if self.collection else ""
        query = urlencode(
            [
                ("format", "csljson"),
                ("limit", A_PAGE),
                ("v", 3),
                ("itemType", "-attachment"),
                ("itemType", "-note"),
                ("sort", "dateAdded"),
            ]
        )
        return f"https://{HOST}/{self.owner}{inside}/items/top?{query}"


def recognise(text: str) -> Library | None:
    """The library that a lone address names; None for every other text."""
    text = text.strip()
    if any(sign.isspace() for sign in text) or len(text) > 500:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    if parts.hostname not in ("www.zotero.org", "zotero.org", HOST):
        return None
    in_address = _COLLECTION.search(parts.path)
    collection = in_address[1] if in_address else ""
    for kind, pattern in (("groups", _GROUP), ("users", _USER)):
        if match := pattern.match(parts.path):
            return Library(f"{kind}/{match[1]}", collection)
    return Library(problem=_NAMED_USER)


def read(library: Library) -> Pasted:
    """Its works, at most MOST_WORKS; what could not be read is told in `problems`.

    What came before a page that failed is kept.
    """
    pasted = Pasted(problems=[library.problem] if library.problem else [])
    address = "" if library.problem else library.address
    for _ in range(MOST_PAGES):
        if not address:
            break
        try:
            answer = fetching.get_answer(SOURCE, address, accept="application/json")
        except fetching.NotThere:
            pasted.problems.append("Zotero knows no such library or collection.")
            break
        except SourceProblem as problem:
            pasted.problems.append(_said(problem))
            break
        _take(answer.body, library, pasted)
        address = following(answer.headers.get("link", ""))
        if len(pasted.candidates) >= MOST_WORKS:
            del pasted.candidates[MOST_WORKS:]
            notice = f"Only the first {MOST_WORKS} works were taken; give one collection."
            pasted.problems.append(notice)
            break
    if not pasted.candidates and not pasted.problems:
        pasted.problems.append("There are no works in this library or collection.")
    return pasted


def following(link: str) -> str:
    """The next page in a `Link` header, "" at the end or where it leads elsewhere."""
    match = _NEXT.search(link)
    if not match:
        return ""
    parts = urlsplit(match[1])
    start = parse_qs(parts.query).get("start", [""])[0]
    return match[1] if parts.hostname == HOST and start.isdigit() else ""


def _take(body: bytes, library: Library, pasted: Pasted) -> None:
    reading = csl.read(body.decode("utf-8", "replace"))
    for citation in reading.citations:
        source = f"Zotero {library.owner} {citation.key.rpartition('/')[2]}"
        candidate = from_citation(citation, "csl", source[:120])
        if candidate.title:
            pasted.candidates.append(candidate)
    pasted.problems += [str(problem) for problem in reading.problems]


def _said(problem: SourceProblem) -> str:
    if "(403)" in str(problem):
        return "This library is not public: its owner can change that in Zotero's privacy settings."
    return str(problem)
