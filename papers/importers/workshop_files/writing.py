"""Bringing what was read into a workshop of the record."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from papers.curation.accepted_papers import follow_list
from papers.curation.workshop_blocks import hold, working_copy
from papers.data_files.limits import too_long
from papers.data_files.schema import SCHEMAS, complaints
from papers.data_files.workshop_kind import Workshops
from papers.importers.workshop_files.changes import LISTS, Change, merged
from papers.importers.workshop_files.shapes import Fields, Told, WorkshopFiles
from papers.models import Workshop
from papers.persons import Spellings

PARTS = ("details", *LISTS)
_ADDRESS = re.compile(r"https?://[^/\s]+(/workshops/[\w-]+/files/[\w.-]+)")


class CannotImport(ValueError):
    """The message says what is missing."""


def preview(
    slug: str,
    read: WorkshopFiles,
    parts: Collection[str] = PARTS,
    theirs: Collection[str] = (),
) -> tuple[Fields, list[Change]]:
    """The fields that an import would write, and what happens to every row. Writes nothing.

    parts: those that are taken. theirs: keys of conflicts in which the files win. What a workshop
    cannot hold is left out, and told in `read`.
    """
    workshop = Workshop.objects.filter(slug=slug).first()
    files = workshop.files.select_related("workshop") if workshop else ()
    fitting = _fitting(read, {file.get_absolute_url() for file in files})
    fields, changes = merged(working_copy(workshop) if workshop else {}, fitting, theirs)
    taken = {LISTS[part][0] for part in parts if part in LISTS}
    taken |= set(fitting.details) if "details" in parts else set()
    fields = {name: value for name, value in fields.items() if name in taken}
    return fields, [change for change in changes if change.part in parts]


@transaction.atomic
def apply(
    slug: str,
    read: WorkshopFiles,
    *,
    parts: Collection[str] = PARTS,
    drafts: Collection[int] = (),
    theirs: Collection[str] = (),
    by: User | None = None,
    publish: bool = False,
) -> list[Change]:
    """Keep what is new as drafts; what is here stays. Raises CannotImport where there is none.

    theirs: keys of conflicts (`Change.key`) in which what the files say is kept instead. drafts:
    places of comments in `read.drafts` that become news items, drafts as well. publish: write to a
    public workshop at once instead.
    """
    workshop = Workshop.objects.select_for_update().filter(slug=slug).first()
    if workshop is None:
        raise CannotImport(
            gettext(
                "There is no workshop “{slug}” here. Make it first (/workshops/new/), then import."
            ).format(slug=slug)
        )
    fields, changes = preview(slug, read, parts, theirs)
    if items := _as_news(read, drafts):
        news = fields.get("news") or working_copy(workshop)["news"]
        known = {item.get("title") for item in news}
        if fresh := [item for item in items if item["title"] not in known]:
            hold(workshop, {"news": [*news, *fresh]}, by=by)
            fields.pop("news", None)
    if fields and publish and workshop.is_public:
        Workshops(Spellings()).write(slug, fields)
        follow_list(workshop)
    elif fields:
        hold(workshop, fields, by=by)
    return changes


def _as_news(read: WorkshopFiles, places: Collection[int]) -> list[Fields]:
    """Comments of the files as news items that are not public until somebody says so."""
    return [
        {
            "title": f"From a comment in {draft['file']}, line {draft['line']}"[:160],
            "text": draft["text"],
            "draft": True,
        }
        for place, draft in enumerate(read.drafts)
        if place in places
    ]


def _fitting(read: WorkshopFiles, paths: Collection[str]) -> WorkshopFiles:
    """The same with what the record can hold; what it cannot is told, once."""
    fitting = replace(
        read, details={name: _of_ours(value, paths) for name, value in read.details.items()}
    )
    for name, problem in _wrong(fitting.details, SCHEMAS["workshop"], ""):
        _tell(read, "facts", name, fitting.details.pop(name), problem)
    for part, (name, _) in LISTS.items():
        of, known = name, SCHEMAS["workshop"][name].items
        schema: Any = known if isinstance(known, dict) else {}
        rows = []
        for given in getattr(read, part):
            row = {key: _of_ours(value, paths) for key, value in given.items() if value is not None}
            if schema:
                row = {key: value for key, value in row.items() if key in schema}
            for name in {"photo", "logo"} & set(row):  # else the name of a file of the old site
                if not str(row[name]).startswith("/workshops/"):
                    del row[name]
            for key, problem in _wrong(row, schema, of):
                _tell(read, part, key, row.pop(key, ""), problem)
            if all(row.get(key) for key, field in schema.items() if field.required):
                rows.append(row)
        setattr(fitting, part, rows)
    return fitting


def _tell(read: WorkshopFiles, part: str, name: str, value: object, problem: str) -> None:
    entry = Told(part, f"{name}: {value}"[:300], problem)
    if entry not in read.told:
        read.told.append(entry)


def _wrong(row: Fields, schema: Mapping[str, Any] | None, of: str) -> list[tuple[str, str]]:
    """Names of the fields that cannot be held, each once, with why. of: the list, if of one."""
    problems = {
        name: problem
        for name, value in row.items()
        if (problem := too_long("workshop", of or name, [{name: value}] if of else value))
    }
    fields = {name: spec for name, spec in (schema or {}).items() if name in row}
    for path, problem in complaints(row, fields):
        if path and path[0] in row:
            problems.setdefault(str(path[0]), problem)
    return list(problems.items())


def _of_ours(value: object, paths: Collection[str]) -> object:
    """The value without NUL; addresses of files that lie here as their paths."""
    if isinstance(value, str):
        value = value.replace("\x00", "")
        match = _ADDRESS.fullmatch(value)
        return match[1] if match and match[1] in paths else value
    if isinstance(value, list):
        return [_of_ours(part, paths) for part in value]
    if isinstance(value, dict):
        return {name: _of_ours(part, paths) for name, part in value.items()}
    return value
