"""Labs, organisations, courses and books as rows, linked data and BibTeX, for files that leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from papers.data_files.schema import SCHEMAS
from papers.formats.tex import to_tex
from papers.models import Book, Course, Lab, Organisation
from papers.models.place import Place

Row = dict[str, Any]


def keys_in(place: Place) -> list[str]:
    """Keys of all papers that the record names, each once."""
    own = getattr(place, "papers", [])
    read = [key for lecture in getattr(place, "lectures", []) for key in lecture.get("papers", [])]
    return list(dict.fromkeys([*own, *read]))


def fields_of(kind: str) -> list[str]:
    """The columns of a table of such records."""
    return list(SCHEMAS[kind])


def as_row(place: Place, seen: Collection[str]) -> Row:
    """All that is known of it, as its data file says it. seen: keys of papers that may be named."""
    row = {name: getattr(place, name) for name in SCHEMAS[place._meta.model_name or ""]}
    if "papers" in row:
        row["papers"] = [key for key in row["papers"] if key in seen]
    if "lectures" in row:
        row["lectures"] = [
            {**entry, "papers": [key for key in entry["papers"] if key in seen]}
            if "papers" in entry
            else entry
            for entry in row["lectures"]
        ]
    return row


def as_text_row(place: Place, seen: Collection[str]) -> dict[str, str]:
    """The same for a table: lists with semicolons between, their entries by name."""
    return {name: _text(value) for name, value in as_row(place, seen).items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("title") or "")
    return "" if value is None else str(value)


def as_linked_data(place: Place, site: str) -> Row:
    """A node of schema.org; keys without a value are left out."""
    page = f"{site}{place.get_absolute_url()}"
    node = {
        "@id": page,
        "url": page,
        "name": place.name,
        "alternateName": [name for name in (place.name_zh, *place.aliases) if name],
        "sameAs": [place.url] if place.url else [],
        **_of_kind(place),
    }
    return {name: value for name, value in node.items() if value}


def _of_kind(place: Place) -> Row:
    match place:
        case Lab():
            return {
                "@type": "ResearchOrganization",
                "parentOrganization": _node("Organization", place.affiliation),
                "location": _node("Country", place.country),
                "member": _nodes("Person", [*place.leads, *place.members]),
            }
        case Organisation():
            products = [product["name"] for product in place.products]
            return {"@type": "Organization", "owns": _nodes("Product", products)}
        case Course():
            lectures = [lecture["title"] for lecture in place.lectures]
            return {
                "@type": "Course",
                "description": ", ".join(part for part in (place.provider, place.term) if part),
                "provider": _node("Organization", place.provider),
                "hasPart": _nodes("LearningResource", lectures),
                "instructor": _nodes("Person", place.lecturers),
            }
        case Book():
            return {
                "@type": "Book",
                "author": _nodes("Person", place.authors),
                "datePublished": str(place.year or ""),
                "publisher": _node("Organization", place.publisher),
                "isbn": place.isbn,
                "abstract": place.relevant,
            }
    raise TypeError(place)


def _node(kind: str, name: str) -> Row:
    return {"@type": kind, "name": name} if name else {}


def _nodes(kind: str, names: Sequence[str]) -> list[Row]:
    return [_node(kind, name) for name in names]


def as_bibtex(books: Sequence[Book]) -> str:
    """The books as BibTeX entries, keyed by slug."""
    return "\n".join(map(_entry, books))


def _entry(book: Book) -> str:
    fields = {
        "title": f"{{{to_tex(book.name)}}}",
        "author": " and ".join(map(to_tex, book.authors)),
        "year": str(book.year or ""),
        "publisher": to_tex(book.publisher),
        "isbn": book.isbn,
        "url": book.url,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@book{{{book.slug},", *lines, "}", ""])
