"""The changes of a record, newest first: who, when, why, and what changed field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from pghistory.models import Context

from accounts.models import User
from accounts.words import Words
from papers.history.deltas import Delta, Past, past_of
from papers.history.shapes import KIND_OF, SHAPES, Part, Shape
from papers.history.wording import Piece, pieces, source_in_words
from papers.models import Paper, Person
from taxonomy.models import Topic

NAMES = {
    "arxiv": Words("identifier on arXiv"),
    "doi": "DOI",
    "openreview": Words("identifier on OpenReview"),
    "acl": Words("identifier in the ACL Anthology"),
    "tldr": Words("summary"),
    "tldr_zh": Words("summary in Chinese"),
    "orcid": "ORCID",
    "url": Words("address"),
    "name_zh": Words("name in Chinese"),
    "merged_into": Words("merged into"),
    "title": Words("title"),
    "authors": Words("authors"),
    "year": Words("year"),
    "month": Words("month"),
    "venue": Words("venue"),
    "abstract": Words("abstract"),
    "topics": Words("topics"),
    "suggested_topics": Words("suggested topics"),
    "code": Words("code"),
    "volume": Words("volume"),
    "issue": Words("issue"),
    "pages": Words("pages"),
    "publisher": Words("publisher"),
    "published_month": Words("month of publication"),
    "kind": Words("kind"),
    "role": Words("role"),
    "names": Words("names"),
    "awards": Words("awards"),
    "contribution": Words("contribution"),
    "findings": Words("findings"),
    "texts_by": Words("texts by"),
    "name": Words("name"),
    "full_name": Words("full name"),
    "aliases": Words("other names"),
    "affiliation": Words("affiliation"),
    "homepage": Words("homepage"),
    "definition": Words("definition"),
    "definition_zh": Words("definition in Chinese"),
    "parent": Words("topic above it"),
    "part_of": Words("part of"),
    "links": Words("links"),
    "sources": Words("sources"),
    "state": Words("state"),
    "date": Words("day"),
    "location": Words("place"),
    "summary": Words("summary"),
    "people": Words("people"),
    "schedule": Words("programme"),
    "important_dates": Words("dates"),
    "accepted_papers": Words("accepted papers"),
    "news": Words("news"),
    "sponsors": Words("sponsors"),
    "versions": Words("versions"),
    "unconfirmed": Words("unconfirmed"),
    "position": Words("position"),
}


@dataclass(frozen=True)
class FieldChange:
    """One field, in words or as lists of words, before and after."""

    name: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        return NAMES.get(self.name, self.name.replace("_", " "))

    @property
    def pieces(self) -> list[Piece]:
        """The difference, for a page."""
        if self.name == "sources":
            return pieces(
                *([source_in_words(item) for item in v] for v in (self.before, self.after))
            )
        return pieces(self.before, self.after)


@dataclass
class Change:
    """What one act did to one record. `record_is_new`: the act made the record."""

    key: str
    at: dt.datetime
    deltas: list[Delta]
    fields: list[FieldChange] = field(default_factory=list)
    record_is_new: bool = False
    by: User | None = None
    why: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return str(self.why.get("reason", ""))

    @property
    def source(self) -> str:
        """What acted, where no account did."""
        if command := self.why.get("command"):
            return f"manage.py {command}"
        return str(self.why.get("task", "")) or (
            "" if self.why else Words("directly in the database")
        )


def changes_of(record: models.Model) -> list[Change]:
    """All changes of a paper, person, venue, topic, workshop or event, newest first.

    The number of queries depends on the kind of record alone.
    """
    shape = SHAPES[KIND_OF[type(record)]]
    pasts = pasts_of(record, shape)
    changes = _grouped(pasts)
    _tell_fields(shape, pasts, changes)
    _tell_who(changes)
    _put_names(changes)
    return [change for change in changes if change.fields or change.record_is_new]


def pasts_of(record: models.Model, shape: Shape) -> list[Past]:
    """The past of the record's own row, then of each of its parts."""
    pasts = [past_of(shape.model, "id", [record.pk])]
    rows: dict[type[models.Model] | None, set[int]] = {None: {record.pk}}
    for part in shape.parts:
        past = past_of(part.model, part.column, rows[part.of])
        rows[part.model] = set(past.now) | {delta.pk for delta in past.deltas}
        pasts.append(past)
    return pasts


def _grouped(pasts: Iterable[Past]) -> list[Change]:
    groups: dict[tuple[Any, ...], list[Delta]] = {}
    for past in pasts:
        for delta in past.deltas:
            groups.setdefault(delta.group, []).append(delta)
    changes = [
        Change(_key(deltas[0]), max(d.at for d in deltas), deltas) for deltas in groups.values()
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def _key(delta: Delta) -> str:
    """Names a change in an address."""
    return str(delta.context) if delta.context else f"{delta.at.timestamp():.6f}"


def _tell_fields(shape: Shape, pasts: list[Past], changes: Iterable[Change]) -> None:
    own, *parts = pasts
    now = {id(past): dict(past.now) for past in parts}
    for change in changes:
        for delta in (d for d in change.deltas if d.model is own.model):
            change.record_is_new = change.record_is_new or delta.before is None
            change.fields += _scalars(shape, delta)
        for part, past in zip(shape.parts, parts, strict=True):
            deltas = [d for d in change.deltas if d.model is past.model]
            if not deltas:
                continue
            after = now[id(past)]
            before = now[id(past)] = past.rows_before(after, sorted(deltas, key=_newest_first))
            field_change = FieldChange(part.name, _listed(part, before), _listed(part, after))
            if field_change.before != field_change.after:
                change.fields.append(field_change)


def _newest_first(delta: Delta) -> int:
    return -delta.event


def _scalars(shape: Shape, delta: Delta) -> list[FieldChange]:
    before, after = delta.before, delta.after
    if before is None or after is None:
        return []
    return [
        FieldChange(_plain(shape.model, column), before[column], after[column])
        for column in delta.changed
        if column not in shape.hidden
    ]


def _plain(model: type[models.Model], column: str) -> str:
    """The field's name of a column: venue for venue_id."""
    return next(f.name for f in model._meta.fields if f.attname == column)


def _listed(part: Part, rows: dict[int, dict[str, Any]]) -> list[str]:
    in_order = sorted(rows.items(), key=lambda item: (item[1].get("position", 0), item[0]))
    return [part.words(row) for _, row in in_order]


def _tell_who(changes: Iterable[Change]) -> None:
    contexts = Context.objects.in_bulk({d.context for c in changes for d in c.deltas if d.context})
    for change in changes:
        context = contexts.get(change.deltas[0].context)  # type: ignore[arg-type]
        change.why = dict(context.metadata) if context else {}
    accounts = get_user_model()._default_manager.in_bulk(
        {change.why["user"] for change in changes if change.why.get("user")}
    )
    for change in changes:
        change.by = accounts.get(change.why.get("user"))


# Fields whose values are ids of other rows, and the rows' names.
_IDS: dict[str, type[models.Model]] = {"topics": Topic, "speakers": Person, "papers": Paper}


def _put_names(changes: list[Change]) -> None:
    """Say names where columns hold ids."""
    kinds = dict(_IDS)
    for model in {delta.model for change in changes for delta in change.deltas} & set(KIND_OF):
        for column in model._meta.fields:
            if column.many_to_one:
                kinds[column.name] = column.related_model  # type: ignore[assignment]
            else:  # some records keep words, slugs or keys in a list that is so called
                kinds.pop(column.name, None)
    wanted: dict[type[models.Model], set[int]] = {}
    for change in changes:
        for field_change in change.fields:
            if field_change.name in kinds:
                wanted.setdefault(kinds[field_change.name], set()).update(_ids(field_change))
    named = {model: model._default_manager.in_bulk(pks) for model, pks in wanted.items()}
    for change in changes:
        change.fields = [
            _with_names(field_change, named[kinds[field_change.name]])
            if field_change.name in kinds
            else field_change
            for field_change in change.fields
        ]


def _ids(change: FieldChange) -> set[int]:
    values = [change.before, change.after]
    flat = [pk for value in values for pk in (value if isinstance(value, list) else [value])]
    return {int(pk) for pk in flat if pk is not None}


def _with_names(change: FieldChange, rows: dict[int, Any]) -> FieldChange:
    def name(value: Any) -> Any:
        if isinstance(value, list):
            return [name(pk) for pk in value]
        return None if value is None else str(rows.get(int(value), f"no. {value}, gone"))

    return FieldChange(change.name, name(change.before), name(change.after))
