"""Writing what a source says of a work: a new paper, or gaps filled in one that is here.

What the record says already is never overwritten: a difference becomes a Conflict for a curator.
Recording the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.ingest.match import (
    SAME_AS,
    SURE_ENOUGH,
    Comparison,
    Verdict,
    compare,
    find_match,
    known_venue,
)
from papers.ingest.paper_keys import free_key
from papers.models import (
    Authorship,
    Conflict,
    Document,
    FieldSource,
    Paper,
)
from papers.models.paper import AUTHORS_INCOMPLETE
from papers.names import fold, tidy
from papers.persons import Spellings
from papers.same_work import Match
from papers.versions import arxiv_year, refresh_versions

SURE = 0.8
"""Fields that a machine read with less confidence are shown as unconfirmed."""
_LOCK = 0x7061706572  # one writer of works at a time: the same work may come twice at once


@dataclass
class Recorded:
    """What came of it. `filled` and `conflicts` name fields."""

    paper: Paper
    is_new: bool
    matched_by: str = ""
    filled: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    may_be: Paper | None = None
    """A paper here that may be the same work; a curator is asked."""


def record(
    candidate: Candidate,
    *,
    document: Document | None = None,
    take: Collection[str] = (),
    newest_reference: int | None = None,
    is_same: bool = False,
    into: Paper | None = None,
    is_another: bool = False,
) -> Recorded:
    """Bring what `candidate` says into the base, in the caller's transaction or its own.

    take: fields in which the source wins over the record; the caller has asked a curator.
    newest_reference: latest year among the references, a last resort for the year of a new paper.
    is_same: where it is doubtful that a paper here is the same work, somebody said that it is;
    otherwise a new paper is made, and a curator is asked whether to merge the two.
    into, is_another: a curator said that it is this paper, or that it is none that is here.
    """
    with transaction.atomic():
        one_writer()
        if into is not None:
            return _enrich(into, "a curator", candidate, document, take)
        match = find_match(candidate)
        if match is None or is_another or not (match.is_sure or is_same):
            recorded = _create(candidate, document, newest_reference)
            if match is not None and not is_another:
                _ask_whether_same(recorded, match, candidate, document)
            return recorded
        return _enrich(match.paper, match.by, candidate, document, take)


def one_writer() -> None:
    """Wait until no other process writes works; until the transaction ends none will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _ask_whether_same(
    recorded: Recorded, match: Match, candidate: Candidate, document: Document | None
) -> None:
    """Leave a question on the new paper: accepting it merges the paper into the older one."""
    row = Comparison(SAME_AS, "", match.paper.key, Verdict.DIFFERS, 1.0, match.by)
    note_conflicts(recorded.paper, [row], candidate, document)
    recorded.may_be = match.paper


def _create(
    candidate: Candidate, document: Document | None, newest_reference: int | None
) -> Recorded:
    year, doubt = _year(candidate, newest_reference)
    venue = known_venue(candidate.venue)
    paper = Paper(
        key=free_key(candidate.title, candidate.authors, year),
        title=candidate.title,
        year=year,
        venue=venue,
        venue_line="" if venue else candidate.venue,
        abstract=candidate.abstract,
        sources=[candidate.source],
    )
    taken = []
    for row in compare(candidate, None):
        if row.field in IDENTIFIERS and row.verdict == Verdict.FILLS:
            setattr(paper, row.field, row.there)
        elif row.verdict == Verdict.DIFFERS:
            taken.append(row)
    paper.unconfirmed = _unconfirmed(candidate, paper, doubt)
    paper.save()
    write_authors(paper, candidate.authors, candidate.affiliations)
    refresh_versions(paper)
    recorded = Recorded(paper, is_new=True, filled=_given(candidate, paper))
    _note_sources(paper, recorded.filled, candidate, document)
    recorded.conflicts = note_conflicts(paper, taken, candidate, document)
    return recorded


def _year(candidate: Candidate, newest_reference: int | None) -> tuple[int, str]:
    """The year, and what to say of it when nothing printed it."""
    if candidate.year:
        return candidate.year, ""
    if candidate.arxiv:
        return arxiv_year(candidate.arxiv), ""
    if newest_reference:
        return newest_reference, "year (that of the newest reference)"
    return timezone.now().year, "year (that of its arrival here)"


def _unconfirmed(candidate: Candidate, paper: Paper, doubt: str) -> list[str]:
    unsure = [
        name
        for name in ("title", "authors", "year", "abstract", "arxiv", "doi")
        if getattr(candidate, name) and candidate.sure_of(name) < SURE
    ]
    if paper.venue and candidate.sure_of("venue") < SURE:
        unsure.append("venue")
    if not candidate.authors:
        unsure.append("authors")
    elif candidate.and_others:
        unsure = [AUTHORS_INCOMPLETE, *(name for name in unsure if name != "authors")]
    return unsure + ([doubt] if doubt else [])


def _given(candidate: Candidate, paper: Paper) -> list[str]:
    """Fields of a new paper that the source gave."""
    names = ["title", "authors", "year", "abstract"]
    fields = [name for name in names if getattr(candidate, name)]
    fields += [name for name in IDENTIFIERS if getattr(paper, name)]
    return fields + (["venue"] if paper.venue else [])


def _enrich(
    paper: Paper,
    matched_by: str,
    candidate: Candidate,
    document: Document | None,
    take: Collection[str],
) -> Recorded:
    recorded = Recorded(paper, is_new=False, matched_by=matched_by)
    if paper.state == Paper.State.WITHDRAWN:
        return recorded
    rows = compare(candidate, paper)
    wins = {Verdict.FILLS}
    writes = [
        r for r in rows if r.verdict in wins or (r.verdict == Verdict.DIFFERS and r.field in take)
    ]
    writes = [row for row in writes if not row.note]
    for row in writes:
        set_field(paper, row.field, row.there)
    recorded.filled = [row.field for row in writes]
    confirmed = _confirm(paper, rows, candidate)
    differing = [r for r in rows if r.verdict == Verdict.DIFFERS and r not in writes]
    recorded.conflicts = note_conflicts(paper, differing, candidate, document)
    recorded.filled += _fill_affiliations(paper, candidate)
    if recorded.filled or confirmed:
        if candidate.source not in paper.sources:
            paper.sources = [*paper.sources, candidate.source]
        paper.save()
        refresh_versions(paper)
    _note_sources(paper, [r.field for r in writes], candidate, document)
    return recorded


def _confirm(paper: Paper, rows: Iterable[Comparison], candidate: Candidate) -> bool:
    """Take away doubts about what the source prints just so. Returns whether there were any."""
    sure = {r.field for r in rows if r.verdict == Verdict.SAME and r.confidence >= SURE}
    spelt = [
        [fold(n) for n in names]
        for r in rows
        if r.field == "authors"
        for names in (r.here, r.there)
    ]
    if candidate.and_others or (spelt and spelt[0] != spelt[1]):
        sure.discard("authors")
    is_whole = any(r.field == "authors" and r.verdict == Verdict.FILLS for r in rows)
    left = [
        doubt
        for doubt in paper.unconfirmed
        if doubt.split(" ")[0] not in sure and not (is_whole and doubt == AUTHORS_INCOMPLETE)
    ]
    if left == paper.unconfirmed:
        return False
    paper.unconfirmed = left
    return True


def _fill_affiliations(paper: Paper, candidate: Candidate) -> list[str]:
    """Affiliations for authors that have none, where both lists agree name by name."""
    rows = list(paper.authorships.all())
    if [fold(row.printed_name) for row in rows] != [fold(name) for name in candidate.authors]:
        return []
    changed = []
    for row, place in zip(rows, candidate.affiliations or [""] * len(rows), strict=True):
        if place and not row.affiliation:
            row.affiliation = place
            changed.append(row)
    Authorship.objects.bulk_update(changed, ["affiliation"])
    return ["affiliations"] if changed else []


def set_field(paper: Paper, name: str, value: Any) -> None:
    """Write one field in the form that Comparison gives it; the caller saves the paper."""
    if name == "authors":
        write_authors(paper, value)
    elif name == "venue":
        paper.venue = known_venue(value)
    elif name in IDENTIFIERS:
        setattr(paper, name, value or None)
    else:
        setattr(paper, name, value)


def write_authors(paper: Paper, names: Iterable[str], affiliations: Collection[str] = ()) -> None:
    """The paper's author list, anew; each spelling leads to one person, found or made."""
    printed = [tidy(name) for name in names]
    places = list(affiliations) or [""] * len(printed)
    spellings = Spellings()
    spellings.learn(printed)
    paper.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(
            paper=paper,
            position=position,
            printed_name=name,
            person_id=spellings.person_id(name),
            affiliation=places[position],
        )
        for position, name in enumerate(printed)
    )


def _note_sources(
    paper: Paper, fields: Iterable[str], candidate: Candidate, document: Document | None
) -> None:
    FieldSource.objects.bulk_create(
        (
            FieldSource(
                paper=paper,
                field=name,
                source=candidate.source[:120],
                confidence=round(candidate.sure_of(name), 3),
                document=document,
            )
            for name in fields
        ),
        ignore_conflicts=True,
    )


def note_conflicts(
    paper: Paper, rows: Iterable[Comparison], candidate: Candidate, document: Document | None
) -> list[str]:
    """Proposals for a curator; one that was made before, whatever came of it, is not repeated."""
    rows = [r for r in rows if r.note or not r.here or r.confidence >= SURE_ENOUGH]
    made = [
        Conflict(
            paper=paper,
            field=row.field,
            here=row.here,
            there=row.there,
            source=candidate.source[:120],
            confidence=row.confidence,
            note=row.note[:300],
            document=document,
            fingerprint=row.fingerprint,
        )
        for row in rows
    ]
    Conflict.objects.bulk_create(made, ignore_conflicts=True)
    return [row.field for row in rows]
