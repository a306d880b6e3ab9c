"""From events to what each of them did to its row. Pure reading; exact whatever ran side by side.

The row after an update is the row before the next event of the same row, or the row as it is now;
so events of one row in the order of their ids say everything, and no copy of the present is kept.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from papers.history.shapes import Row, columns_of, events_of
from papers.models import TRACKED

MOST_EVENTS = 4000
"""Of one table and record, the newest first: bounds what a page reads."""
HEAD = ("pgh_id", "pgh_label", "pgh_created_at", "pgh_context_id", "id")


@dataclass(frozen=True)
class Delta:
    """One event: the row before and after it; None where there was none."""

    model: type[models.Model]
    pk: int
    event: int
    at: dt.datetime
    context: uuid.UUID | None
    before: Row | None
    after: Row | None

    @property
    def changed(self) -> list[str]:
        """Columns of an updated row that differ."""
        if self.before is None or self.after is None:
            return []
        return [name for name, value in self.before.items() if self.after[name] != value]

    @property
    def group(self) -> tuple[Any, ...]:
        """Names the act: what is said to belong together, or else one transaction."""
        return (self.context,) if self.context else (self.at,)


@dataclass
class Past:
    """All events of one table for one record, newest first, and its rows as they are now."""

    model: type[models.Model]
    column: str
    owners: frozenset[int]
    now: dict[int, Row] = field(default_factory=dict)
    deltas: list[Delta] = field(default_factory=list)

    def owns(self, row: Row | None) -> bool:
        """Whether a row with these values belongs to the record: a merge moves rows."""
        return row is not None and (self.column == "id" or row[self.column] in self.owners)

    def rows_before(self, now: dict[int, Row], deltas: Iterable[Delta]) -> dict[int, Row]:
        """The record's rows before `deltas` (newest first), which led to `now`."""
        rows = dict(now)
        for delta in deltas:
            if delta.before is not None and self.owns(delta.before):
                rows[delta.pk] = delta.before
            else:
                rows.pop(delta.pk, None)
        return rows


def past_of(model: type[models.Model], column: str, owners: Iterable[int]) -> Past:
    """Everything that happened to the rows of `model` that belong to `owners`, now or once.

    column: "id" for the record's own row, else the foreign key to the owner. Takes two queries.
    """
    past = Past(model, column, frozenset(owners))
    mine = {f"{column}__in": past.owners}
    once = events_of(model)._default_manager.filter(**mine).values("id")
    now, past.deltas = _told(model, Q(**mine) | Q(pk__in=once), once)
    past.now = {pk: row for pk, row in now.items() if past.owns(row)}
    return past


def deltas_of(model: type[models.Model], pks: Iterable[int]) -> tuple[dict[int, Row], list[Delta]]:
    """The rows as they are now, and all that happened to them, newest first. Two queries."""
    return _told(model, Q(pk__in=pks), pks)


def _told(
    model: type[models.Model], current: Q, once: Iterable[int] | models.QuerySet[Any, Any]
) -> tuple[dict[int, Row], list[Delta]]:
    """Rows that fulfil `current`, and the events of these and of those with an id in `once`."""
    columns, events = columns_of(model), events_of(model)._default_manager.all()
    present = model._base_manager.filter(current).values("pk", *columns)
    now: dict[int, Row] = {row.pop("pk"): row for row in present}
    later: dict[int, Row | None] = dict(now)
    deltas = []
    tracked = "pgh_obj_id" if hasattr(events.model, "pgh_obj") else "id"
    about_record = Q(**{f"{tracked}__in": list(now)}) | Q(**{f"{tracked}__in": once})
    rows = events.filter(about_record).order_by("-pgh_id")
    for event in rows.values(*HEAD, *columns)[:MOST_EVENTS]:
        number, label, at, context, pk = (event.pop(name) for name in HEAD)
        before = None if label == "insert" else event
        after = event if label == "insert" else None if label == "delete" else later.get(pk)
        deltas.append(Delta(model, pk, number, at, context, before, after))
        later[pk] = before
    return now, deltas


def deltas_of_act(context: uuid.UUID) -> list[Delta]:
    """All that one act did, in every table."""
    deltas: list[Delta] = []
    for model in TRACKED:
        events = events_of(model)._default_manager.filter(pgh_context_id=context)
        if pks := set(events.values_list("id", flat=True)):
            deltas += [d for d in deltas_of(model, pks)[1] if d.context == context]
    return deltas
