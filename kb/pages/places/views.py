"""Labs, organisations, courses and books: a list of each kind, a page of each record, files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from accounts.words import Words
from kb.languages.middleware import in_english
from kb.pages.papers.linked_data import embedded
from kb.pages.places.shown import LISTED, SHOWN
from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place
from papers.names import fold
from papers.places.export import (
    as_bibtex,
    as_linked_data,
    as_row,
    as_text_row,
    fields_of,
    keys_in,
)
from papers.places.pointing import papers_by_key

LONGEST = 100


@dataclass(frozen=True)
class Section:
    """The pages of one kind of record. beside: the section of the navigation it belongs to."""

    kind: str
    plural: str
    title: str
    lede: str
    beside: str
    model: type[Place]

    @property
    def suffixes(self) -> dict[str, str]:
        """Files of them, with their media types."""
        types = {"csv": "text/csv", "json": "application/json", "jsonld": "application/ld+json"}
        return types | ({"bib": "application/x-bibtex"} if self.model is Book else {})


SECTIONS = {
    section.plural: section
    for section in (
        Section(
            "lab",
            "labs",
            Words("Labs"),
            Words("Groups that work on dynamic neural networks, with their people and works here."),
            "people",
            Lab,
        ),
        Section(
            "organisation",
            "organisations",
            Words("Organisations"),
            Words(
                "Companies, institutes and projects: works, products that adapt their "
                "computation, and the workshops here that they sponsored."
            ),
            "people",
            Organisation,
        ),
        Section(
            "course",
            "courses",
            Words("Courses"),
            Words("Courses that teach parts of the field, with their lectures, videos and papers."),
            "learning",
            Course,
        ),
        Section(
            "book",
            "books",
            Words("Books"),
            Words(
                "Books with chapters on the field or on what it rests on. No book is "
                "wholly about it."
            ),
            "learning",
            Book,
        ),
    )
}


@require_safe
def index(request: HttpRequest, plural: str) -> HttpResponse:
    """All records of a kind; `q` leaves those that hold every word."""
    section = SECTIONS[plural]
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    places = list(section.model._default_manager.all())
    shown = [place for place in places if _holds(place, typed)]
    context = {
        "section": section.beside,
        "about": section,
        "typed": typed,
        "groups": LISTED[section.kind](shown, request.user),
        "shown_count": len(shown),
        "count": len(places),
    }
    return render(request, "places/index.html", context)


def _holds(place: Place, typed: str) -> bool:
    """Whether every typed word stands somewhere in the record; Chinese as it is."""
    row = as_row(place, keys_in(place))
    text = " ".join(_texts(row))
    folded = fold(text)
    parts = fold(typed).split() or typed.split()
    return all(part in folded or part in text for part in parts)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [] if value is None else [str(value)]


@require_safe
def detail(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """One record with what it points to here."""
    section = SECTIONS[plural]
    place = _place(section, slug)
    context = {
        "section": section.beside,
        "about": section,
        "place": place,
        "json_ld": embedded(
            {"@context": "https://schema.org", **in_english(as_linked_data)(place, _site(request))}
        ),
        **SHOWN[section.kind](place, request.user),
    }
    return render(request, f"places/{section.kind}.html", context)


def _place(section: Section, slug: str) -> Place:
    place = section.model._default_manager.filter(slug=slug).first()
    if place is None:
        raise Http404(gettext("There is no {kind} “{slug}”.").format(kind=section.kind, slug=slug))
    return place


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


@require_safe
def export(request: HttpRequest, plural: str, suffix: str, slug: str = "") -> HttpResponse:
    """All records of a kind as a file, or the one of the slug."""
    section = SECTIONS[plural]
    if suffix not in section.suffixes:
        known = ", ".join(section.suffixes)
        raise Http404(
            gettext("There is no export “.{suffix}”. There are {known}.").format(
                suffix=suffix, known=known
            )
        )
    places = [_place(section, slug)] if slug else list(section.model._default_manager.all())
    content = _content(section, places, suffix, request)
    response = HttpResponse(content, content_type=f"{section.suffixes[suffix]}; charset=utf-8")
    name = slug or section.plural
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _content(section: Section, places: list[Place], suffix: str, request: HttpRequest) -> str:
    seen = _seen(places, request.user)
    if suffix == "bib":
        return as_bibtex(cast(list[Book], places))
    if suffix == "csv":
        return _table(section, [as_text_row(place, seen) for place in places])
    if suffix == "json":
        rows = [as_row(place, seen) for place in places]
        return _json({"count": len(rows), section.plural: rows})
    nodes = [as_linked_data(place, _site(request)) for place in places]
    return _json({"@context": "https://schema.org", "@graph": nodes})


def _seen(places: list[Place], user: Visitor) -> set[str]:
    return set(papers_by_key([key for place in places for key in keys_in(place)], user))


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _table(section: Section, rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fields_of(section.kind))
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _safe(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
