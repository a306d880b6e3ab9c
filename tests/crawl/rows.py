"""Rows of the database as the values of an address's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Manager, QuerySet

from community.models import PublicList
from papers.models import Paper, Person

Rows = Iterable[tuple[Any, ...]]

PAPERS = Paper.objects.filter(state=Paper.State.PUBLIC)
LISTS = PublicList.objects.public()
PEOPLE = Person.objects.visible_to(None)


def columns(rows: QuerySet[Any] | Manager[Any], *names: str) -> Callable[[], Rows]:
    """In an order that two databases with the same rows share: a sample of them is then the same."""
    return lambda: rows.order_by(*names).values_list(*names)


def column(rows: QuerySet[Any] | Manager[Any], name: str = "pk") -> Callable[[], Rows]:
    return columns(rows, name)


def keys() -> list[str]:
    return list(PAPERS.order_by("key").values_list("key", flat=True))


def each(*rows: Any) -> Callable[[], Rows]:
    return lambda: [(row,) for row in rows]
