"""Importing in two steps: look everything up and show it, then write what was chosen, all or none.

Looking up writes only the batch. Applying a batch again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from papers.history import act
from papers.identifiers import Identifier, Scheme
from papers.importers import arxiv, crossref, openreview, zotero
from papers.importers.fetching import SourceProblem
from papers.importers.pasted import understand
from papers.ingest.candidate import Candidate
from papers.ingest.citations import tie_citations_to
from papers.ingest.match import Comparison, Verdict, compare, find_match, paper_with, work_in
from papers.ingest.receive import DailyLimitReached, left_today
from papers.ingest.trust import Sender, Taken, take, will_wait
from papers.models import ImportBatch, Paper
from papers.models.paper import PaperQuerySet
from papers.same_work import Answer, Match, ids_of, same_work
from work.tell import tell


@dataclass(frozen=True)
class Preview:
    """One work of a batch as it would be merged now."""

    index: int
    candidate: Candidate
    match: Match | None
    rows: list[Comparison]
    repeats: int | None = None
    """Index of an earlier work of the batch that this is once more."""
    waits: bool = False
    """Whether a curator, or the source of its identifier, is asked before it is public."""

    @property
    def is_new(self) -> bool:
        return self.match is None and self.repeats is None

    @property
    def status(self) -> str:
        """ "new", "here", or "ask" where somebody must say whether a paper here is the same."""
        return "new" if self.is_new else "ask" if self.asks else "here"

    @property
    def asks(self) -> bool:
        """Whether somebody must say if the paper of `match` is the same work."""
        return self.match is not None and not self.match.is_sure

    @property
    def venue_line(self) -> str:
        """Where it appeared, as printed, if that names no venue here."""
        known = any(row.field == "venue" and row.there for row in self.rows)
        return "" if known else self.candidate.venue

    @property
    def differing(self) -> list[Comparison]:
        return [row for row in self.rows if row.verdict == Verdict.DIFFERS]

    @property
    def filling(self) -> list[Comparison]:
        return [row for row in self.rows if row.verdict == Verdict.FILLS]


def make_batch(text: str, *, by: User | None = None, encoding: str = "") -> ImportBatch:
    """Understand what was pasted and look up what it names; sources that fail are told by name.

    encoding: of the file, where it was not UTF-8; shown, since it was a guess.
    """
    library = zotero.recognise(text)
    wanted = zotero.read(library) if library else understand(text)
    visible = Paper.objects.all() if by is None else Paper.objects.visible_to(by)
    looked_up, problems = look_up(wanted.identifiers, visible, wanted.printed)
    candidates = [*looked_up, *wanted.candidates]
    return ImportBatch.objects.create(
        asked=text[:200_000].replace("\x00", ""),
        by=by,
        encoding=encoding,
        candidates=[candidate.to_json() for candidate in candidates],
        problems=[*wanted.problems, *problems],
    )


def known_to(by: User | None) -> PaperQuerySet:
    """Papers that imports of this account are compared with; all for the operator."""
    return Paper.objects.all() if by is None else Paper.objects.known_to(by)


def look_up(
    wanted: Iterable[Identifier],
    among: PaperQuerySet | None = None,
    printed: Mapping[str, Candidate] | None = None,
) -> tuple[list[Candidate], list[str]]:
    """What the sources say of these identifiers, and what could not be found out.

    among: papers here that speak where a source is silent; None for none. printed: by identifier,
    the references in which they stood, which speak where both are silent.
    """
    wanted = list(wanted)
    candidates: dict[str, Candidate] = {}
    problems: list[str] = []
    ids = [identifier.value for identifier in wanted if identifier.scheme is Scheme.ARXIV]
    try:
        by_id = arxiv.fetch(ids) if ids else {}
        candidates |= {f"arXiv:{name}": candidate for name, candidate in by_id.items()}
        problems += [f"arXiv does not know {name}." for name in ids if name not in by_id]
    except SourceProblem as problem:
        problems.append(f"{', '.join(ids)}: {problem}")
    away: set[str] = set()
    for identifier in wanted:
        if identifier.scheme is Scheme.ARXIV:
            continue
        try:
            candidates[str(identifier)] = _ask(identifier, away)
        except SourceProblem as problem:
            problems.append(f"{identifier}: {problem}")
    for identifier in wanted:
        if among is None or _plain(identifier) in candidates:
            continue
        if (paper := _held(identifier, among)) is not None:
            candidates[_plain(identifier)] = paper
    for identifier in wanted:
        if printed and str(identifier) in printed:
            candidates.setdefault(_plain(identifier), printed[str(identifier)])
    order = [_plain(identifier) for identifier in wanted]
    return [candidates[name] for name in dict.fromkeys(order) if name in candidates], problems


def _held(identifier: Identifier, among: PaperQuerySet) -> Candidate | None:
    """The paper here with this identifier, as its own record says: known without its source."""
    paper = paper_with(identifier.scheme.value, identifier.value, among)
    if paper is None:
        return None
    return Candidate(
        title=paper.title,
        origin="record",
        source="this survey",
        authors=tuple(row.printed_name for row in paper.authorships.all()),
        year=paper.year,
        **ids_of(paper),  # type: ignore[arg-type]  # four text fields by name
    )


def _plain(identifier: Identifier) -> str:
    return f"arXiv:{identifier.value}" if identifier.scheme is Scheme.ARXIV else str(identifier)


def _ask(identifier: Identifier, away: set[str]) -> Candidate:
    """Ask the source of one identifier; one that could not be reached is not asked again."""
    source = openreview.SOURCE if identifier.scheme is Scheme.OPENREVIEW else crossref.SOURCE
    if source.name in away:
        raise SourceProblem(source, "could not be reached a moment ago.")
    try:
        if identifier.scheme is Scheme.OPENREVIEW:
            return openreview.fetch(identifier.value)
        acl = identifier.scheme is Scheme.ACL
        return crossref.fetch(crossref.doi_of_acl(identifier.value) if acl else identifier.value)
    except SourceProblem as problem:
        if type(problem) is SourceProblem:
            away.add(source.name)
        raise


def previews(batch: ImportBatch) -> list[Preview]:
    """Each work of a batch against the record as it stands now."""
    shown: list[Preview] = []
    sender, among = Sender.of(batch.by), known_to(batch.by)
    for index, plain in enumerate(batch.candidates):
        candidate = Candidate.from_json(plain)
        match = find_match(candidate, among)
        rows = compare(candidate, _readable(match, batch.by), among)
        repeats = None if match else _repeated(candidate, shown)
        waits = will_wait(candidate, sender)
        shown.append(Preview(index, candidate, match, rows, repeats, waits))
    return shown


def _readable(match: Match | None, by: User | None) -> Paper | None:
    """The paper of a match, if the account may read what it says: not of one that was withdrawn."""
    if match is None or match.paper.state == Paper.State.PUBLIC or Sender.of(by).is_trusted:
        return match.paper if match else None
    return None


def _repeated(candidate: Candidate, shown: Iterable[Preview]) -> int | None:
    """Which of the new works before is the same; it will be here when this one is written."""
    work = work_in(candidate)
    for earlier in shown:
        verdict = same_work(work, work_in(earlier.candidate)) if earlier.is_new else None
        if verdict is not None and verdict.answer == Answer.SAME:
            return earlier.index
    return None


def apply_batch(
    batch: ImportBatch,
    *,
    by: User | None = None,
    chosen: Collection[int] | None = None,
    wins: Mapping[int, Collection[str]] | None = None,
    same: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Write the chosen works (default: all), in one transaction; returns what came of each.

    wins: by index, fields in which the source wins; only curators and the operator (by=None) may.
    same: indexes of works of which somebody said that the paper asked about is the same; the
    others become new papers, and a curator is asked.
    Raises DailyLimitReached when these are more works than the account may still send today.
    """
    sender = Sender.of(by)
    left = left_today(by)
    wanted = len(batch.candidates if chosen is None else chosen)
    if left is not None and wanted > left and not batch.applied_at:
        raise DailyLimitReached(by)
    acting = act(by=by, reason=f"import {batch.pk}", command="" if by else "import_papers")
    with transaction.atomic(), acting:
        mine = ImportBatch.objects.filter(pk=batch.pk, applied_at=None)
        if mine.update(applied_at=timezone.now()):
            results = []
            for index, plain in enumerate(batch.candidates):
                if chosen is None or index in chosen:
                    candidate = Candidate.from_json(plain)
                    taken = take(
                        candidate,
                        sender,
                        batch=batch,
                        wins=(wins or {}).get(index, ()),
                        is_same=index in same,
                    )
                    results.append(_result(candidate, taken))
            ImportBatch.objects.filter(pk=batch.pk).update(results=results)
    batch.refresh_from_db()
    return batch.results


def _result(candidate: Candidate, taken: Taken) -> dict[str, Any]:
    """What came of one work, as the batch keeps it. `key`: of a paper that is public."""
    recorded, waiting = taken.recorded, taken.waiting
    if recorded is not None:
        tie_citations_to(recorded.paper)
        if recorded.is_new or recorded.filled:
            transaction.on_commit(partial(_follow_up, recorded.paper.pk))
    return {
        "key": taken.paper.key if taken.paper else "",
        "title": taken.paper.title if taken.paper else candidate.title,
        "effect": taken.effect,
        "filled": recorded.filled if recorded else [],
        "offered": taken.offered,
        "correction": taken.correction,
        "waiting": waiting.pk if waiting else None,
        "conflicts": taken.conflicts,
        "may_be": recorded.may_be.key if recorded and recorded.may_be else "",
    }


def _follow_up(paper: int) -> None:
    """Have it embedded and its topics suggested; if the queue is away, the sweep does it later."""
    tell("papers.ingest.follow_up_paper", paper)
