"""Rows that belong to a record, read in the query that reads the record.

`prefetch_related` asks once for each relation. A page about one paper has a dozen relations with a
handful of rows each, and a query costs more than its rows: here PostgreSQL hands them over inside
the record's own row, one document of JSON for each relation. Whoever reads `paper.links.all()`
notices no difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models import F, Func, JSONField, OuterRef, Subquery, TextField
from django.db.models.query import ModelIterable

_PREFIX = "_along_"
_Rows = TypeVar("_Rows", bound="models.QuerySet[Any]")
_Record = TypeVar("_Record", bound=models.Model)


def read_along(records: _Rows, *paths: str) -> _Rows:
    """`records` with the rows of these relations, in no further query.

    paths: as for `prefetch_related`: "links", or with the one record that each of the rows points
    to, "authorships__person". Rows come in the order of their model's Meta.
    """
    read = left_as_read(records, *paths)
    read._iterable_class = _WithRows
    return read


def left_as_read(records: _Rows, *paths: str) -> _Rows:
    """As `read_along`, but what was read along stays as it came until `attach` makes rows of it:
    for whoever may need no more than to know whether anything has changed (`as_read`)."""
    documents = {}
    for path in paths:
        shape = _shape_of(records.model, path)
        of_record = shape.model._default_manager.filter(**{shape.back.name: OuterRef("pk")})
        row = Func(*map(F, shape.names), function="json_build_array", output_field=JSONField())
        documents[_PREFIX + path] = _Document(of_record.values(row=row))
    return records.annotate(**documents)


def as_read(record: models.Model) -> tuple[Any, ...]:
    """All values that came with the record: its columns, and the records that it points to. Those
    of rows along are among them while `attach` has not made rows of them."""
    columns = [(name, value) for name, value in vars(record).items() if name != "_state"]
    led_to = [one for one in record._state.fields_cache.values() if one is not None]
    return (record._meta.label, *columns, *map(as_read, led_to))


def attach(record: _Record) -> _Record:
    """Make rows of what was read along with the record, as if they had been prefetched."""
    for name in [name for name in vars(record) if name.startswith(_PREFIX)]:
        shape = _shape_of(type(record), name.removeprefix(_PREFIX))
        _attach(record, shape, record.__dict__.pop(name))
    return record


class _Document(Subquery):
    """The rows of a subquery as one text in JSON, in their order; None where there are none."""

    template = "(SELECT json_agg(rows.row)::text FROM (%(subquery)s) AS rows)"
    output_field = TextField()


class _Shape(NamedTuple):
    """How the rows of a relation are written into JSON and read out of it.

    back: the field of the rows that leads to the record. to_one: the field that leads on, if asked
    for, and `one`: to what. names: of all columns. readers: at which place of a row what makes
    values of it. rows: all rows of all records, from which those of one are asked for again.
    """

    relation: str
    model: type[models.Model]
    back: models.ForeignKey[Any, Any]
    to_one: models.ForeignKey[Any, Any] | None
    one: type[models.Model] | None
    names: tuple[str, ...]
    columns: int
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]
    rows: models.QuerySet[Any]


_shapes: dict[tuple[str, str], _Shape] = {}


def _shape_of(model: type[models.Model], path: str) -> _Shape:
    key = (model._meta.label, path)
    if key not in _shapes:
        _shapes[key] = _make_shape(model, path)
    return _shapes[key]


def _make_shape(model: type[models.Model], path: str) -> _Shape:
    relation, _, onward = path.partition("__")
    link = model._meta.get_field(relation)
    if not isinstance(link, models.ManyToOneRel):
        raise TypeError(f"{model.__name__}.{relation} is no relation to rows of its own.")
    of_row = link.related_model
    fields = list(of_row._meta.concrete_fields)
    columns = len(fields)
    names = [field.attname for field in fields]
    to_one: models.ForeignKey[Any, Any] | None = None
    one: type[models.Model] | None = None
    if onward:
        field = of_row._meta.get_field(onward)
        if not isinstance(field, models.ForeignKey):
            raise TypeError(f"{of_row.__name__}.{onward} does not lead to one record.")
        to_one, one = field, field.related_model
        fields += one._meta.concrete_fields
        names += [f"{onward}__{column.attname}" for column in one._meta.concrete_fields]
    readers = [(place, _reader(field)) for place, field in enumerate(fields)]
    return _Shape(
        relation=relation,
        model=of_row,
        back=link.field,
        to_one=to_one,
        one=one,
        names=tuple(names),
        columns=columns,
        readers=tuple((place, reader) for place, reader in readers if reader is not None),
        rows=of_row._default_manager.all(),
    )


_AS_IN_JSON = (
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.FloatField,
    models.JSONField,
    models.ForeignKey,
)
_WRITTEN_OUT = (models.DateField, models.UUIDField)


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What makes of a value in JSON that of the field; None where they are the same."""
    if isinstance(field, _AS_IN_JSON):
        return None
    if isinstance(field, _WRITTEN_OUT):
        return field.to_python
    raise TypeError(f"{field} would not come out of JSON as it went in.")


class _WithRows(ModelIterable):
    """Records one after the other, the documents turned into the rows of their relations."""

    def __iter__(self) -> Iterator[Any]:
        return map(attach, super().__iter__())


def _attach(record: models.Model, shape: _Shape, document: str | None) -> None:
    values = json.loads(document) if document else []
    _put(record, shape, [_row(record, shape, row) for row in values])


def put(record: models.Model, relation: str, found: list[Any]) -> None:
    """Let the record have these rows of a relation, as if they had been prefetched."""
    shape = _shape_of(type(record), relation)
    for row in found:
        shape.back.set_cached_value(row, record)
    _put(record, shape, found)


def _put(record: models.Model, shape: _Shape, found: list[Any]) -> None:
    """Put the rows where `prefetch_related` would have put them.

    What is asked of the relation beyond them (`paper.links.filter(…)`) goes on from the same
    query as theirs does; it is made when it is needed, as Django does after prefetching.
    """
    rows: Any = type(shape.rows)(
        shape.model,
        query=shape.rows.query.clone(),
        using=record._state.db,
        hints={"instance": record},
    )
    rows._deferred_filter = (False, (), {shape.back.name: record})
    rows._known_related_objects = {shape.back: {record.pk: record}}
    rows._result_cache = found
    rows._prefetch_done = True
    kept: dict[str, Any] = record.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[shape.relation] = rows


def _row(record: models.Model, shape: _Shape, values: list[Any]) -> models.Model:
    for place, reader in shape.readers:
        if values[place] is not None:
            values[place] = reader(values[place])
    columns, db = shape.columns, record._state.db
    row = shape.model.from_db(db, shape.names[:columns], values[:columns])
    shape.back.set_cached_value(row, record)
    if shape.to_one is not None and shape.one is not None:
        pointed_to = None
        if getattr(row, shape.to_one.attname) is not None:
            pointed_to = shape.one.from_db(db, shape.names[columns:], values[columns:])
        shape.to_one.set_cached_value(row, pointed_to)
    return row
