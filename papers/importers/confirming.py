"""Asking other sources about works that wait: the keepers of their identifiers, and the record.

Published is then what that source says, not what was sent; what the sender said beyond it becomes a
correction. Two members are not two sources: anybody can have two accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q, Value
from django.utils import timezone

from papers.history import act
from papers.identifiers import Identifier, Scheme
from papers.importers.importing import look_up
from papers.ingest import citations
from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.ingest.match import find_match, work_in
from papers.ingest.record import one_writer, record
from papers.ingest.trust import CHECK, offer_gaps
from papers.models import AcceptedPaper, Document, FoldTitle, Paper, Reference, Upload, WaitingWork
from papers.same_work import Answer, compatible_names, same_work
from work.tell import tell

CHECK_AGAIN = timedelta(hours=6)
FORGOTTEN = timedelta(minutes=2)
AT_ONCE = 40
MOST_EVIDENCE = 8


def check(pk: int) -> str:
    """Ask about one waiting work; returns which source confirmed it, or nothing.

    Safe to repeat; a source that is away is asked again by the sweep.
    """
    rows = WaitingWork.objects.waiting().filter(pk=pk)
    return "".join(_check(list(rows.select_related("document", "by"))))


def check_some(pk: int) -> int:
    """Ask about a waiting work, and about others of its sender that nobody was asked about yet:
    arXiv answers for many at once. Returns how many works."""
    fresh = WaitingWork.objects.waiting().filter(checked_at=None)
    first = fresh.filter(pk=pk).first()
    if first is None:
        return 0
    others = fresh.filter(by=first.by_id).exclude(pk=pk).values_list("pk", flat=True)[:AT_ONCE]
    pks = [pk, *others]
    fresh.filter(pk__in=pks).update(checked_at=timezone.now())  # others leave them alone
    rows = WaitingWork.objects.waiting().filter(pk__in=pks)
    return len(_check(list(rows.select_related("document", "by"))))


def ask_again() -> int:
    """Have works asked about that were not for long; returns how many.

    One message a sender: it asks about the sender's others as well, and a queue that is behind is
    not filled with more of them at every sweep.
    """
    since = timezone.now() - CHECK_AGAIN
    forgotten = Q(checked_at=None, sent_at__lt=timezone.now() - FORGOTTEN)
    waiting = WaitingWork.objects.waiting().filter(forgotten | Q(checked_at__lt=since))
    senders = dict(waiting.order_by("pk").values_list("pk", "by")[:AT_ONCE])
    WaitingWork.objects.filter(pk__in=senders).update(checked_at=None)
    for pk in {by: pk for pk, by in senders.items()}.values():
        tell(CHECK, pk)
    return len(senders)


def _check(works: list[WaitingWork]) -> list[str]:
    candidates = [Candidate.from_json(waiting.candidate) for waiting in works]
    wanted = [_identifiers(candidate) for candidate in candidates]
    answers, problems = look_up(chain(*wanted))  # asks the network: outside any transaction
    confirmed = []
    for waiting, candidate, identifiers in zip(works, candidates, wanted, strict=True):
        own = [answer for answer in answers if _speaks_of(answer, candidate)]
        silent = [
            text for text in problems if any(identifier.value in text for identifier in identifiers)
        ]
        confirmed.append(_confirmed_by(waiting, candidate, own, silent))
    return confirmed


def _confirmed_by(
    waiting: WaitingWork, candidate: Candidate, answers: list[Candidate], silent: list[str]
) -> str:
    """Which source confirms the work, after it was published; empty where it goes on waiting.

    silent: what is to be said of sources that gave no answer.
    """
    if waiting.adds_to_id is not None:  # the work itself is public; a curator looks at the file
        _note(waiting, [])
        return ""
    agreeing = (answer for answer in answers if _agree(candidate, answer))
    confirmed = next(chain(agreeing, _second_sources(waiting, candidate)), None)
    if confirmed is not None:
        return _publish(waiting, candidate, confirmed)
    if _is_here(waiting, candidate):
        return "this survey"
    _note(
        waiting,
        [
            *(_as_evidence(answer) for answer in answers),
            *({"problem": text.removesuffix(" Nothing was changed.")} for text in silent),
        ],
    )
    return ""


def _speaks_of(answer: Candidate, candidate: Candidate) -> bool:
    """Whether they have an identifier in common."""
    pairs = [(getattr(answer, name), getattr(candidate, name)) for name in IDENTIFIERS]
    return any(one and one.casefold() == other.casefold() for one, other in pairs)


def _identifiers(candidate: Candidate) -> list[Identifier]:
    given = [(Scheme(name), getattr(candidate, name)) for name in IDENTIFIERS]
    return [Identifier(scheme, value) for scheme, value in given if value]


def _agree(candidate: Candidate, answer: Candidate) -> bool:
    return same_work(work_in(candidate), work_in(answer)).answer == Answer.SAME


def _second_sources(waiting: WaitingWork, candidate: Candidate) -> Iterator[Candidate]:
    """The work as reference lists of public papers and lists of workshops print it: title, every
    author and year alike. What is taken is what they and the sender both say."""
    public = Paper.objects.visible_to(None)
    own = Upload.objects.filter(by=waiting.by_id).values("document")
    title_key = FoldTitle(Value(candidate.title))
    cited = Reference.objects.filter(title_key=title_key, paper__in=public)
    for row in cited.exclude(document__in=own).select_related("paper")[:20]:
        if _prints_alike(candidate, row.authors, row.year):
            part = _confirmed_part(candidate, row, f"cited by {row.paper.key}")
            yield part if row.year else replace(part, confidence={"year": 0.5})
    listed = AcceptedPaper.objects.annotate(key=FoldTitle("title"))
    rows = listed.filter(key=title_key).select_related("workshop")
    for entry in rows.prefetch_related("authors")[:20]:
        names = [author.printed_name for author in entry.authors.all()]
        if _prints_alike(candidate, names, None):
            part = _confirmed_part(candidate, entry, f"accepted at {entry.workshop.slug}")
            yield replace(part, confidence={"year": 0.5})


def _prints_alike(candidate: Candidate, authors: list[str], year: int | None) -> bool:
    if not authors or len(authors) != len(candidate.authors):
        return False
    if year is not None and year != candidate.year:
        return False
    pairs = zip(authors, candidate.authors, strict=True)
    return all(compatible_names(name, other) for name, other in pairs)


def _confirmed_part(candidate: Candidate, row: object, source: str) -> Candidate:
    """What the sender said, without all that the second source does not say as well."""
    ids = {
        name: getattr(candidate, name)
        for name in IDENTIFIERS
        if getattr(candidate, name)
        and getattr(candidate, name).casefold() == str(getattr(row, name, "")).casefold()
    }
    silent = dict.fromkeys(IDENTIFIERS, "") | {"abstract": "", "venue": "", "url": ""}
    return replace(
        candidate, **(silent | ids), affiliations=(), source=source[:120], origin="second source"
    )


def _publish(waiting: WaitingWork, candidate: Candidate, confirmed: Candidate) -> str:
    """Make the paper of what the source says; the rest of what was sent is a correction.

    A paper that curators hid or withdrew is not brought back by it: they decide.
    """
    acting = act(
        task="confirmation of what was sent",
        reason=f"{confirmed.source} says the same",
        waiting=waiting.pk,
        source=confirmed.source,
    )
    with transaction.atomic(), acting:
        one_writer()
        match = find_match(confirmed)
        away = match is not None and match.is_sure and match.paper.state != Paper.State.PUBLIC
        if away or not _held(waiting):
            _note(waiting, [_as_evidence(confirmed)])
            return ""
        recorded = record(confirmed)
        citations.tie_citations_to(recorded.paper)
        _settle(waiting, candidate, recorded.paper, confirmed.source)
        transaction.on_commit(partial(tell, "papers.ingest.follow_up_paper", recorded.paper.pk))
    return confirmed.source


def _is_here(waiting: WaitingWork, candidate: Candidate) -> bool:
    """Whether the work has become public by another way, since it was sent."""
    public = Paper.objects.visible_to(None)
    with transaction.atomic():
        one_writer()
        match = find_match(candidate, public)
        if match is None or not match.is_sure or not _held(waiting):
            return False
        _settle(waiting, candidate, match.paper, "this survey")
    return True


def _held(waiting: WaitingWork) -> bool:
    """Whether it still waits; its row is locked until the transaction ends."""
    rows = WaitingWork.objects.waiting().select_for_update().filter(pk=waiting.pk)
    return rows.exists()


def _settle(waiting: WaitingWork, candidate: Candidate, paper: Paper, source: str) -> None:
    """The work is public; a file's references and licence go on waiting for a curator."""
    changes: dict[str, Any] = {"paper": paper, "confirmed_by": source[:120], "may_be": None}
    document = waiting.document
    if document is not None:
        effect = Document.Effect.OFFERED
        Document.objects.filter(pk=document.pk).update(paper=paper, effect=effect)
        changes["adds_to"] = paper
    else:
        changes |= {"state": WaitingWork.State.ACCEPTED, "decided_at": timezone.now()}
    WaitingWork.objects.filter(pk=waiting.pk).update(checked_at=timezone.now(), **changes)
    if waiting.by is not None:
        offer_gaps(candidate, paper, waiting.by, document)


def _note(waiting: WaitingWork, answers: list[dict[str, Any]]) -> None:
    """What others say instead, and which paper here it may be, for the curator."""
    candidate = Candidate.from_json(waiting.candidate)
    match = None if waiting.adds_to_id else find_match(candidate)
    earlier = [row for row in waiting.evidence if "problem" not in row]
    known = [row for row in earlier if row not in answers]
    WaitingWork.objects.filter(pk=waiting.pk).update(
        evidence=[*known, *answers][-MOST_EVIDENCE:],
        may_be=match.paper if match else None,
        may_be_reason=match.by[:300] if match else "",
        checked_at=timezone.now(),
    )


def _as_evidence(answer: Candidate) -> dict[str, Any]:
    names = ("source", "title", "year", "venue", "abstract", *IDENTIFIERS)
    return {name: getattr(answer, name) for name in names} | {"authors": list(answer.authors)}
