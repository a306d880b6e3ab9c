"""Deciding about works that wait: who, when and why stand in the row; of two, one wins."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_curator
from papers.history import act
from papers.ingest import citations, trust
from papers.ingest.candidate import Candidate
from papers.ingest.match import values_of
from papers.ingest.pipeline import newest_year
from papers.ingest.record import one_writer, record, set_field
from papers.models import Document, Paper, Reading, Reference, WaitingWork
from papers.pdf.extraction import Extraction
from papers.versions import refresh_versions
from work.tell import tell

State = WaitingWork.State
LONGEST_REASON = 2000
FOLLOW_UP = "papers.ingest.follow_up_paper"


def accept(
    work: WaitingWork,
    *,
    by: User,
    into: Paper | None = None,
    is_another: bool = False,
    with_licence: bool = False,
) -> Paper:
    """Make it public: a paper of its own, or part of the one that is here.

    into, is_another: where a paper here may be the same, what the curator says; without a word what
    is surely here is enriched and anything else is new. with_licence: the licence that the sender
    claims is right, so that the file is handed out. Raises NotPossible.
    """
    _only_curators(by)
    acting = act(
        by=by, reason=f"accepted what was sent: {_source(work)}", waiting=work.pk, **_sent_by(work)
    )
    with transaction.atomic(), acting:
        one_writer()
        _decide(work, State.ACCEPTED, by=by)
        paper, written = _written(work, into, is_another)
        _bring_document(work, paper, written)
        if with_licence and work.document is not None and work.document.licence_waits:
            confirm_licence(work.document, work.document.licence, by=by)
        WaitingWork.objects.filter(pk=work.pk).update(paper=paper, written=written)
        transaction.on_commit(partial(tell, FOLLOW_UP, paper.pk))
        transaction.on_commit(partial(trust.check_again, paper))
    work.refresh_from_db()
    return paper


def refuse(work: WaitingWork, *, by: User, reason: str) -> None:
    """It does not become public; the sender reads why. Raises NotPossible."""
    _only_curators(by)
    if not reason.strip():
        raise NotPossible(gettext("Tell the sender why."))
    _decide(work, State.REFUSED, by=by, reason=reason.strip()[:LONGEST_REASON])
    work.refresh_from_db()


def undo(work: WaitingWork, *, by: User) -> None:
    """Let a decided work wait again. What accepting it wrote is taken back, as far as nobody has
    changed it since; a paper that it made is hidden. Raises NotPossible."""
    _only_curators(by)
    was = work.state
    if was not in (State.ACCEPTED, State.REFUSED) or work.decided_by_id is None:
        raise NotPossible(gettext("Nothing was decided about it that could be undone."))
    acting = act(by=by, reason="undid a decision about what was sent", waiting=work.pk)
    with transaction.atomic(), acting:
        one_writer()
        decided = WaitingWork.objects.filter(pk=work.pk, state=was, decided_at=work.decided_at)
        anew: dict[str, Any] = {"decided_by": None, "decided_at": None, "reason": ""}
        if not decided.update(state=State.WAITING, seen_at=None, **anew):
            raise NotPossible(gettext("Somebody else has just decided about it again."))
        if was == State.ACCEPTED:
            _take_back(work)
    work.refresh_from_db()


def withdraw(work: WaitingWork, *, by: User) -> None:
    """Take one's own waiting work back. Where others sent the same file, it stays as theirs."""
    mine = WaitingWork.objects.waiting().filter(pk=work.pk, by=by)
    others = work.document.uploads.exclude(by=by).order_by("at") if work.document else None
    other = others.first() if others is not None else None
    if other is not None:
        changed = mine.update(by=other.by_id)
    else:
        changed = mine.update(state=State.WITHDRAWN, decided_at=timezone.now())
    if not changed:
        raise NotPossible(gettext("It is not waiting any more, or it is not yours."))
    work.refresh_from_db()


def withdraw_all_of(by: User) -> None:
    """Take back all that waits of an account that is closed."""
    for work in WaitingWork.objects.waiting().filter(by=by).select_related("document"):
        withdraw(work, by=by)


def confirm_licence(document: Document, licence: str, *, by: User) -> None:
    """Say, as a curator, what the copyright holder allows; from now on it is in force.

    Raises ValueError for a licence we do not know.
    """
    _only_curators(by)
    if licence not in Document.Licence.values:
        raise ValueError(f"unknown licence {licence!r}")
    confirmed = {"licence_confirmed_by": by, "licence_confirmed_at": timezone.now()}
    claimed_by = document.licence_by if document.licence == licence else by
    Document.objects.filter(pk=document.pk).update(
        licence=licence, licence_by=claimed_by, **confirmed
    )
    document.refresh_from_db()


def _only_curators(by: User) -> None:
    if not is_curator(by):
        raise NotPossible(gettext("Only curators decide about what was sent."))


def _source(work: WaitingWork) -> str:
    return str(work.candidate.get("source", ""))


def _sent_by(work: WaitingWork) -> dict[str, Any]:
    return {"proposed_by": work.by_id, "source": _source(work)}


def _decide(work: WaitingWork, state: str, *, by: User, reason: str = "") -> None:
    changed = WaitingWork.objects.waiting().filter(pk=work.pk)
    if not changed.update(state=state, decided_by=by, decided_at=timezone.now(), reason=reason):
        now = WaitingWork.objects.select_related("decided_by").get(pk=work.pk)
        name = now.decided_by.get_username() if now.decided_by else now.confirmed_by or "Somebody"
        raise NotPossible(
            gettext("{name} was first: it is {get_state_display}.").format(
                name=name, get_state_display=now.get_state_display()
            )
        )


def _written(
    work: WaitingWork, into: Paper | None, is_another: bool
) -> tuple[Paper, dict[str, Any]]:
    """The paper, written, and what has to be set back if this is undone."""
    if work.adds_to is not None:
        return work.adds_to, {}
    if work.paper is not None and work.paper.state == Paper.State.HIDDEN and into is None:
        work.paper.state = Paper.State.PUBLIC  # was accepted before, and that was undone
        work.paper.save(update_fields=["state", "updated_at"])
        return work.paper, {"new": True}
    candidate = Candidate.from_json(work.candidate)
    before = values_of(into) if into else {}
    recorded = record(
        candidate,
        document=work.document,
        newest_reference=_newest_year(work.document),
        into=into,
        is_another=is_another,
    )
    citations.tie_citations_to(recorded.paper)
    if recorded.is_new:
        return recorded.paper, {"new": True}
    after = values_of(Paper.objects.get(pk=recorded.paper.pk))
    filled = [name for name in recorded.filled if name in after]
    return recorded.paper, {"fields": {name: [before.get(name), after[name]] for name in filled}}


def _newest_year(document: Document | None) -> int | None:
    extraction = _extraction(document)
    return newest_year(extraction) if extraction else None


def _extraction(document: Document | None) -> Extraction | None:
    reading = Reading.objects.filter(document=document).first() if document else None
    return Extraction.from_json(reading.extraction | {"text": ""}) if reading else None


def _bring_document(work: WaitingWork, paper: Paper, written: dict[str, Any]) -> None:
    """The file becomes the paper's, with its references."""
    extraction = _extraction(work.document)
    if work.document is None or extraction is None:
        return
    citations.write_references(paper, work.document, extraction.references)
    effect = Document.Effect.NEW if written.get("new") else Document.Effect.ENRICHED
    Document.objects.filter(pk=work.document.pk).update(paper=paper, effect=effect)


def _take_back(work: WaitingWork) -> None:
    paper = work.paper
    if paper is None:
        return
    if work.document is not None:
        _take_back_references(work.document, paper)
        kept = work.adds_to
        effect = Document.Effect.OFFERED if kept else Document.Effect.WAITING
        Document.objects.filter(pk=work.document.pk).update(paper=kept, effect=effect)
    set_back(paper, work.written)


def set_back(paper: Paper, written: dict[str, Any]) -> None:
    """Take back what accepting wrote: a new paper is hidden, a field is set back unless somebody
    changed it since. written: {"new": True}, or {"fields": {name: [before, after]}}."""
    if written.get("new"):
        Paper.objects.filter(pk=paper.pk, state=Paper.State.PUBLIC).update(
            state=Paper.State.HIDDEN, updated_at=timezone.now()
        )
        return
    here = values_of(paper)
    for name, (before, after) in written.get("fields", {}).items():
        if here.get(name) == after:
            set_field(paper, name, before or "")
    paper.save()
    refresh_versions(paper)


def _take_back_references(document: Document, paper: Paper) -> None:
    """The paper cites again what another of its documents says, if there is one."""
    Reference.objects.filter(paper=paper, document=document).delete()
    for other in paper.documents.exclude(pk=document.pk):
        waits = other.waiting_works.waiting().exists()
        extraction = None if waits else _extraction(other)
        if extraction is not None:
            citations.write_references(paper, other, extraction.references)
