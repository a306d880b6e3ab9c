"""Which rows make up a record, and what their fields are called on a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Authorship,
    Book,
    Course,
    Finding,
    Lab,
    Lecture,
    Method,
    MethodPaper,
    OldKey,
    Organisation,
    Paper,
    PaperLink,
    PaperName,
    PaperTopic,
    Person,
    PersonAlias,
    ScheduleItem,
    Talk,
    TalkSpeaker,
    TimelineEvent,
    Venue,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from taxonomy.models import Topic

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A table whose rows belong to a record. `column` names its owner, in the record's own table
    or in that of the part `of`."""

    model: type[models.Model]
    column: str
    name: str
    words: Callable[[Row], str]
    of: type[models.Model] | None = None


@dataclass(frozen=True)
class Shape:
    """A kind of record: its table, the parts, and columns that a page leaves out."""

    model: type[models.Model]
    parts: tuple[Part, ...] = ()
    hidden: frozenset[str] = frozenset()


def _printed(row: Row) -> str:
    return f"{row['printed_name']} ({row['affiliation']})" if row["affiliation"] else _name(row)


def _name(row: Row) -> str:
    return str(row["printed_name"])


def _clock(row: Row) -> str:
    start = row["start"].strftime("%H:%M ") if row["start"] else ""
    return f"{start}{row['title'] or row['label']}"


def _prose(row: Row) -> str:
    """The text of a topic as one reads it, without its Chinese."""
    paragraphs = [f"{part.get('title', '')}: {part['text']}" for part in row["paragraphs"]]
    lists = (row["misconceptions"], row["open_questions"], [row["hardware"]])
    return "\n".join([*paragraphs, *(text for texts in lists for text in texts if text)])


SHAPES: dict[str, Shape] = {
    "paper": Shape(
        Paper,
        (
            Part(Authorship, "paper_id", "authors", _printed),
            Part(PaperTopic, "paper_id", "topics", lambda row: str(row["topic_id"])),
            Part(Finding, "paper_id", "findings", lambda row: row["text"]),
            Part(PaperLink, "paper_id", "links", lambda row: f"{row['kind']}: {row['url']}"),
            Part(PaperName, "paper_id", "names", lambda row: row["name"]),
            Part(OldKey, "paper_id", "old keys", lambda row: row["key"]),
        ),
    ),
    "person": Shape(
        Person, (Part(PersonAlias, "person_id", "spellings", lambda row: row["name"]),)
    ),
    "venue": Shape(Venue),
    "topic": Shape(
        Topic,
        (Part(Lecture, "topic_id", "text", _prose),),
        hidden=frozenset({"axis", "path"}),
    ),
    "workshop": Shape(
        Workshop,
        (
            Part(
                WorkshopDate, "workshop_id", "dates", lambda row: f"{row['label']}: {row['date']}"
            ),
            Part(WorkshopRole, "workshop_id", "people", lambda r: f"{_name(r)}, {r['role']}"),
            Part(AcceptedPaper, "workshop_id", "accepted papers", lambda row: row["title"]),
            Part(AcceptedAuthor, "accepted_id", "authors of papers", _printed, AcceptedPaper),
            Part(ScheduleItem, "workshop_id", "programme", _clock),
            Part(Talk, "workshop_id", "talks", lambda r: r["title"] or r["speaker"]),
            Part(TalkSpeaker, "talk_id", "speakers", lambda r: str(r["person_id"]), Talk),
        ),
        hidden=frozenset({"imported", "draft_content"}),
    ),
    "method": Shape(
        Method,
        (Part(MethodPaper, "method_id", "papers", lambda row: str(row["paper_id"])),),
        hidden=frozenset({"from_memory"}),
    ),
    **{
        name: Shape(model, hidden=frozenset({"from_memory"}))
        for name, model in (
            ("lab", Lab),
            ("organisation", Organisation),
            ("course", Course),
            ("book", Book),
        )
    },
    "event": Shape(TimelineEvent),
}
KIND_OF = {shape.model: kind for kind, shape in SHAPES.items()}
OWNERS = {part.model: part for shape in SHAPES.values() for part in shape.parts}
KIND_OF_PART = {part.model: kind for kind, shape in SHAPES.items() for part in shape.parts}


def events_of(model: type[models.Model]) -> type[Any]:
    """The table of events of `model`."""
    from django.apps import apps

    app = "papers" if model._meta.proxy else model._meta.app_label
    return apps.get_model(app, f"{model.__name__}Event")


def columns_of(model: type[models.Model]) -> list[str]:
    """The columns of `model` that its events keep, without the id."""
    kept = {field.attname for field in events_of(model)._meta.fields}
    return [f.attname for f in model._meta.fields if f.attname in kept and not f.primary_key]
