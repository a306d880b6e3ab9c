"""Setting a change back: a new change that is itself kept, never a rewrite of the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from papers.history.acts import act
from papers.history.deltas import Delta, deltas_of_act
from papers.history.moving import moved_rows
from papers.history.reading import Change, changes_of
from papers.history.shapes import KIND_OF, KIND_OF_PART, OWNERS, Row, columns_of
from papers.models import TRACKED, Paper
from papers.versions import refresh_versions

MOST_ROWS = 2000
"""An act that changed more is not one decision; it is undone record by record."""


class CannotUndo(Exception):
    """The change cannot be set back by itself; the text says why and what to do."""


@dataclass
class _Plan:
    """What to write. `since`: fields that somebody changed after the act."""

    remove: list[tuple[type[models.Model], int]] = field(default_factory=list)
    write: list[tuple[type[models.Model], int, Row]] = field(default_factory=list)
    add: list[tuple[type[models.Model], int, Row]] = field(default_factory=list)
    since: set[str] = field(default_factory=set)


def undo(record: models.Model, change: Change, *, by: User, reason: str = "") -> None:
    """Bring the fields that `change` touched back to what they were before it.

    Raises CannotUndo when a field was changed again since (its present value is kept), when the
    change made the record, or when there is nothing left to set back.
    """
    why = reason or f"sets back the change of {change.at:%Y-%m-%d %H:%M}"
    with transaction.atomic(), act(by=by, reason=why, undoes=change.key):
        # Whoever undoes or writes the same record at this moment comes after us.
        type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        again = next((known for known in changes_of(record) if known.key == change.key), None)
        set_back(again.deltas if again else [])


def undo_act(change: Change, *, by: User, reason: str = "") -> int:
    """Bring back all that the act of `change` did, in every record; returns how many records.

    This is how a merge is undone. Raises CannotUndo as `undo` does, and for acts that were no
    single decision (a load of the data files).
    """
    context = change.deltas[0].context
    if context is None or change.why.get("command") or change.why.get("task"):
        raise CannotUndo(gettext("This was not one decision. Undo it record by record."))
    why = reason or f"sets back all that was done on {change.at:%Y-%m-%d %H:%M}"
    with transaction.atomic(), act(by=by, reason=why, undoes=change.key):
        deltas = deltas_of_act(context)
        if len(deltas) > MOST_ROWS:
            raise CannotUndo(
                gettext("It changed {deltas} rows. Undo it record by record.").format(
                    deltas=len(deltas)
                )
            )
        moved = moved_rows(change.why.get("moved", {}))
        set_back(deltas)
        moved.give_back()
    return len(records_of(deltas))


def records_of(deltas: Iterable[Delta]) -> set[tuple[str, int]]:
    """The records that were touched: kind and id."""
    records: set[tuple[str, int]] = set()
    for delta in deltas:
        row = delta.before or delta.after or {}
        if delta.model in KIND_OF:
            records.add((KIND_OF[delta.model], delta.pk))
        elif delta.model in OWNERS and OWNERS[delta.model].of is None:
            part = OWNERS[delta.model]
            records.add((KIND_OF_PART[delta.model], row[part.column]))
    return records


def set_back(deltas: Iterable[Delta]) -> None:
    """Write what was before `deltas`, in the caller's transaction and act. Raises CannotUndo."""
    plan = _planned(list(deltas))
    if plan.since:
        names = ", ".join(sorted(plan.since))
        raise CannotUndo(
            gettext(
                "Changed again since: {names}. Nothing was set back. Correct what is wrong "
                "by hand, or undo the later change first."
            ).format(names=names)
        )
    if not (plan.remove or plan.write or plan.add):
        raise CannotUndo(gettext("There is nothing to set back: the record is as it was before."))
    try:
        with transaction.atomic():
            _carry_out(plan)
    except IntegrityError as error:
        raise CannotUndo(
            gettext(
                "Something that was added since stands in the way. Nothing was set back; "
                "correct the record by hand."
            )
        ) from error


def _planned(deltas: list[Delta]) -> _Plan:
    """Over several events of one row: from the first `before` to the last `after`."""
    plan = _Plan()
    spans: dict[tuple[type[models.Model], int], tuple[Row | None, Row | None]] = {}
    for delta in sorted(deltas, key=lambda delta: delta.event):
        place = (delta.model, delta.pk)
        spans[place] = (spans.get(place, (delta.before,))[0], delta.after)
    for model in TRACKED:
        # The last first: what gave a unique value away gets it back after who took it.
        mine = {pk: span for (of, pk), span in reversed(spans.items()) if of is model}
        columns = columns_of(model)
        rows = model._base_manager.select_for_update().filter(pk__in=mine).values("pk", *columns)
        now = {row.pop("pk"): row for row in rows}
        for pk, (before, after) in mine.items():
            _plan_row(plan, model, pk, before, after, now.get(pk))
    return plan


def _plan_row(
    plan: _Plan,
    model: type[models.Model],
    pk: int,
    before: Row | None,
    after: Row | None,
    now: Row | None,
) -> None:
    name = str(model._meta.verbose_name)
    if before is None and after is not None:
        if now is not None and model in KIND_OF:
            _plan_withdrawal(plan, model, pk)
        elif now == after:
            plan.remove.append((model, pk))
        else:
            plan.since.add(name)
    elif after is None and before is not None:
        if now is None:
            plan.add.append((model, pk, before))
        elif now != before:
            plan.since.add(name)
    elif before is not None and after is not None:
        changed = [column for column in before if before[column] != after[column]]
        back = {c: before[c] for c in changed if now is not None and now[c] == after[c]}
        for column in changed:
            if now is None or column in back:
                continue
            entries = _entries_back(before[column], after[column], now[column])
            if entries is not None:
                back[column] = entries
        plan.since |= {
            column.removesuffix("_id")
            for column in changed
            if column not in back and (now is None or now[column] != before[column])
        }
        if back:
            plan.write.append((model, pk, back))


def _entries_back(before: object, after: object, now: object) -> dict[str, object] | None:
    """A mapping as it is now with the entries that the act changed as they were before it.

    What two acts write into different entries (lists of a workshop, say) is undone one by one.
    None when it is no mapping, or an entry was changed again since.
    """
    if not (isinstance(before, dict) and isinstance(after, dict) and isinstance(now, dict)):
        return None
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    if any(now.get(name) != after.get(name) for name in names):
        return None
    kept = {name: value for name, value in now.items() if name not in names}
    return kept | {name: before[name] for name in names if name in before}


def _plan_withdrawal(plan: _Plan, model: type[models.Model], pk: int) -> None:
    """Nothing is deleted: a paper that the act made is withdrawn, other records stay."""
    if model is Paper:
        plan.write.append((model, pk, {"state": Paper.State.WITHDRAWN}))


def _carry_out(plan: _Plan) -> None:
    for model, pk in plan.remove:
        rows = model._base_manager.filter(pk=pk)
        rows._raw_delete(rows.db)  # no cascade: what hangs on it is in the plan, or stops it
    for model, pk, values in plan.write:
        model._base_manager.filter(pk=pk).update(**values)
    for model, pk, values in plan.add:
        model._base_manager.bulk_create([model(pk=pk, **values)])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    touched = {pk for model, pk, _ in plan.write if model is Paper}
    for model, _, values in (*plan.add, *plan.write):
        if model is not Paper and "paper_id" in values and values["paper_id"]:
            touched.add(values["paper_id"])
    for paper in Paper.objects.filter(pk__in=touched):
        Paper.objects.filter(pk=paper.pk).update(updated_at=timezone.now())
        refresh_versions(paper)
