"""Accepting and declining: one conditional update decides who wins; nothing goes unseen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import is_curator
from community.corrections.alarms import watch
from community.corrections.comparing import record_of, rows_of, seen_of
from community.members.profiles import shown_name
from community.models import Correction
from papers.curation.editing import Fields, checked, fields_of, new_paper, write_fields
from papers.curation.merging import merge_papers
from papers.curation.people import CannotMerge, merge_people
from papers.history import act
from papers.records import KINDS


class NotDecided(Exception):
    """The proposal still stands as it was; the text says why."""


class NotCurator(NotDecided):
    """Whoever asked has no say in it."""


class AlreadyDecided(NotDecided):
    """Somebody else was faster."""


class ChangedSince(NotDecided):
    """The record is not what the curator looked at, or a changed field needs a choice."""


def accept(
    correction: Correction, *, by: User, seen: str, values: Fields | None = None, answer: str = ""
) -> Any:
    """Write what is proposed, or `values` in its place; returns the record.

    seen: `seen_of` the rows that the curator looked at. values: what to write for each field; a
    field that is left out stays as it is. Without values a field that changed since it was
    proposed is never written. Raises NotDecided and its kinds, and CannotWrite.
    """
    if not is_curator(by):
        raise NotCurator(gettext("Only curators decide about corrections."))
    acting = act(
        by=by,
        reason=correction.reason,
        source=correction.source,
        correction=correction.pk,
        proposed_by=correction.author_id,
    )
    with transaction.atomic(), acting:
        _decide(correction, Correction.State.ACCEPTED, by, answer)
        record, written = _ACTS[Correction.Kind(correction.kind)](correction, by, seen, values)
        Correction.objects.filter(pk=correction.pk).update(record_id=record.pk, written=written)
        transaction.on_commit(watch)
    correction.refresh_from_db()
    return record


def decline(correction: Correction, *, by: User, answer: str) -> None:
    """Leave the record as it is and tell the author why. Raises NotDecided."""
    if not is_curator(by):
        raise NotCurator(gettext("Only curators decide about corrections."))
    if not answer.strip():
        raise NotDecided(gettext("Tell the author why."))
    _decide(correction, Correction.State.DECLINED, by, answer)
    correction.refresh_from_db()


def _decide(correction: Correction, state: str, by: User, answer: str) -> None:
    open_one = Correction.objects.open().filter(pk=correction.pk)
    moment = timezone.now()
    if not open_one.update(state=state, decided_by=by, decided_at=moment, answer=answer.strip()):
        raise AlreadyDecided(_who_was_first(correction))


def _who_was_first(correction: Correction) -> str:
    now = Correction.objects.select_related("decided_by").get(pk=correction.pk)
    if now.state == Correction.State.WITHDRAWN:
        return gettext("Its author has withdrawn it.")
    name = shown_name(now.decided_by) if now.decided_by else gettext("Somebody")
    told = gettext("{name} was first: it is {state} since {time} UTC.")
    return told.format(name=name, state=now.get_state_display(), time=f"{now.decided_at:%H:%M:%S}")


def _change(
    correction: Correction, by: User, seen: str, values: Fields | None
) -> tuple[Any, Fields]:
    model = KINDS[correction.record_kind].model
    model._base_manager.select_for_update().filter(pk=correction.record_id).first()
    record = record_of(correction)
    if record is None:
        raise NotDecided(gettext("The record is gone. Decline the proposal."))
    here = fields_of(record)
    rows = rows_of(_as_open(correction))
    if seen != seen_of(rows):
        raise ChangedSince(
            gettext("The record changed while you looked. Look at the fields again.")
        )
    if values is None and any(row.is_stale for row in rows):
        raise ChangedSince(
            gettext("A field changed since this was proposed. Choose what it shall say.")
        )
    wanted = {row.name: row.proposed for row in rows} if values is None else values
    wanted = {name: value for name, value in wanted.items() if here.get(name) != value}
    unknown = set(wanted) - set(correction.proposed)
    if unknown:
        raise NotDecided(gettext("Not proposed: {value}.").format(value=", ".join(sorted(unknown))))
    if not wanted:
        raise NotDecided(
            gettext("Nothing would change. Decline it, or choose what a field shall say.")
        )
    written = checked(correction.record_kind, wanted, record)
    write_fields(record, written, source=correction.source)
    return record, written


def _as_open(correction: Correction) -> Correction:
    """As it was read: the state in memory may be older than the update in this transaction."""
    correction.state = Correction.State.OPEN
    return correction


def _merge(
    correction: Correction, by: User, seen: str, values: Fields | None
) -> tuple[Any, Fields]:
    kind = KINDS[correction.record_kind]
    leaving = record_of(correction)
    keeping = kind.find(correction.proposed["into"], by)
    if leaving is None or keeping is None:
        raise NotDecided(gettext("One of the two records is gone. Decline the proposal."))
    try:
        if kind.name == "person":
            merge_people(survivor=keeping, other=leaving, by=by)
        else:
            merge_papers(survivor=keeping, other=leaving, by=by)
    except CannotMerge as problem:
        raise NotDecided(str(problem)) from problem
    return leaving, correction.proposed


def _new(correction: Correction, by: User, seen: str, values: Fields | None) -> tuple[Any, Fields]:
    written = checked("paper", correction.proposed | (values or {}))
    return new_paper(written, source=correction.source), written


_ACTS = {
    Correction.Kind.CHANGE: _change,
    Correction.Kind.MERGE: _merge,
    Correction.Kind.NEW: _new,
}
