"""Labs, organisations, courses and books: their files hold just what their rows hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from papers.data_files.schema import SCHEMAS
from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place
from papers.persons import Spellings

Fields = dict[str, Any]


class Places:
    """One file a record, each field of which is a column."""

    at_once = 200
    kind: ClassVar[str]
    model: ClassVar[type[Place]]

    def __init__(self, spellings: Spellings) -> None:
        self.rows = self.model._default_manager

    def known(self) -> set[str]:
        return set(self.rows.values_list("slug", flat=True))

    def read_many(self, keys: Sequence[str]) -> dict[str, Fields]:
        names = list(SCHEMAS[self.kind])
        return {row["slug"]: row for row in self.rows.filter(slug__in=keys).values(*names)}

    def write_new(self, records: Mapping[str, Fields]) -> None:
        self.rows.bulk_create(
            self.model(**{**fields, "slug": slug}) for slug, fields in records.items()
        )

    def write_changed(self, records: Mapping[str, Fields]) -> None:
        for record in self.rows.filter(slug__in=list(records)):
            for name, value in records[record.slug].items():
                setattr(record, name, value)
            record.save()

    def write(self, key: str, fields: Fields) -> None:
        is_here = self.rows.filter(slug=key).exists()
        (self.write_changed if is_here else self.write_new)({key: fields})


class Labs(Places):
    kind, model = "lab", Lab


class Organisations(Places):
    kind, model = "organisation", Organisation


class Courses(Places):
    kind, model = "course", Course


class Books(Places):
    kind, model = "book", Book
