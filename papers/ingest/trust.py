"""What may stand in public at once, and what waits. The one door through which works come in.

Public at once is what curators and the operator of this machine send, and what the source of an
identifier said itself when it was asked. What a member pasted or what a PDF of theirs prints waits:
a new work as a WaitingWork, a gap that it would fill as a correction, a difference as a conflict.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import transaction

from accounts.models import User
from accounts.roles import is_curator
from papers.ingest.candidate import Candidate
from papers.ingest.match import Verdict, compare, find_match, known_venue, work_in
from papers.ingest.proposals import propose
from papers.ingest.record import Recorded, note_conflicts, one_writer, record
from papers.models import Document, ImportBatch, Paper, WaitingWork
from papers.same_work import Answer, Match, Work, same_work
from work.tell import tell

OWN_SOURCES = frozenset({"arxiv", "crossref", "openreview"})
"""Origins of candidates that we fetched from the keeper of their identifier."""
CHECK = "papers.ingest.check_waiting"


@dataclass
class Taken:
    """What came of a work that somebody sent. `effect` is a word of Document.Effect."""

    effect: str
    paper: Paper | None = None
    recorded: Recorded | None = None
    waiting: WaitingWork | None = None
    correction: int | None = None
    offered: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sender:
    """Who sent a work: `by` is None for the operator. `is_trusted`: as it was when it was sent."""

    by: User | None
    is_trusted: bool

    @classmethod
    def of(cls, by: User | None) -> Sender:
        return cls(by, is_trusted(by))


def is_trusted(by: User | None) -> bool:
    """Whether what this account sends is public without being asked."""
    return by is None or is_curator(by)


def will_wait(candidate: Candidate, sender: Sender) -> bool:
    """Whether this becomes no public fact at once, as far as its source tells."""
    return not (sender.is_trusted or candidate.origin in OWN_SOURCES)


def take(
    candidate: Candidate,
    sender: Sender,
    *,
    document: Document | None = None,
    batch: ImportBatch | None = None,
    wins: Collection[str] = (),
    newest_reference: int | None = None,
    is_same: bool = False,
    brings: bool = False,
) -> Taken:
    """Bring in a work as far as its sender and its source are trusted; the rest waits.

    wins, newest_reference, is_same: as for `record`. brings: whether the document has something for
    the record beside its fields (references, a licence). In the caller's transaction or its own.
    """
    with transaction.atomic():
        one_writer()
        if sender.is_trusted:
            recorded = record(
                candidate,
                document=document,
                take=wins,
                newest_reference=newest_reference,
                is_same=is_same,
            )
            return _public(recorded)
        known = Paper.objects.known_to(sender.by)
        match = find_match(candidate, known)
        speaks_for_itself = candidate.origin in OWN_SOURCES and not is_same
        if speaks_for_itself and not _meets_hidden(candidate, match):
            return _public(record(candidate, document=document))
        if match is not None and match.is_sure:
            return _offer(candidate, match.paper, sender.by, document, batch, brings)
        if is_same and match is not None:
            warning = f"The sender says that it is the same work as {match.paper.key}."
            candidate = replace(candidate, warnings=(*candidate.warnings, warning))
        waiting = hold(candidate, by=sender.by, document=document, batch=batch, match=match)
        return Taken(Document.Effect.WAITING, waiting=waiting)


def _public(recorded: Recorded) -> Taken:
    if recorded.is_new:
        transaction.on_commit(partial(check_again, recorded.paper))
        effect = Document.Effect.NEW
    else:
        effect = Document.Effect.ENRICHED if recorded.filled else Document.Effect.KNOWN
    return Taken(effect, recorded.paper, recorded, conflicts=recorded.conflicts)


def _meets_hidden(candidate: Candidate, match: Match | None) -> bool:
    """Whether the work is here in a record whose existence is not told: then a curator looks."""
    everywhere = find_match(candidate)
    return everywhere is not None and (match is None or match.paper.pk != everywhere.paper.pk)


def _offer(
    candidate: Candidate,
    paper: Paper,
    by: User | None,
    document: Document | None,
    batch: ImportBatch | None,
    brings: bool,
) -> Taken:
    """Of a paper that is here: gaps become a correction, differences conflicts; nothing changes."""
    taken = Taken(Document.Effect.KNOWN, paper)
    if paper.state != Paper.State.PUBLIC or by is None:
        return taken
    taken.correction, taken.offered = offer_gaps(candidate, paper, by, document)
    rows = compare(candidate, paper, Paper.objects.known_to(by))
    differing = [row for row in rows if row.verdict == Verdict.DIFFERS]
    taken.conflicts = note_conflicts(paper, differing, candidate, document)
    if brings:
        taken.waiting = hold(candidate, by=by, document=document, batch=batch, adds_to=paper)
    if taken.offered or taken.waiting:
        taken.effect = Document.Effect.OFFERED
    return taken


def offer_gaps(
    candidate: Candidate, paper: Paper, by: User, document: Document | None = None
) -> tuple[int | None, list[str]]:
    """Propose to fill what the record does not say: the correction's number, and the fields.

    Where no correction can be made (too many of the sender's wait), conflicts keep the values.
    """
    rows = compare(candidate, paper, Paper.objects.known_to(by))
    gaps = [row for row in rows if row.verdict == Verdict.FILLS]
    fields = {row.field: row.there for row in gaps}
    if venue := known_venue(fields.get("venue", "")):
        fields["venue"] = venue.slug
    number = propose(paper, by=by, fields=fields, source=candidate.source)
    if number is None:
        note_conflicts(paper, gaps, candidate, document)
    return number, list(fields)


# --- what waits ---


def hold(
    candidate: Candidate,
    *,
    by: User | None,
    document: Document | None = None,
    batch: ImportBatch | None = None,
    match: Match | None = None,
    adds_to: Paper | None = None,
) -> WaitingWork:
    """Keep a work until it is confirmed; what the same sender sent before is not kept twice."""
    if earlier := _sent_before(candidate, by, document, adds_to):
        return earlier
    waiting = WaitingWork.objects.create(
        by=by,
        candidate=candidate.to_json(),
        title=candidate.title,
        title_key=work_in(candidate).title_key,
        words=_words(candidate),
        fingerprint=_fingerprint(candidate, document),
        document=document,
        batch=batch,
        adds_to=adds_to,
        may_be=match.paper if match else None,
        may_be_reason=match.by[:300] if match else "",
    )
    transaction.on_commit(partial(tell, CHECK, waiting.pk))
    return waiting


def _sent_before(
    candidate: Candidate, by: User | None, document: Document | None, adds_to: Paper | None
) -> WaitingWork | None:
    """What waits of the same sender and work; or what a curator refused in just these words."""
    work = work_in(candidate)
    mine = WaitingWork.objects.filter(by=by, document=document, adds_to=adds_to)
    undecided = (WaitingWork.State.WAITING, WaitingWork.State.REFUSED)
    alike = mine.filter(fingerprint=_fingerprint(candidate, document), state__in=undecided)
    if same := alike.order_by("-state").first():
        return same
    mine = mine.waiting()
    for earlier in mine.filter(title_key=work.title_key)[:20]:
        verdict = same_work(work, work_in(Candidate.from_json(earlier.candidate)))
        if verdict.answer == Answer.SAME:
            return earlier
    return None


def _fingerprint(candidate: Candidate, document: Document | None) -> str:
    plain = json.dumps([candidate.to_json(), document and document.pk], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _words(candidate: Candidate) -> str:
    ids = (candidate.arxiv, candidate.doi, candidate.openreview, candidate.acl)
    parts = [candidate.title, *candidate.authors, candidate.venue, str(candidate.year or "")]
    return "\n".join(part for part in (*parts, *ids, candidate.abstract) if part)


def check_again(paper: Paper) -> None:
    """A paper became public: have those who sent the same work told."""
    alike = WaitingWork.objects.waiting().filter(title_key=Work(paper.title).title_key)
    for pk in list(alike.values_list("pk", flat=True)):
        WaitingWork.objects.filter(pk=pk).update(checked_at=None)
        tell(CHECK, pk)
