"""Labs, organisations, courses and books by what one types: whole names, and how names begin."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place
from papers.names import fold

PLACES: tuple[type[Place], ...] = (Lab, Organisation, Course, Book)
SHORTEST, LONGEST = 2, 300  # characters of a name; the longest are titles of books
WORDS = {"lab": "Lab", "organisation": "Organisation", "course": "Course", "book": "Book"}


@dataclass(frozen=True)
class NamedPlace:
    """A record in one line. kind: as in the addresses of its pages, in the singular."""

    kind: str
    slug: str
    name: str
    name_zh: str
    aliases: tuple[str, ...]
    detail: str

    @property
    def word(self) -> str:
        return WORDS[self.kind]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, *self.aliases, self.name_zh) if name)

    def get_absolute_url(self) -> str:
        return reverse(self.kind, args=[self.slug])


_DETAIL = {Lab: "affiliation", Organisation: "kind", Course: "provider", Book: "publisher"}


@dataclass(frozen=True)
class _Places:
    """Every record of the four kinds, by name, and those that bear each name."""

    all: tuple[NamedPlace, ...]
    by_key: dict[str, list[NamedPlace]]


def _places() -> _Places:
    """The records as they are now, read again when one of them has changed."""
    with connection.cursor() as cursor:
        cursor.execute(STATE_OF_PLACES)
        return _as_of(tuple(cursor.fetchone()))


@lru_cache(maxsize=1)
def _as_of(state: tuple[Any, ...]) -> _Places:
    """The records as they are in a state of the tables; one query."""
    with connection.cursor() as cursor:
        cursor.execute(*_question())
        rows = cursor.fetchall()
    places = [
        NamedPlace(kind, slug, name, name_zh, tuple(json.loads(aliases)), detail)
        for kind, slug, name, name_zh, aliases, detail in rows
    ]
    places.sort(key=lambda place: (_folded(place.name), place.slug))
    by_key: dict[str, list[NamedPlace]] = defaultdict(list)
    for place in places:
        for key in dict.fromkeys(_key(name) for name in place.names):
            by_key[key].append(place)
    return _Places(tuple(places), dict(by_key))


# Every search asks for places by name, and one hardly ever changes: only which version of each row
# there is is looked at, told from others by the command and transaction that wrote it.
_VERSIONS = " UNION ALL ".join(
    f"SELECT concat_ws('.', tableoid, id, xmin, cmin) AS version FROM {model._meta.db_table}"  # noqa: S608 - names of models
    for model in PLACES
)
STATE_OF_PLACES = f"""
SELECT current_database()::text, count(*), sum(hashtextextended(version, 0)) FROM ({_VERSIONS}) rows
"""  # noqa: S608 - names of models


@cache
def _question() -> tuple[str, tuple[Any, ...]]:
    """All of the four kinds in SQL: every search asks it, and to put it together takes the ORM
    several times as long as PostgreSQL takes to answer."""
    first, *others = (_rows(model) for model in PLACES)
    union: Any = first.union(*others, all=True)
    sql, values = union.query.sql_with_params()
    return sql, tuple(values)


def _rows(model: type[Place]) -> QuerySet[Any, Any]:
    rows = model._default_manager.order_by().annotate(
        of_kind=Value(model._meta.model_name, CharField()), detail=Cast(_DETAIL[model], CharField())
    )
    return rows.values_list("of_kind", "slug", "name", "name_zh", "aliases", "detail")


def places_named(text: str, told: Sequence[Any] = ()) -> list[NamedPlace]:
    """Those of which the text is a whole name, in any case.

    told: the row that STATE_OF_PLACES gives, where it was asked for along with something else.
    """
    wanted = _key(text)
    if not SHORTEST <= len(wanted) <= LONGEST:
        return []
    places = _as_of(tuple(told)) if told else _places()
    return list(places.by_key.get(wanted, ()))


def places_begun(typed: str) -> list[NamedPlace]:
    """Those with a name in which every typed word begins a word; Chinese anywhere in a name."""
    parts = fold(typed).split()
    if len(_key(typed)) < SHORTEST:
        return []
    if not parts:
        return [place for place in _places().all if typed.strip() in place.name_zh]
    return [place for place in _places().all if any(_begins(name, parts) for name in place.names)]


def _begins(name: str, parts: list[str]) -> bool:
    words = fold(name).split()
    return all(any(word.startswith(part) for word in words) for part in parts)


_folded = lru_cache(maxsize=4096)(fold)


def _key(text: str) -> str:
    return _folded(text).replace(" ", "") or text.strip()
