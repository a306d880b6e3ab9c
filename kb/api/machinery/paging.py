"""Keyset cursors: pages that neither skip nor repeat a row while rows come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, F, Field, Model, Q, QuerySet

from kb.api.machinery.errors import InvalidParameters, ParameterError
from kb.api.machinery.opaque import instant, packed, unpacked
from kb.api.machinery.parameters import Parameter

LARGEST_PAGE = 100
USUAL_PAGE = 25
FIRST = "*"

PARAMETERS = (
    Parameter(
        "cursor",
        "Where to go on: `*` for the beginning, then the value in `next`. Opaque; do not build it.",
    ),
    Parameter("per_page", "Results a page.", "integer", least=1, most=LARGEST_PAGE),
    Parameter("with_count", "1 adds `count`, the number of all results.", "flag"),
)


@dataclass(frozen=True)
class Order:
    """A total order: field names, "-" for descending, the last one unique."""

    name: str
    keys: tuple[str, ...]

    def sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(*(self._expression(key) for key in self.keys))

    def after(self, values: tuple[Any, ...]) -> Q:
        """Rows that come behind the row with these values.

        The first key is also compared alone, so that an index on it can be used.
        """
        behind = Q()
        for depth, key in enumerate(self.keys):
            equal = {name.lstrip("-"): values[i] for i, name in enumerate(self.keys[:depth])}
            behind |= Q(**equal, **{self._beyond(key): values[depth]})
        return Q(**{self._beyond(self.keys[0]) + "e": values[0]}) & behind

    def values_of(self, row: object) -> tuple[Any, ...]:
        return tuple(_attribute(row, key.lstrip("-")) for key in self.keys)

    @staticmethod
    def _expression(key: str) -> Any:
        return F(key[1:]).desc() if key.startswith("-") else F(key).asc()

    @staticmethod
    def _beyond(key: str) -> str:
        return f"{key[1:]}__lt" if key.startswith("-") else f"{key}__gt"


@dataclass(frozen=True)
class Page:
    """One page of rows, and the cursor of the next one (None at the end)."""

    rows: list[Any]
    next_cursor: str | None
    count: int | None = None


def page_of(rows: QuerySet[Any], order: Order, given: dict[str, Any]) -> Page:
    """The page that the checked parameters `given` ask for. One query, one more for the count.

    Raises InvalidParameters for a cursor that is damaged or was made for another order.
    """
    size = given.get("per_page", USUAL_PAGE)
    count = rows.count() if given.get("with_count") else None
    ordered = order.sorted(rows)
    cursor = given.get("cursor", FIRST)
    if cursor != FIRST:
        ordered = ordered.filter(order.after(_place(cursor, order, rows.model)))
    taken = list(ordered[: size + 1])
    more = len(taken) > size
    taken = taken[:size]
    following = encode(order.name, order.values_of(taken[-1])) if more else None
    return Page(taken, following, count)


def encode(order_name: str, values: tuple[Any, ...]) -> str:
    """A cursor: order and place, as text that survives an address."""
    return packed([order_name, *values])


def decode(cursor: str, order_name: str, length: int) -> list[Any]:
    """The values in a cursor.

    Raises InvalidParameters when it is damaged or belongs to another order.
    """
    try:
        values = unpacked(cursor)
    except ValueError as error:
        raise bad_cursor() from error
    if not values:
        raise bad_cursor()
    if values[0] != order_name:
        raise bad_cursor("was made for another order; start again with cursor=*")
    if len(values) != length + 1:
        raise bad_cursor()
    return values[1:]


def bad_cursor(reason: str = "is damaged; start again with cursor=*") -> InvalidParameters:
    return InvalidParameters(
        [ParameterError("cursor", "invalid_cursor", f"cursor: this cursor {reason}.")]
    )


def _place(cursor: str, order: Order, model: type[Model]) -> tuple[Any, ...]:
    values = decode(cursor, order.name, len(order.keys))
    try:
        return tuple(
            _value(_field(model, key.lstrip("-")), value)
            for key, value in zip(order.keys, values, strict=True)
        )
    except (ValidationError, ValueError) as error:
        raise bad_cursor() from error


def _value(field: Field[Any, Any], value: str | int) -> object:
    """What a row has in this field. Raises ValidationError, ValueError."""
    return instant(str(value)) if isinstance(field, DateTimeField) else field.to_python(value)


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _attribute(row: object, name: str) -> object:
    value = getattr(row, name)
    return value.isoformat() if hasattr(value, "isoformat") else value
