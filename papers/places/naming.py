"""Labs, organisations, courses and books by what one types: whole names, and how names begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place
from papers.names import fold

PLACES: tuple[type[Place], ...] = (Lab, Organisation, Course, Book)
SHORTEST = 2
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


def all_places() -> list[NamedPlace]:
    """Every record of the four kinds, by name; one query."""
    first, *others = (_rows(model) for model in PLACES)
    rows: Any = first.union(*others, all=True)
    places = [
        NamedPlace(kind, slug, name, name_zh, tuple(aliases), detail)
        for kind, slug, name, name_zh, aliases, detail in rows
    ]
    return sorted(places, key=lambda place: (fold(place.name), place.slug))


def _rows(model: type[Place]) -> QuerySet[Any, Any]:
    rows = model._default_manager.order_by().annotate(
        of_kind=Value(model._meta.model_name, CharField()), detail=Cast(_DETAIL[model], CharField())
    )
    return rows.values_list("of_kind", "slug", "name", "name_zh", "aliases", "detail")


def places_named(text: str) -> list[NamedPlace]:
    """Those of which the text is a whole name, in any case."""
    wanted = _key(text)
    if len(wanted) < SHORTEST:
        return []
    return [place for place in all_places() if wanted in {_key(name) for name in place.names}]


def places_begun(typed: str) -> list[NamedPlace]:
    """Those with a name in which every typed word begins a word; Chinese anywhere in a name."""
    parts = fold(typed).split()
    if len(_key(typed)) < SHORTEST:
        return []
    if not parts:
        return [place for place in all_places() if typed.strip() in place.name_zh]
    return [place for place in all_places() if any(_begins(name, parts) for name in place.names)]


def _begins(name: str, parts: list[str]) -> bool:
    words = fold(name).split()
    return all(any(word.startswith(part) for word in words) for part in parts)


def _key(text: str) -> str:
    return fold(text).replace(" ", "") or text.strip()
