"""The kinds of records that have a page, a history and corrections, under one roof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from accounts.models import Visitor
from accounts.roles import is_curator
from papers.data_files.files import KEY_FIELD
from papers.models import (
    Book,
    Course,
    Lab,
    Method,
    Organisation,
    Paper,
    Person,
    Venue,
    Workshop,
)
from taxonomy.models import Topic

_AWAY = (Paper.State.WITHDRAWN, Paper.State.MERGED)


@dataclass(frozen=True)
class RecordKind:
    """name: in rows and forms. plural: the first part of its addresses. key: what names a row."""

    name: str
    plural: str
    model: type[models.Model]
    key: str

    def rows(self, user: Visitor) -> QuerySet[Any]:
        """Records that `user` may see; curators also what was merged or withdrawn."""
        if self.model is Method:
            return Method.objects.visible_to(user)
        if self.model is Workshop:  # of what is no public record nobody sees a past
            return Workshop.objects.visible_to()
        if self.model not in (Paper, Person):
            return self.model._default_manager.all()
        everything: Any = self.model._default_manager
        seen = Q(pk__in=everything.visible_to(user).values("pk"))
        away = Q(state__in=_AWAY) if self.model is Paper else ~Q(merged_into=None)
        return everything.filter(seen | away if is_curator(user) else seen)

    def find(self, key: str, user: Visitor) -> Any:
        """The record, or None."""
        return self.rows(user).filter(**{self.key: key}).first()

    def key_of(self, record: object) -> str:
        return str(getattr(record, self.key))


KINDS = {
    name: RecordKind(name, plural, model, KEY_FIELD[name])
    for name, plural, model in (
        ("paper", "papers", Paper),
        ("person", "people", Person),
        ("venue", "venues", Venue),
        ("workshop", "workshops", Workshop),
        ("topic", "topics", Topic),
        ("method", "methods", Method),
        ("lab", "labs", Lab),
        ("organisation", "organisations", Organisation),
        ("course", "courses", Course),
        ("book", "books", Book),
    )
}
BY_PLURAL = {kind.plural: kind for kind in KINDS.values()}
KIND_OF = {kind.model: kind for kind in KINDS.values()}


def kind_of(record: models.Model) -> RecordKind:
    """The kind of a record."""
    return KIND_OF[type(record)]
