"""Completing what is being typed into the search box."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from tantivy import Query

from accounts.models import Visitor
from papers.models import Paper, Person, Venue
from papers.names import fold
from papers.places.naming import places_begun
from papers.search import fields, names
from papers.search.fields import Field
from papers.search.language.grammar import clean
from papers.search.plan import visible_states
from papers.search.words import analysis, index, reader
from papers.search.words.conditions import all_of, any_of, one_of
from papers.search.words.reader import View
from papers.search.words.schema import schema

MOST = 8
MOST_OF_A_KIND = 3
MOST_EXPANSIONS = 40

_LAST = re.compile(r"(?:^|\s)-?(?:(?P<field>[^\W\d_]+)[:：])?(?P<value>\"[^\"]*|\S*)$")


@dataclass(frozen=True)
class Suggestion:
    """`value`: what the whole box holds once it is taken. `url`: address of the thing itself."""

    kind: str
    label: str
    value: str
    detail: str = ""
    url: str = ""


def suggest(text: str, *, user: Visitor = None, most: int = MOST) -> list[Suggestion]:
    """Completions of the last word, or of the last field's value, most useful first."""
    text = clean(text)
    match = _LAST.search(text)
    if not match or not text:
        return []
    typed = match["value"].strip('"')
    field = fields.by_name(match["field"]) if match["field"] else None
    if field:
        before = text[: match.start("field")]
        return list(_values(field, typed, before, user))[:most]
    before = text[: match.start("value")]
    return _mixed(text, typed, before, user)[:most]


def _mixed(text: str, typed: str, before: str, user: Visitor) -> list[Suggestion]:
    """Methods, labs and the like, operators, topics, people, venues and titles, a few of each."""
    groups = [
        list(_methods(text, "", user)),
        list(_places(text)),
        list(_fields(typed, before)),
        list(_topics(text, "")),
        list(_people(text, "", user)) or list(_people(typed, before, user)),
        list(_venues(typed, before)),
        list(_titles(text, user)),
    ]
    return [suggestion for group in groups for suggestion in group[:MOST_OF_A_KIND]]


def _values(field: Field, typed: str, before: str, user: Visitor) -> Iterator[Suggestion]:
    """Values of one field that begin as typed."""
    if field.name in _COMPLETERS:
        yield from _COMPLETERS[field.name](typed, before, user)
    elif field.values:
        yield from _choices(field, typed, before)
    else:
        example = field.shown_example
        yield Suggestion("operator", example, f"{before}{example}", "an example")


def _choices(field: Field, typed: str, before: str) -> Iterator[Suggestion]:
    """Values with a name in which every typed word begins a word; Chinese anywhere in a name."""
    folded, runs = fold(typed), analysis.cjk_runs(typed)
    for value in field.known():
        names = (value.key, value.label, *value.names)
        if runs:
            fits = any(all(run in name for run in runs) for name in names)
        else:
            fits = any(_begins(fold(name), folded) for name in names)
        if fits:
            kind = field.name if value.url else "operator"
            label = value.label if value.url else f"{field.name}:{value.key}"
            detail = value.detail if value.url else value.label
            written = f"{before}{field.name}:{value.key}"
            yield Suggestion(kind, label, written, detail, value.url)


def _methods(typed: str, before: str, user: Visitor) -> Iterator[Suggestion]:
    """Names of methods that begin as typed, the shortest first."""
    for row in names.begun_by(typed, user, MOST_OF_A_KIND):
        doubt = "" if row.is_confirmed else ", unconfirmed"
        detail = f"{row.paper.year}: {row.paper.title}{doubt}"
        value = f"{before}{row.name}"
        yield Suggestion("method", row.name, value, detail, row.paper.get_absolute_url())


def _places(typed: str) -> Iterator[Suggestion]:
    """Labs, organisations, courses and books whose names have words that begin as typed."""
    for place in places_begun(typed)[:MOST_OF_A_KIND]:
        address = place.get_absolute_url()
        yield Suggestion(place.kind, place.name, place.name, place.detail, address)


def _named(typed: str, before: str, user: Visitor) -> Iterator[Suggestion]:
    """The same as values of `name:`."""
    for suggestion in _methods(typed, "", user):
        yield replace(suggestion, value=f'{before}name:"{suggestion.value}"')


def _fields(typed: str, before: str) -> Iterator[Suggestion]:
    if len(typed) >= 2:
        for field in fields.FIELDS:
            if field.name.startswith(typed.casefold()):
                name = f"{field.name}:"
                yield Suggestion("operator", name, f"{before}{name}", field.shown_example)


def _topics(typed: str, before: str, user: Visitor = None) -> Iterator[Suggestion]:
    if len(fold(typed)) >= 2 or analysis.cjk_runs(typed):
        yield from _choices(fields.get("topic"), typed, before)


def _begins(name: str, typed: str) -> bool:
    words = name.split()
    return all(any(word.startswith(part) for word in words) for part in typed.split())


def _people(typed: str, before: str, user: Visitor) -> Iterator[Suggestion]:
    """People whose name has a word that begins as typed, those with most papers first."""
    if len(fold(typed)) < 2 and not analysis.cjk_runs(typed):
        return
    slugs = _from_index(lambda view: _people_in_index(view, typed, user))
    people = Person.objects.visible_to(user).filter(slug__in=slugs)
    for person in sorted(people, key=lambda person: slugs.index(person.slug)):
        name = person.name
        value = f"{before}author:{person.slug}"
        yield Suggestion("person", name, value, person.name_zh, person.get_absolute_url())


def _people_in_index(view: View, typed: str, user: Visitor) -> list[str]:
    terms = analysis.name_words(typed)
    if not terms:
        return []
    parts = [Query.term_query(schema(), "authors", term) for term in terms[:-1]]
    parts.append(_prefixed(view, "authors", terms[-1]))
    answer = view.searcher.aggregate(
        all_of([*parts, *_visible(user)]),
        {"person": {"terms": {"field": "person", "size": 300}}},
    )
    counted = [bucket["key"] for bucket in answer["person"]["buckets"]]
    # The papers' other authors were counted too; only those whose own name fits are meant.
    names = dict(Person.objects.filter(slug__in=counted).values_list("slug", "name"))
    zh = dict(Person.objects.filter(slug__in=counted).values_list("slug", "name_zh"))
    fits = [slug for slug in counted if slug in names and _fits(names[slug], zh[slug], terms)]
    return fits[:MOST]


def _fits(name: str, name_zh: str, terms: list[str]) -> bool:
    words = analysis.name_words(name)
    whole = all(term in words for term in terms[:-1])
    if name_zh and name_zh.startswith(terms[-1]):
        return True
    return whole and any(word.startswith(terms[-1]) for word in words)


def _venues(typed: str, before: str, user: Visitor = None) -> Iterator[Suggestion]:
    if len(typed) < 2:
        return
    begun = Q(name__istartswith=typed) | Q(slug__startswith=fold(typed).replace(" ", "-"))
    folded = fold(typed)
    for venue in Venue.objects.filter(begun | Q(full_name__icontains=typed))[: 5 * MOST]:
        if not (_begins(fold(venue.name), folded) or _begins(fold(venue.full_name), folded)):
            continue
        value = f"{before}venue:{venue.slug}"
        yield Suggestion("venue", venue.name, value, venue.full_name, venue.get_absolute_url())


_COMPLETERS: dict[str, Callable[[str, str, Any], Iterator[Suggestion]]] = {
    "author": _people,
    "name": _named,
    "topic": _topics,
    "venue": _venues,
}


def _titles(text: str, user: Visitor) -> Iterator[Suggestion]:
    """Papers whose title has every typed word, the last one as a beginning."""
    terms = analysis.name_words(text)
    if not terms or len(terms[-1]) < 2:
        return
    ids = _from_index(lambda view: _titles_in_index(view, terms, user))
    papers = Paper.objects.visible_to(user).filter(pk__in=ids).order_by("-year", "title")
    for paper in papers[:MOST_OF_A_KIND]:
        value = f'title:"{paper.title.replace(chr(34), " ")}"'
        yield Suggestion("paper", paper.title, value, str(paper.year), paper.get_absolute_url())


def _titles_in_index(view: View, terms: list[str], user: Visitor) -> list[int]:
    parts = [Query.term_query(schema(), "title_words", term) for term in terms[:-1]]
    parts.append(_prefixed(view, "title_words", terms[-1]))
    hits = view.searcher.search(all_of([*parts, *_visible(user)]), MOST, count=False).hits
    ids = view.searcher.fast_field_values("paper_id", [address for _, address in hits])
    return [int(pk) for pk in ids if pk is not None]


def _prefixed(view: View, field: str, prefix: str) -> Query:
    """Papers with a word that begins so: the commonest such words."""
    known = view.searcher.terms_with_prefix(field, prefix, limit=MOST_EXPANSIONS)
    words = [word for word, _ in known]
    return any_of(Query.term_query(schema(), field, word) for word in words)


def _visible(user: Visitor) -> list[Query]:
    states = visible_states(user)
    return [] if states is None else [one_of("state", states)]


def _from_index(ask: Callable[[View], list[Any]]) -> list[Any]:
    """The answer of the index; nothing while there is none."""
    try:
        return ask(reader.view())
    except (index.Unusable, ValueError, OSError):
        return []
