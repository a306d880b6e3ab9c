"""Fields of records as people and data files name them: read, checked, written.

The same fields, checks and rows as the data files use, so what is written here is seen by the
three-way merge of the next load as an edit of the site, and kept.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from papers import identifiers
from papers.curation.accepted_papers import follow_list
from papers.data_files.checks import Field
from papers.data_files.kinds import People, Topics, Venues
from papers.data_files.learning_kinds import Lectures
from papers.data_files.limits import too_long
from papers.data_files.method_kind import Methods
from papers.data_files.paper_kind import Papers
from papers.data_files.place_kinds import Books, Courses, Labs, Organisations
from papers.data_files.schema import LECTURE, SCHEMAS, complaints
from papers.data_files.workshop_kind import Workshops
from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.ingest.match import find_match, paper_with
from papers.ingest.paper_keys import free_key
from papers.learning.prose import cited_keys
from papers.models import Method, OldKey, Paper, Person, Venue, Workshop
from papers.models.place import Place
from papers.names import tidy
from papers.persons import Spellings
from papers.records import KINDS, kind_of
from taxonomy.models import Topic

Fields = dict[str, Any]
_OF_PAPERS = {"accepted_papers", "acronym", "host_conference", "year"}
"""Fields of a workshop that the records of its papers tell."""
# Names of records are addresses and stay; what is never public is not corrected here.
_CLOSED = {"key", "slug", "draft_content", "sources", "unconfirmed", "from_memory"}
FIELDS: dict[str, tuple[str, ...]] = {
    kind: tuple(name for name in SCHEMAS[kind] if name not in _CLOSED) for kind in KINDS
}
FIELDS["topic"] += ("text",)  # a file of its own, but to a reader a part of the topic


class CannotWrite(Exception):
    """Some fields are not right; `wrong` has a sentence for each."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


def _wrong_in_text(value: Fields) -> str:
    """What is wrong with the text of a topic: the first sentence, with where it is."""
    if not value:
        return ""
    schema = {name: field for name, field in LECTURE.items() if name != "topic"}
    for path, problem in complaints(value, schema):
        return f"{' '.join(str(step) for step in path)} {problem}".strip()
    return ""


_TEXT_OF_TOPIC = Field(dict, check=_wrong_in_text)


def schema_of(kind: str, name: str) -> Field:
    """Type and checks of a field."""
    return _TEXT_OF_TOPIC if (kind, name) == ("topic", "text") else SCHEMAS[kind][name]


def fields_of(record: models.Model) -> Fields:
    """What the record says, field by field, as a data file would state it."""
    kind = kind_of(record)
    key = kind.key_of(record)
    read = _rows(kind.name).read_many([key]).get(key, {})
    return {name: read[name] for name in FIELDS[kind.name]}


def checked(kind: str, fields: Fields, record: models.Model | None = None) -> Fields:
    """The fields in one form (identifiers as such, names tidied). Raises CannotWrite.

    record: the one that will be changed; None for a new one.
    """
    wrong = {name: "There is no such field." for name in fields if name not in FIELDS[kind]}
    values: Fields = {}
    for name in (name for name in FIELDS[kind] if name in fields):
        value, complaint = _in_one_form(kind, name, fields[name])
        problems = complaints({name: value}, {name: schema_of(kind, name)})
        complaint = (
            complaint
            or (problems[0][1] if problems else "")
            or too_long(kind, name, value)
            or _beyond(kind, name, value, record)
        )
        if complaint:
            wrong[name] = f"{name.replace('_', ' ').capitalize()}: {complaint}."
        values[name] = value
    if wrong:
        raise CannotWrite(wrong)
    return values


def write_fields(
    record: Any, fields: Fields, *, source: str = "", makes_papers: bool = True
) -> None:
    """Write checked fields, note the source, take away the doubts about them. Atomic.

    makes_papers: whether accepted papers of a public workshop become papers here.
    """
    kind = kind_of(record)
    with transaction.atomic():
        rows = _rows(kind.name)
        if isinstance(record, Person):
            People(Spellings()).write_to(record, fields)
        elif fields:
            rows.write(kind.key_of(record), fields)
        record.refresh_from_db()
        _note(record, fields, source)
        if makes_papers and isinstance(record, Workshop) and fields.keys() & _OF_PAPERS:
            follow_list(record)


def new_paper(fields: Fields, *, source: str) -> Paper:
    """A paper of checked fields. Raises CannotWrite when it is here already."""
    wrong = {
        name: f"{name.capitalize()}: has no {name}." if name != "venue" else "Choose a venue."
        for name in ("title", "authors", "year", "venue")
        if not fields.get(name)
    }
    if wrong:
        raise CannotWrite(wrong)
    known = {name: fields.get(name, "") for name in IDENTIFIERS}
    authors = tuple(fields["authors"])
    year = fields["year"]
    match = find_match(
        Candidate(fields["title"], "correction", source, authors, year=year, **known)
    )
    if match is not None and match.is_sure:
        raise CannotWrite({"title": f"This is here: {_called(match.paper)}."})
    key = free_key(fields["title"], authors, fields["year"])
    with transaction.atomic():
        Papers(Spellings()).write(key, {"sources": [source] if source else [], **fields})
    return Paper.objects.get(key=key)


def _called(paper: Paper) -> str:
    """A paper in a sentence that anybody may read."""
    if paper.state != Paper.State.PUBLIC:
        return "a record that is not public"
    return f"“{paper.title}” ({paper.key})"


class _TopicsWithTexts(Topics):
    """Topics as pages show them: with their text, which a file of its own holds."""

    def read(self, key: str) -> Fields | None:
        fields = super().read(key)
        text = Lectures(Spellings()).read(key) or {}
        stated = {name: value for name, value in text.items() if value and name != "topic"}
        return None if fields is None else fields | {"text": stated}

    def write(self, key: str, fields: Fields) -> None:
        own = {name: value for name, value in fields.items() if name != "text"}
        if own:
            super().write(key, own)
        if fields.get("text"):
            absent = {name: field.default for name, field in LECTURE.items() if name != "topic"}
            Lectures(Spellings()).write(key, absent | fields["text"])


def _rows(kind: str) -> Any:
    kinds: dict[str, Any] = {
        "paper": Papers,
        "method": Methods,
        "person": People,
        "venue": Venues,
        "workshop": Workshops,
        "topic": _TopicsWithTexts,
        "lab": Labs,
        "organisation": Organisations,
        "course": Courses,
        "book": Books,
    }
    return kinds[kind](Spellings())


def _in_one_form(kind: str, name: str, value: object) -> tuple[Any, str]:
    """The value as it is stored, and what is wrong with its form."""
    if isinstance(value, str):
        value = value.strip()
        if kind == "paper" and name in IDENTIFIERS and value:
            identifier = identifiers.recognise(value)
            if identifier is None:
                return value, f"“{value[:80]}” is not such an identifier"
            if identifier.scheme.value != name:
                return value, f"“{value[:80]}” leads to {identifier}, which has a field of its own"
            return identifier.value, ""
        if name == "orcid" and value and not _orcid_holds(value):
            return value, "the last digit does not fit the others; check it"
    if name == "authors":
        value = (
            [tidy(author) for author in value if tidy(str(author))]
            if isinstance(value, list)
            else value
        )
    return value, ""


def _orcid_holds(text: str) -> bool:
    """ISO 7064 11,2: the last character is a check of the others."""
    digits = text.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        if not digit.isdecimal():
            return False
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1:]


def _beyond(kind: str, name: str, value: Any, record: models.Model | None) -> str:
    """What only the database can tell: names that do not exist, identifiers of others."""
    if not value:
        return ""
    if kind == "paper" and name in IDENTIFIERS:
        owner = paper_with(name, value)
        if owner is not None and (record is None or owner.pk != record.pk):
            return f"belongs to {_called(owner)}; if they are one work, propose a merge"
        return ""
    if (kind, name) in _NAMES:
        model = _NAMES[kind, name]
        wanted = value if isinstance(value, list) else [value]
        key = "key" if model is Paper else "slug"
        rows = model._default_manager.filter(**{f"{key}__in": wanted})
        known = set(rows.values_list(key, flat=True))
        if missing := [slug for slug in wanted if slug not in known]:
            return f"there is no {missing[0]!r} here"
    if (kind, name) == ("topic", "text"):
        return _unknown_in(value)
    if kind == "topic" and name == "parent" and record is not None:
        above = Topic.objects.get(slug=value)
        if getattr(record, "slug", "") in above.path_slugs:
            return "a topic cannot stand below itself"
    if kind == "person" and name == "aliases" and isinstance(record, Person):
        own = set(record.aliases.exclude(name=record.name).values_list("name", flat=True))
        if own - set(value):
            return "spellings can be added here, not taken away"
    return ""


def _unknown_in(text: Fields) -> str:
    """A sentence on the first paper that a topic's text names and that is not here."""
    parts = [part.get(name) or "" for part in text["paragraphs"] for name in ("text", "zh")]
    named = [key for part in parts for key in cited_keys(part)]
    named += [entry["paper"] for entry in text.get("read_five") or []]
    known = set(Paper.objects.visible_to().filter(key__in=named).values_list("key", flat=True))
    known |= set(OldKey.objects.filter(key__in=named).values_list("key", flat=True))
    missing = [key for key in named if key not in known]
    return f"there is no paper {missing[0]!r} here" if missing else ""


_NAMES: dict[tuple[str, str], type[models.Model]] = {
    ("paper", "venue"): Venue,
    ("paper", "topics"): Topic,
    ("paper", "suggested_topics"): Topic,
    ("venue", "part_of"): Venue,
    ("topic", "parent"): Topic,
    ("workshop", "previous_edition"): Workshop,
    **{("method", name): Method for name in ("extends", "answers", "compared_with")},
    **{("method", name): Paper for name in ("introduced_by", "improved_by")},
    **{(kind, "topics"): Topic for kind in ("lab", "organisation", "course", "book")},
    **{(kind, "papers"): Paper for kind in ("lab", "organisation")},
}


def _note(record: Any, fields: Fields, source: str) -> None:
    changed = []
    if source and hasattr(record, "sources") and source not in record.sources:
        record.sources = [*record.sources, source]
        changed.append("sources")
    if isinstance(record, Paper):
        left = [doubt for doubt in record.unconfirmed if doubt.split(" ")[0] not in fields]
        if left != record.unconfirmed:
            record.unconfirmed = left
            changed.append("unconfirmed")
        record.save(update_fields=[*changed, "updated_at"])
    elif isinstance(record, Method | Place):
        record.from_memory = [name for name in record.from_memory if name not in fields]
        record.unconfirmed = [
            doubt for doubt in record.unconfirmed if doubt.split(" ")[0] not in fields
        ]
        record.save(update_fields=[*changed, "from_memory", "unconfirmed", "updated_at"])
    elif changed:
        record.save(update_fields=changed)
