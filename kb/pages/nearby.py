"""What a reader may have meant by an address at which nothing stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from django.db.models import QuerySet

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Paper, Person, Workshop
from taxonomy.models import Topic

MOST_WORDS, MOST_OF_A_KIND, MOST_LOOKED_AT = 6, 4, 400
_WORD = re.compile(r"[^\W_]{2,}")
_ROOMS = frozenset(
    ["papers", "paper", "topics", "topic", "people", "person", "venues", "workshops", "html", "www"]
)

Group = tuple[str, list[Any]]


def nearby(path: str, user: Visitor) -> list[Group]:
    """Records whose names hold the words of `path`, by kind. Takes five queries at most."""
    words = words_of(path)
    if not words:
        return []
    groups: list[Group] = [
        (Words("Papers"), _papers(words, user)),
        (Words("Topics"), _close(words, Topic.objects.all())),
        (Words("People"), _close(words, _beginning(words, Person.objects.visible_to(user)))),
        (Words("Workshops"), _close(words, Workshop.objects.visible_to(user))),
    ]
    return [(title, records) for title, records in groups if records]


def words_of(path: str) -> list[str]:
    """The words of an address that say what was looked for, in small letters."""
    words = _WORD.findall(unquote(path).lower())
    return [word for word in words if word not in _ROOMS][:MOST_WORDS]


def _papers(words: list[str], user: Visitor) -> list[Paper]:
    """Papers with all the words in their titles, else with a key like the address."""
    papers = Paper.objects.visible_to(user)
    titled = papers
    for word in words:
        titled = titled.filter(title__icontains=word)
    if newest := list(titled.order_by("-year", "key")[:MOST_OF_A_KIND]):
        return newest
    begins = papers.filter(key__startswith=words[0][:3]).order_by("key")[:MOST_LOOKED_AT]
    by_key = {paper.key: paper for paper in begins}
    return [by_key[key] for key in _alike("".join(words), by_key)]


def _beginning(words: list[str], people: QuerySet[Any]) -> QuerySet[Any]:
    return people.filter(slug__regex=rf"(^|-)({'|'.join(word[:3] for word in words)})").order_by(
        "slug"
    )[:MOST_LOOKED_AT]


def _close(words: list[str], records: Iterable[Any]) -> list[Any]:
    """Records whose slugs hold every word, and then those spelled nearly alike."""
    by_slug = {record.slug: record for record in records}
    holding = [slug for slug in by_slug if all(word in slug for word in words)]
    slugs = dict.fromkeys([*holding, *_alike("-".join(words), by_slug)])
    return [by_slug[slug] for slug in list(slugs)[:MOST_OF_A_KIND]]


def _alike(name: str, names: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, names, MOST_OF_A_KIND, cutoff=0.72)
