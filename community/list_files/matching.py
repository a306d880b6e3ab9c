"""Entries of a list beside the papers that are here, by the one rule of identity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from community.list_files.conflicts import identifiers_of, is_in_conflict
from community.list_files.shapes import Entry
from papers.identifiers import Scheme
from papers.ingest.candidate import Candidate
from papers.ingest.match import known_venues, work_in
from papers.models import Paper, Venue
from papers.same_work import find_same_of
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


def matched(entries: Iterable[Entry], papers: QuerySet[Paper] | None = None) -> Iterator[Matched]:
    """Each entry with the paper that it names, among `papers` (without them: among all).

    Reads the record, writes nothing. A fixed number of queries.
    """
    entries = list(entries)
    wanted = Paper.objects.all() if papers is None else papers
    among = Paper.objects.filter(Q(pk__in=wanted) | Q(merged_into__in=wanted))
    matches = find_same_of([work_in(candidate_of(entry)) for entry in entries], among)
    pks = {match.paper.pk for match in matches if match}
    known = {paper.pk: paper for paper in wanted.select_related("venue").filter(pk__in=pks)}
    venue_of = known_venues()
    for entry, match in zip(entries, matches, strict=True):
        warnings = list(entry.warnings)
        if is_in_conflict(entry):
            yield Matched(entry, "conflict", None, tuple(warnings))
            continue
        if match is None or match.paper.pk not in known:
            yield Matched(entry, "new", None, tuple(warnings))
            continue
        paper = known[match.paper.pk]
        warnings += _differences(entry, paper, venue_of)
        if match.is_sure:
            yield Matched(entry, "here", paper, tuple(warnings))
        else:
            warnings.append(f"may be {paper.key}: {match.by}")
            yield Matched(entry, "ask", paper, tuple(warnings))


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


def _differences(
    entry: Entry, paper: Paper, venue_of: Callable[[str], Venue | None]
) -> Iterator[str]:
    """Where and when the list says that a paper appeared, beside what the record says."""
    venue = venue_of(entry.venue) if not is_unpublished(entry.venue) else None
    here = paper.venue
    if venue and here and venue.pk != here.pk and "preprint" not in (venue.kind, here.kind):
        yield f"the list says {venue.name} {entry.year or ''}".strip() + (
            f", the paper here says {here.name} {paper.year or ''}".rstrip()
        )
    elif entry.year and paper.year and abs(entry.year - paper.year) > 1:
        yield f"the list says {entry.year}, the paper here says {paper.year}"
