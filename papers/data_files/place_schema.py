"""What the files of labs, organisations, courses and books may say. Pure."""

from __future__ import annotations

from papers.data_files.checks import SLUG, TEXT, TEXTS, URL, Field, between, isbn, one_of

_PLACE = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "name_zh": TEXT,
    "aliases": TEXTS,
    "url": Field(str, check=URL),
    "topics": TEXTS,
    "from_memory": TEXTS,
    "unconfirmed": TEXTS,
    "sources": Field(list, True, items=str),
}

LAB = _PLACE | {
    "affiliation": TEXT,
    "country": TEXT,
    "leads": TEXTS,
    "members": TEXTS,
    "papers": TEXTS,
}

ORGANISATION = _PLACE | {
    "kind": Field(str, check=one_of("company", "institute", "university", "project")),
    "country": TEXT,
    "papers": TEXTS,
    "products": Field(
        list,
        items={
            "name": Field(str, True),
            "what": TEXT,
            "year": Field(int, check=between(1940, 2100)),
            "source": TEXT,
        },
    ),
}

COURSE = _PLACE | {
    "provider": TEXT,
    "lecturers": TEXTS,
    "term": TEXT,
    "video": Field(str, check=URL),
    "lectures": Field(
        list,
        items={
            "title": Field(str, True),
            "url": Field(str, check=URL),
            "video": Field(str, check=URL),
            "papers": TEXTS,
            "topics": TEXTS,
        },
    ),
}

BOOK = _PLACE | {
    "authors": TEXTS,
    "year": Field(int, check=between(1940, 2100)),
    "publisher": TEXT,
    "isbn": Field(str, check=isbn),
    "relevant": TEXT,
    "chapters": Field(list, items={"title": Field(str, True), "topics": TEXTS}),
}
