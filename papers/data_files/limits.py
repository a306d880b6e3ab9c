"""How long the texts of records may be, as their tables hold them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Authorship,
    PaperLink,
    PaperName,
    PersonAlias,
    ScheduleItem,
    Talk,
    WorkshopDate,
    WorkshopRole,
)
from papers.records import KINDS

Column = tuple[type[models.Model], str]
_LISTS: dict[tuple[str, str], type[models.Model]] = {
    ("workshop", "important_dates"): WorkshopDate,
    ("workshop", "people"): WorkshopRole,
    ("workshop", "schedule"): ScheduleItem,
    ("workshop", "accepted_papers"): AcceptedPaper,
    ("paper", "names"): PaperName,
}
_COLUMNS: dict[tuple[str, str, str], Column] = {
    ("workshop", "people", "name"): (WorkshopRole, "printed_name"),
    ("workshop", "people", "title"): (Talk, "title"),
    ("workshop", "schedule", "speaker"): (Talk, "speaker"),
    ("workshop", "accepted_papers", "id"): (AcceptedPaper, "number"),
    ("workshop", "accepted_papers", "authors"): (AcceptedAuthor, "printed_name"),
    ("workshop", "accepted_papers", "author_affiliations"): (AcceptedAuthor, "affiliation"),
    ("paper", "authors", ""): (Authorship, "printed_name"),
    ("paper", "code", ""): (PaperLink, "url"),
    ("person", "aliases", ""): (PersonAlias, "name"),
}
_SHORTER = {("workshop", "important_dates", "note"): 80}
"""Letters that are written behind a text: time of day and zone."""


def longest(kind: str, name: str, part: str = "") -> int | None:
    """Letters that a field may have, or each text of a list; None where there is no limit.

    part: the field of an entry, where the field is a list of entries.
    """
    model, column = _column(kind, name, part)
    if model is None or column not in {field.name for field in model._meta.fields}:
        return None
    limit = getattr(model._meta.get_field(column), "max_length", None)
    return limit - _SHORTER.get((kind, name, part), 0) if limit else None


def _column(kind: str, name: str, part: str) -> tuple[type[models.Model] | None, str]:
    if (kind, name, part) in _COLUMNS:
        return _COLUMNS[kind, name, part]
    if part:
        return _LISTS.get((kind, name)), part
    return (KINDS[kind].model, name) if kind in KINDS else (None, name)


def too_long(kind: str, name: str, value: object) -> str:
    """What to say of the first text of a field that is too long; empty where all fit."""
    for part, text in _texts(value):
        most = longest(kind, name, part)
        if most is not None and len(text) > most:
            where = f"{part.replace('_', ' ')} " if part else ""
            return f"{where}“{text[:40]}…” has {len(text)} letters, and at most {most} fit"
    return ""


def _texts(value: object, part: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a field, each with the name that it has in its entry."""
    if isinstance(value, str):
        yield part, value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, part)
    elif isinstance(value, dict) and not part:
        for name, entry in value.items():
            yield from _texts(entry, name)
