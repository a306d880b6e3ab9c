"""News of papers that are here: what a source says beyond the record, or otherwise.

Gaps are filled, as an import fills them; a difference becomes a conflict on the curators' desk,
and so does a retraction. Two things need no question: where a preprint was published, if the keeper
of an identifier says so, and numbers that are the source's own (citations, the last version).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import quote

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from papers.history import act
from papers.importers.fetching import NotThere, SourceProblem
from papers.ingest.match import RETRACTED, Comparison, Verdict, known_venue
from papers.ingest.record import note_conflicts, record
from papers.ingest.trust import OWN_SOURCES
from papers.models import Paper, Refreshed, Reported, Venue
from papers.watch.protocols import arxiv_query, crossref_venue
from papers.watch.protocols.shapes import Named

ARXIV_AT_ONCE = 100
DOIS_AT_ONCE = 20
AGAIN_AFTER = timedelta(days=30)
_NAMES = {"arxiv": "arXiv", "crossref": "Crossref", "semantic-scholar": "Semantic Scholar"}
_KEEPERS = OWN_SOURCES | {"dblp"}
"""Origins whose word on where a preprint was published is taken."""


@dataclass
class Looked:
    """What came of asking about papers that are here."""

    asked: int = 0
    changed: int = 0
    problems: list[str] = field(default_factory=list)


def note_all(known: Iterable[tuple[Named, Paper]]) -> int:
    """Note what sources say of papers that are here; returns how many records changed."""
    return sum(note(work, paper) for work, paper in known)


def note(work: Named, paper: Paper) -> bool:
    """Note what one source says of a paper; whether its record changed. Feeds change nothing."""
    candidate = work.candidate
    if paper.state != Paper.State.PUBLIC or candidate.origin in ("feed", "survey"):
        return False
    _note_numbers(work, paper)
    if not work.abstract_licence:
        candidate = replace(candidate, abstract="")
    take = ("venue",) if _is_published_there(work, paper) else ()
    reason = f"{candidate.source} says more"
    with transaction.atomic(), act(task="watch", reason=reason, source=candidate.source):
        recorded = record(candidate, into=paper, take=take)
        if work.retracted:
            comparison = Comparison(RETRACTED, "", work.retracted, Verdict.DIFFERS, 1.0)
            note_conflicts(paper, [comparison], candidate, None)
    return bool(recorded.filled)


def _note_numbers(work: Named, paper: Paper) -> None:
    source = _NAMES.get(work.candidate.origin, work.candidate.origin)
    numbers = {Reported.Kind.CITATIONS: work.citations, Reported.Kind.VERSION: work.version}
    for kind, value in numbers.items():
        if value is not None:
            Reported.objects.update_or_create(
                paper=paper,
                kind=kind,
                source=source,
                defaults={"value": value, "at": timezone.now()},
            )


def _is_published_there(work: Named, paper: Paper) -> bool:
    """Whether a preprint here was accepted somewhere, as a source says whose word that is."""
    if work.candidate.origin not in _KEEPERS or work.retracted:
        return False
    if paper.venue is None or paper.venue.kind != Venue.Kind.PREPRINT:
        return False
    venue = known_venue(work.candidate.venue)
    return venue is not None and venue.kind != Venue.Kind.PREPRINT


# --- asking about papers, the longest unasked first ---


def refresh_some() -> Looked:
    """Ask arXiv about a hundred papers and Crossref about a few, each at most once a month."""
    looked = Looked()
    _ask_arxiv(list(_due(arxiv=True)[:ARXIV_AT_ONCE]), looked)
    _ask_crossref(list(_due(arxiv=False)[:DOIS_AT_ONCE]), looked)
    return looked


def _due(*, arxiv: bool) -> QuerySet[Paper]:
    """Public papers not asked about for long: with an arXiv id, or with a DOI alone."""
    fresh = Refreshed.objects.filter(asked_at__gt=timezone.now() - AGAIN_AFTER)
    papers = Paper.objects.visible_to(None).exclude(pk__in=fresh.values("pk"))
    has_arxiv = Q(arxiv__isnull=False) & ~Q(arxiv="")
    chosen = papers.filter(has_arxiv) if arxiv else papers.exclude(has_arxiv).exclude(doi=None)
    return chosen.select_related("venue").order_by(
        F("refreshed__asked_at").asc(nulls_first=True), "-year", "pk"
    )


def _ask_arxiv(papers: list[Paper], looked: Looked) -> None:
    if not papers:
        return
    ids = [paper.arxiv for paper in papers if paper.arxiv]
    asker = arxiv_query.PROTOCOL.asker("")
    parameters = {"id_list": ",".join(ids), "max_results": len(ids)}
    try:
        answer = asker.xml(asker.ask(parameters).body)
        works = [arxiv_query.named(entry) for entry in answer.findall(arxiv_query.ENTRY)]
    except SourceProblem as problem:
        looked.problems.append(problem.why)
        return _note_asked(papers, looked, problem.why)
    by_id = {work.candidate.arxiv: work for work in works if work}
    for paper in papers:
        work = by_id.get(paper.arxiv or "")
        if work is not None:
            looked.changed += note(work, paper)
        _note_asked([paper], looked, "" if work else "arXiv does not know its id.")


def _ask_crossref(papers: list[Paper], looked: Looked) -> None:
    for paper in papers:
        asker = crossref_venue.PROTOCOL.asker("")
        asker.base = f"{asker.base}/{quote(paper.doi or '', safe='')}"
        try:
            item = asker.json({})["message"]
            work = crossref_venue.named(asker, item)
        except NotThere:
            _note_asked([paper], looked, "Crossref does not know its DOI.")
            continue
        except SourceProblem as problem:  # it is away: the others wait for the next time
            looked.problems.append(problem.why)
            return
        if work is not None:
            looked.changed += note(work, paper)
        _note_asked([paper], looked, "")


def _note_asked(papers: list[Paper], looked: Looked, problem: str) -> None:
    """A source that was away is asked again the next day; an answer holds for a month."""
    now = timezone.now()
    away = bool(looked.problems)
    for paper in papers:
        changes: dict[str, object] = {"asked_at": now, "problem": problem[:300]}
        if not problem:
            changes["succeeded_at"] = now
        if away:
            changes["asked_at"] = now - AGAIN_AFTER + timedelta(days=1)
        Refreshed.objects.update_or_create(paper=paper, defaults=changes)
    looked.asked += len(papers)
