"""What a data file may say. Checked with line numbers before anything is written. Pure."""

from __future__ import annotations

from typing import Any

from papers.data_files.checks import (
    ARXIV,
    DOI,
    KEY,
    LABELLED_LINKS,
    SLUG,
    TEXT,
    TEXTS,
    URL,
    Field,
    between,
    clock,
    distinct_names,
    iso_date,
    one_of,
    pattern,
    words_of,
    zone,
)
from papers.data_files.place_schema import BOOK, COURSE, LAB, ORGANISATION
from papers.methods import words
from papers.names import NAME_ORIGINS
from papers.workshops.lines import LINK_KINDS, phase_complaint
from papers.workshops.moving import DATE_KINDS

TOPIC = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "name_zh": TEXT,
    "aliases": TEXTS,
    "parent": Field(str, check=SLUG),
    "definition": Field(str, True),
    "definition_zh": TEXT,
    "in_survey": Field(bool),
}

VENUE = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "full_name": TEXT,
    "kind": Field(str, True, one_of("conference", "journal", "workshop", "preprint", "web")),
    "part_of": Field(str, check=SLUG),
    "aliases": TEXTS,
}

PERSON = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "name_zh": TEXT,
    "aliases": TEXTS,
    "affiliation": TEXT,
    "url": Field(str, check=URL),
    "orcid": Field(str, check=pattern(r"(\d{4}-){3}\d{3}[\dX]", "an ORCID iD")),
    "sources": TEXTS,
}

PAPER = {
    "key": Field(str, True, KEY),
    "title": Field(str, True),
    "authors": Field(list, True, items=str),
    "year": Field(int, True, between(1940, 2100)),
    "month": Field(int, check=between(1, 12)),
    "venue": Field(str, True, SLUG),
    "volume": TEXT,
    "issue": TEXT,
    "pages": Field(str, check=pattern(r"[\w.:]+(-[\w.:]+)?", "pages such as 2092-2101")),
    "publisher": TEXT,
    "published_month": Field(int, check=between(1, 12)),
    "kind": Field(str, check=one_of("survey", "article")),
    "role": Field(str, check=one_of("static baseline")),
    "names": Field(
        list,
        check=distinct_names,
        items={
            "name": Field(str, True),
            "origin": Field(str, True, one_of(*NAME_ORIGINS)),
        },
    ),
    "arxiv": Field(str, check=ARXIV),
    "doi": Field(str, check=DOI),
    "openreview": TEXT,
    "acl": TEXT,
    "code": TEXTS,
    "topics": TEXTS,
    "suggested_topics": TEXTS,
    "awards": TEXTS,
    "sources": Field(list, True, items=str),
    "unconfirmed": TEXTS,
    "abstract": TEXT,
    "tldr": TEXT,
    "tldr_zh": TEXT,
    "contribution": TEXT,
    "findings": TEXTS,
    "texts_by": Field(str, check=one_of("curator", "author", "machine")),
}


_ATTRIBUTES = (*words.LABELS, "improved_by")

METHOD = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "name_zh": TEXT,
    "aliases": TEXTS,
    "year": Field(int, check=between(1940, 2100)),
    "introduced_by": TEXTS,
    "improved_by": TEXTS,
    **{
        name: Field(list, items=str, check=words_of(choices))
        for name, choices in words.CHOICES.items()
    },
    "training_note": TEXT,
    "batching": Field(str, check=one_of(*words.BATCHING)),
    "backbones": TEXTS,
    "tasks": TEXTS,
    "code": Field(list, items=str),
    "extends": TEXTS,
    "answers": TEXTS,
    "compared_with": TEXTS,
    "from_memory": Field(list, items=str, check=words_of(_ATTRIBUTES)),
    "unconfirmed": Field(list, items=str, check=words_of(_ATTRIBUTES)),
    "sources": TEXTS,
}

EVENT = {
    "year": Field(int, True, between(1940, 2100)),
    "domain": Field(str, True, one_of("model", "LLM", "system", "compiler", "accelerator")),
    "title": Field(str, True),
    "paper": Field(str, check=KEY),
    "why": Field(str, True),
}

_PROGRAMME_LINK = {
    "label": TEXT,
    "url": Field(str, check=URL),
    "kind": Field(str, check=one_of(*LINK_KINDS)),
    "from": Field(str, check=iso_date),
    "until": Field(str, check=iso_date),
    "at": Field(str, check=pattern(r"\d+:[0-5]\d:[0-5]\d", "a time such as 1:02:30")),
}
_PREVIOUS = {"date": Field(str, check=iso_date), "published": Field(str, check=iso_date)}

WORKSHOP = {
    "slug": Field(str, True, SLUG),
    "name": Field(str, True),
    "acronym": TEXT,
    "edition": TEXT,
    "year": Field(int, True, between(1980, 2100)),
    "date": Field(str, check=iso_date),
    "timezone": TEXT,
    "format": TEXT,
    "host_conference": TEXT,
    "location": TEXT,
    "website": Field(str, check=URL),
    "relation": TEXT,
    "series": Field(str, True, SLUG),
    "status": TEXT,
    "summary": TEXT,
    "contact": TEXT,
    "submission_portal": Field(str, check=URL),
    "previous_edition": Field(str, check=SLUG),
    "topics": TEXTS,
    "sponsors": Field(list),
    "submission_rules": Field(dict),
    "awards": TEXTS,
    "competition": Field(dict, check=lambda value: phase_complaint(value.get("phases") or "")),
    "news": Field(
        list,
        items={
            "date": Field(str, check=iso_date),
            "title": TEXT,
            "text": TEXT,
            "draft": Field(bool),
        },
    ),
    "history": Field(list, items={"date": Field(str, check=iso_date), "event": TEXT}),
    "links": LABELLED_LINKS,
    "related_venues": LABELLED_LINKS,
    "draft_content": Field(dict),
    "notes": TEXTS,
    "sources": TEXTS,
    "important_dates": Field(
        list,
        items={
            "label": Field(str, True),
            "kind": Field(str, check=one_of(*DATE_KINDS)),
            "date": Field(str, check=iso_date),
            "note": TEXT,
            "time": Field(str, check=clock),
            "zone": Field(str, check=zone),
            "code": TEXT,
            "previous_dates": Field(list, items=_PREVIOUS),
        },
    ),
    "people": Field(
        list,
        items={
            "name": Field(str, True),
            "role": Field(str, True),
            "affiliation": TEXT,
            "affiliation_note": TEXT,
            "url": TEXT,
            "key": TEXT,
            "status": TEXT,
            "title": TEXT,
            "biography": TEXT,
            "photo": TEXT,
            "photo_words": TEXT,
        },
    ),
    "schedule": Field(
        list,
        items={
            "start": Field(str, check=clock),
            "end": Field(str, check=clock),
            "title": TEXT,
            "speaker": TEXT,
            "kind": TEXT,
            "source_key": TEXT,
            "raw_time": TEXT,
            "link": TEXT,
            "paper": TEXT,
            "links": Field(list, items=_PROGRAMME_LINK),
            "label": TEXT,
            "streamed": Field(bool),
            "code": TEXT,
            "day": Field(str, check=iso_date),
            "room": TEXT,
            "abstract": TEXT,
            "withdrawn": Field(bool),
        },
    ),
    "accepted_papers": Field(
        list,
        items={
            "id": TEXT,
            "title": Field(str, True),
            "authors": Field(list, items=str),
            "presentation": TEXT,
            "pdf": TEXT,
            "video": TEXT,
            "source_key": TEXT,
            "author_affiliations": Field(list),
            "corresponding": Field(list),
            "poster": TEXT,
            "award": TEXT,
            "track": TEXT,
            "supplement": TEXT,
        },
    ),
}

_BY = Field(str, True, one_of("curator", "machine"))
_CITED = {"paper": Field(str, True, KEY), "why": Field(str, True), "zh": TEXT}

LECTURE = {
    "topic": Field(str, True, SLUG),
    "by": _BY,
    "figure": Field(str, check=SLUG),
    "paragraphs": Field(
        list,
        True,
        items={
            "title": Field(str, True),
            "text": Field(str, True),
            "title_zh": TEXT,
            "zh": TEXT,
        },
    ),
    "read_five": Field(list, items=_CITED),
    "misconceptions": TEXTS,
    "open_questions": TEXTS,
    "hardware": TEXT,
    "unconfirmed": TEXTS,
}

TERM = {
    "slug": Field(str, True, SLUG),
    "en": Field(str, True),
    "zh": Field(str, True),
    "meaning_en": Field(str, True),
    "meaning_zh": Field(str, True),
    "variants_zh": TEXTS,
    "note": TEXT,
    "usage_varies": Field(bool, True),
    "unconfirmed": Field(bool, True),
}

PATH = {
    "slug": Field(str, True, SLUG),
    "title": Field(str, True),
    "title_zh": TEXT,
    "audience": Field(str, True),
    "outcome": Field(str, True),
    "by": _BY,
    "position": Field(int, True, between(0, 99)),
    "steps": Field(
        list,
        True,
        items={
            "slug": Field(str, True, SLUG),
            "title": TEXT,
            "why": Field(str, True),
            "minutes": Field(int, True, between(1, 600)),
            "paper": Field(str, check=KEY),
            "topic": Field(str, check=SLUG),
            "address": Field(str, check=pattern(r"/\S*", "an address of a page here")),
            "optional": Field(bool),
        },
    ),
}

SCHEMAS: dict[str, dict[str, Field]] = {
    "topic": TOPIC,
    "venue": VENUE,
    "person": PERSON,
    "paper": PAPER,
    "method": METHOD,
    "workshop": WORKSHOP,
    "lab": LAB,
    "organisation": ORGANISATION,
    "course": COURSE,
    "book": BOOK,
    "event": EVENT,
    "lecture": LECTURE,
    "term": TERM,
    "path": PATH,
}


def complaints(record: object, schema: dict[str, Field]) -> list[tuple[tuple[Any, ...], str]]:
    """What is wrong with `record`: pairs of a path into it and a sentence; none if all is well."""
    if not isinstance(record, dict):
        return [((), f"must be a mapping, not {type(record).__name__}")]
    problems: list[tuple[tuple[Any, ...], str]] = []
    for name, spec in schema.items():
        if spec.required and record.get(name) in (None, "", []):
            problems.append(((), f"has no {name}"))
    for name, value in record.items():
        if name not in schema:
            problems.append(((name,), f"unknown field {name!r}; known: {', '.join(schema)}"))
        elif value is not None:
            problems += [((name, *path), text) for path, text in _field(value, schema[name], name)]
    return problems + _named_twice(record)


def _named_twice(record: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    """Topics that are given already and suggested all the same."""
    given, suggested = record.get("topics"), record.get("suggested_topics")
    if not isinstance(given, list) or not isinstance(suggested, list):
        return []
    return [
        (("suggested_topics", place), f"suggested_topics names {slug}, which topics names too")
        for place, slug in enumerate(suggested)
        if slug in given
    ]


def _field(value: object, spec: Field, name: str) -> list[tuple[tuple[Any, ...], str]]:
    if not isinstance(value, spec.kind) or (spec.kind is int and isinstance(value, bool)):
        return [((), f"{name} must be {spec.kind.__name__}, not {type(value).__name__}")]
    if spec.check and value != "" and (problem := spec.check(value)):
        return [((), f"{name} {problem}")]
    problems: list[tuple[tuple[Any, ...], str]] = []
    if isinstance(value, list) and spec.items is not None:
        for place, item in enumerate(value):
            if isinstance(spec.items, dict):
                problems += [((place, *path), text) for path, text in complaints(item, spec.items)]
            elif not isinstance(item, spec.items):
                problems.append(((place,), f"{name} holds {type(item).__name__}, not text"))
    return problems


def with_defaults(record: dict[str, Any], schema: dict[str, Field]) -> dict[str, Any]:
    """`record` with every field of the schema, absent ones empty: what files and rows agree on."""
    return {
        name: spec.default if record.get(name) is None else record[name]
        for name, spec in schema.items()
    }
