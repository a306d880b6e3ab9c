"""Entries of a list beside the papers that are here, by the one rule of identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from community.list_files.conflicts import identifiers_of, is_in_conflict
from community.list_files.shapes import Entry
from papers.identifiers import Scheme
from papers.ingest.candidate import Candidate
from papers.ingest.match import find_match, known_venue
from papers.models import Paper
from papers.venue_lines import is_unpublished

_FIELDS = {
    Scheme.ARXIV: "arxiv",
    Scheme.DOI: "doi",
    Scheme.OPENREVIEW: "openreview",
    Scheme.ACL: "acl",
}


@dataclass(frozen=True)
class Matched:
    """status: "here", "new", "ask" (may be `paper`), or "conflict" (two titles, one address)."""

    entry: Entry
    status: str
    paper: Paper | None = None
    warnings: tuple[str, ...] = ()


def matched(entries: Iterable[Entry]) -> Iterator[Matched]:
    """Each entry with the paper that it names. Reads the record, writes nothing."""
    for entry in entries:
        warnings = list(entry.warnings)
        match = find_match(candidate_of(entry))
        if is_in_conflict(entry):
            yield Matched(entry, "conflict", None, tuple(warnings))
            continue
        if match is None:
            yield Matched(entry, "new", None, tuple(warnings))
            continue
        warnings += _differences(entry, match.paper)
        if match.is_sure:
            yield Matched(entry, "here", match.paper, tuple(warnings))
        else:
            warnings.append(f"may be {match.paper.key}: {match.by}")
            yield Matched(entry, "ask", match.paper, tuple(warnings))


def candidate_of(entry: Entry) -> Candidate:
    """The work as the list tells of it; the first identifier of each scheme counts."""
    ids: dict[str, str] = {}
    for identifier in identifiers_of(entry):
        ids.setdefault(_FIELDS[identifier.scheme], identifier.value)
    return Candidate(
        title=entry.title,
        origin="list",
        source=f"{entry.file or 'list'}, line {entry.line}",
        authors=entry.authors,
        year=entry.year,
        venue=entry.venue,
        arxiv=ids.get("arxiv", ""),
        doi=ids.get("doi", ""),
        openreview=ids.get("openreview", ""),
        acl=ids.get("acl", ""),
    )


def _differences(entry: Entry, paper: Paper) -> Iterator[str]:
    """Where and when the list says that a paper appeared, beside what the record says."""
    venue = known_venue(entry.venue) if not is_unpublished(entry.venue) else None
    here = paper.venue
    if venue and here and venue.pk != here.pk and "preprint" not in (venue.kind, here.kind):
        yield f"the list says {venue.name} {entry.year or ''}".strip() + (
            f", the paper here says {here.name} {paper.year or ''}".rstrip()
        )
    elif entry.year and paper.year and abs(entry.year - paper.year) > 1:
        yield f"the list says {entry.year}, the paper here says {paper.year}"
