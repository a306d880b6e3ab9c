"""Accepted papers are papers: what a public workshop lists has a record of its own.

Whether a record is here already is asked of the one rule (`papers.same_work`). Where it is in
doubt, a record is made and a curator is asked whether the two are one. A record that only the list
of a workshop speaks for goes with its entry, and comes back with it.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from papers import identifiers
from papers.ingest import trust
from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.ingest.match import find_match
from papers.ingest.record import one_writer, record, write_authors
from papers.models import AcceptedPaper, FixtureRecord, Paper, Workshop, WorkshopPaper
from papers.versions import refresh_versions
from work.tell import tell

FOLLOW_UP = "papers.ingest.follow_up_paper"
_LONGEST_LINE = 200


@transaction.atomic
def follow_list(workshop: Workshop, *, tells: bool = True) -> None:
    """Bring the records to what the workshop's public list of accepted papers says now.

    Entries without authors wait for them: a title alone tells no work. Safe to repeat. tells:
    whether the queue hears of new papers; a command that runs without one embeds them itself.
    """
    listed = workshop.accepted.prefetch_related("authors").select_related("paper")
    entries = [entry for entry in listed if entry.authors.all()] if workshop.is_public else []
    left = WorkshopPaper.objects.filter(paper__accepted_at=None).select_related("workshop", "paper")
    left = left.filter(Q(workshop=workshop) | Q(is_off=False))
    if not entries and not left:
        return
    one_writer()
    alone = [row for row in left if not _is_backed(row)]
    for entry in entries:
        if entry.paper is None:
            _find_or_make(workshop, entry, alone, tells)
    _bring_back({entry.paper_id for entry in entries})
    for row in alone:
        _take_off(row)
    refresh_versions(*{entry.paper for entry in entries if entry.paper})


def _find_or_make(
    workshop: Workshop, entry: AcceptedPaper, alone: list[WorkshopPaper], tells: bool
) -> None:
    """Tie an entry to the paper that it is; a record of this list that was reworded stays one."""
    candidate = candidate_of(workshop, entry)
    match = find_match(candidate)
    if match is not None and match.is_sure:
        paper = match.paper
    elif reworded := next((row for row in alone if _is_reworded(row, entry, candidate)), None):
        alone.remove(reworded)
        paper = _reword(reworded.paper, candidate)
    else:
        paper = _make(workshop, entry, candidate)
        if tells:
            transaction.on_commit(partial(tell, FOLLOW_UP, paper.pk))
            transaction.on_commit(partial(trust.check_again, paper))
    entry.paper = paper
    entry.save(update_fields=["paper"])


def candidate_of(workshop: Workshop, entry: AcceptedPaper) -> Candidate:
    """What the list says of a work. Its file may stand where an identifier is in the address."""
    authors = list(entry.authors.all())
    known = identifiers.recognise(entry.pdf) if entry.pdf.startswith("http") else None
    ids = {known.scheme.value: known.value} if known and known.scheme.value in IDENTIFIERS else {}
    return Candidate(
        title=entry.title,
        origin="workshop",
        source=f"accepted at {workshop.slug}",
        authors=tuple(author.printed_name for author in authors),
        affiliations=tuple(author.affiliation for author in authors),
        year=workshop.year,
        **ids,  # type: ignore[arg-type]  # text fields by name
    ).cleaned()


def line_of(workshop: Workshop) -> str:
    """Where its papers appeared, as a reference prints it."""
    name = f"{workshop.acronym} workshop" if workshop.acronym else workshop.name
    return ", ".join(filter(None, (name, workshop.host_conference)))[:_LONGEST_LINE]


def _make(workshop: Workshop, entry: AcceptedPaper, candidate: Candidate) -> Paper:
    paper = record(candidate).paper
    paper.venue_line = line_of(workshop)
    paper.save(update_fields=["venue_line", "updated_at"])
    WorkshopPaper.objects.create(workshop=workshop, paper=paper, number=entry.number)
    return paper


def _is_reworded(row: WorkshopPaper, entry: AcceptedPaper, candidate: Candidate) -> bool:
    """Whether the entry is one that had another title or other authors before."""
    if row.workshop_id != entry.workshop_id:
        return False
    if row.number or entry.number:
        return row.number == entry.number
    printed = [author.printed_name for author in row.paper.authorships.all()]
    return printed == list(candidate.authors)


def _reword(paper: Paper, candidate: Candidate) -> Paper:
    paper.title, paper.year = candidate.title, candidate.year or paper.year
    paper.save(update_fields=["title", "year", "updated_at"])
    write_authors(paper, candidate.authors, candidate.affiliations)
    return paper


def _is_backed(row: WorkshopPaper) -> bool:
    """Whether anything but this workshop's list speaks for the record."""
    paper = row.paper
    own = f"accepted at {row.workshop.slug}"
    return (
        paper.state not in (Paper.State.PUBLIC, Paper.State.HIDDEN)
        or paper.accepted_at.exists()
        or paper.field_sources.exclude(source=own).exists()
        or paper.documents.exists()
        or paper.merged.exists()
        or FixtureRecord.objects.filter(kind="paper", key=paper.key).exists()
    )


def _bring_back(held: set[int | None]) -> None:
    """Show records again that went with their entries. What curators hid stays hidden."""
    gone = WorkshopPaper.objects.filter(is_off=True, paper__in=held)
    for row in gone.select_related("paper"):
        if row.paper.state == Paper.State.HIDDEN:
            _set_state(row.paper, Paper.State.PUBLIC)
        WorkshopPaper.objects.filter(pk=row.pk).update(is_off=False)


def _take_off(row: WorkshopPaper) -> None:
    """Hide a record that no list names any more; nothing is deleted."""
    if row.paper.state == Paper.State.PUBLIC:
        _set_state(row.paper, Paper.State.HIDDEN)
        WorkshopPaper.objects.filter(pk=row.pk).update(is_off=True)


def _set_state(paper: Paper, state: str) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=state, updated_at=timezone.now())
    paper.state = state
    refresh_versions(paper)
