"""Every change of a public list, kept row by row, and undone by writing the rows back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible
from accounts.words import Words
from community.models import (
    ListChange,
    ListPlacement,
    ListSection,
    PublicList,
    ReadingSession,
)
from papers.models import Paper

Row = dict[str, Any]
_LIST = ("title", "title_zh", "introduction", "licence", "newest_first", "classification", "source")
_SECTION = ("parent_id", "position", "title", "title_zh", "introduction", "focus_name")
_ENTRY = (
    *("section_id", "position", "paper_id", "title", "authors", "year", "venue", "date_text"),
    *("focus", "notes", "links", "suggested_by_id", "added_at"),
)
_SESSION = (
    *("date", "paper_id", "title", "presenter", "slides", "recording", "notes", "by_id"),
    *("made_at", "public_at"),
)
_TIMES = {"added_at": parse_datetime, "made_at": parse_datetime, "public_at": parse_datetime}
_KINDS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "list": (PublicList, _LIST),
    "section": (ListSection, _SECTION),
    "entry": (ListPlacement, _ENTRY),
    "session": (ReadingSession, _SESSION),
}


@contextmanager
def recorded(
    chosen: PublicList, by: User | None, words: str, *, undoes: ListChange | None = None
) -> Iterator[None]:
    """Whatever is done to the list inside is one change on record; nothing done, nothing kept."""
    with transaction.atomic():
        PublicList.objects.select_for_update().get(pk=chosen.pk)
        before = _snapshot(chosen)
        yield
        rows = _difference(before, _snapshot(chosen))
        if not rows:
            return
        now = timezone.now()
        ListChange.objects.create(
            public_list=chosen, by=by, words=words[:200], rows=rows, undoes=undoes, at=now
        )
        PublicList.objects.filter(pk=chosen.pk).update(changed_at=now, revision=F("revision") + 1)
        chosen.refresh_from_db()


def undo(change: ListChange, *, by: User) -> int:
    """Write back what a change found. Rows that were changed again since stay as they are.

    Returns how many stayed. Raises NotPossible when nothing is left to undo.
    """
    chosen = change.public_list
    stayed = 0
    with recorded(chosen, by, f"Undone: {change.words}", undoes=change):
        now = _snapshot(chosen)
        for name in _in_order(change.rows):
            stayed += not _write_back(chosen, name, change.rows[name], now.get(name))
    if stayed == len(change.rows):
        raise NotPossible(
            gettext("All of it was changed again since; undo the later change first.")
        )
    return stayed


def _in_order(rows: Mapping[str, Any]) -> list[str]:
    """Sections come back before what stands in them, and go after it."""

    def place(name: str) -> tuple[int, int]:
        kind, _, pk = name.partition(":")
        gone = rows[name]["after"] is None  # it was taken out, so it comes back
        order = {"list": 0, "section": 1, "entry": 2, "session": 2}[kind]
        return (order, int(pk)) if gone or kind != "section" else (3, -int(pk))

    return sorted(rows, key=place)


def _write_back(chosen: PublicList, name: str, change: Row, now: Row | None) -> bool:
    """Whether the row is again as it was."""
    kind, _, pk = name.partition(":")
    model, _ = _KINDS[kind]
    rows = model._default_manager.filter(pk=int(pk))
    before, after = change["before"], change["after"]
    if before is None:
        was_touched = now is not None and any(
            now[key] != value for key, value in after.items() if key != "position"
        )
        if now is None or was_touched:
            return now is None
        rows.delete()
        return True
    if after is None:
        if now is None:
            model._default_manager.create(
                pk=int(pk), public_list=chosen, **_living(chosen, kind, before)
            )
        return True
    if now is None:
        return False
    same = {key for key in before if now[key] == after[key]}
    if not same:
        return all(now[key] == before[key] for key in before)
    rows.update(**_living(chosen, kind, {key: before[key] for key in same}))
    return True


def _living(chosen: PublicList, kind: str, row: Row) -> Row:
    """The columns without what they point to and is gone."""
    values = dict(row)
    for key, read in (*_TIMES.items(), ("date", parse_date)):
        if values.get(key):
            values[key] = read(values[key])
    for key in ("section_id", "parent_id"):
        if values.get(key) and not chosen.sections.filter(pk=values[key]).exists():
            values[key] = None
    if values.get("paper_id") and not Paper.objects.filter(pk=values["paper_id"]).exists():
        values["paper_id"] = None
    return values


def _snapshot(chosen: PublicList) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for kind, (model, columns) in _KINDS.items():
        of_list: Row = {"pk": chosen.pk} if kind == "list" else {"public_list": chosen}
        if kind == "session":  # what waits or was declined is nobody's history
            of_list["state"] = ReadingSession.State.PUBLIC
        for row in model._default_manager.filter(**of_list).values("pk", *columns):
            pk = row.pop("pk")
            for key in (*_TIMES, "date"):
                if row.get(key):
                    row[key] = row[key].isoformat()
            rows[f"{kind}:{pk}"] = row
    return rows


def _difference(before: dict[str, Row], after: dict[str, Row]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            rows[name] = {"before": old, "after": new}
        elif changed := [key for key in old if old[key] != new[key]]:
            rows[name] = {
                "before": {key: old[key] for key in changed},
                "after": {key: new[key] for key in changed},
            }
    return rows


# --- reading the history ---

COLUMN_WORDS = {
    "title": Words("title"),
    "title_zh": Words("Chinese title"),
    "introduction": Words("introduction"),
    "licence": Words("licence"),
    "newest_first": Words("order"),
    "classification": Words("classification"),
    "section_id": Words("section"),
    "parent_id": Words("section above"),
    "paper_id": Words("paper"),
    "date_text": Words("date"),
    "focus_name": Words("name of the column"),
}


@dataclass
class ChangeShown:
    """A change with a line for each of its first rows. Titles are those the reader may see."""

    change: ListChange
    lines: list[str] = field(default_factory=list)
    more: int = 0

    @property
    def words(self) -> str:
        """What was done, in the language that is spoken; it is kept in English."""
        return spoken(self.change.words)


_SECTION_WORDS = re.compile(r"Section “(?P<title>.*)” (?P<what>added|changed|moved|taken out)\.")
_UNDONE = "Undone: "


def spoken(words: str) -> str:
    """The words of a change, as they are kept, in the language that is spoken."""
    if words.startswith(_UNDONE):
        return gettext("Undone: {words}").format(words=spoken(words.removeprefix(_UNDONE)))
    if found := _SECTION_WORDS.fullmatch(words):
        told = {
            "added": gettext("Section “{title}” added."),
            "changed": gettext("Section “{title}” changed."),
            "moved": gettext("Section “{title}” moved."),
            "taken out": gettext("Section “{title}” taken out."),
        }
        return told[found["what"]].format(title=found["title"])
    return gettext(words) if words else ""


def shown(changes: list[ListChange], viewer: Visitor, most: int = 6) -> list[ChangeShown]:
    """The changes in words, in three queries whatever their number."""
    papers = {
        (row["before"] or row["after"]).get("paper_id") for c in changes for row in c.rows.values()
    }
    entries = {int(n.split(":")[1]) for c in changes for n in c.rows if n.startswith("entry:")}
    rows_now = ListPlacement.objects.filter(pk__in=entries).values_list("pk", "paper_id", "title")
    placed = {pk: (paper, title) for pk, paper, title in rows_now}
    wanted = (papers | {paper for paper, _ in placed.values()}) - {None}
    titles = dict(Paper.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", "title"))
    shown_changes = []
    for change in changes:
        lines = [_line(name, row, placed, titles) for name, row in change.rows.items()]
        lines = list(dict.fromkeys(line for line in lines if line))
        shown_changes.append(ChangeShown(change, lines[:most], max(0, len(lines) - most)))
    return shown_changes


def _line(
    name: str,
    row: Row,
    placed: Mapping[int, tuple[int | None, str]],
    titles: Mapping[int, str],
) -> str:
    kind, _, pk = name.partition(":")
    before, after = row["before"], row["after"]
    values = after or before
    if before and after and set(before) <= {"position"}:
        return gettext("Moved.") if kind == "entry" else gettext("Sections moved.")
    title = values.get("title") or ""
    if kind == "entry":
        now_paper, now_title = placed.get(int(pk), (None, ""))
        title = title or now_title
        paper = values.get("paper_id") or now_paper
        if paper is not None:
            title = titles.get(paper, gettext("a paper that is not public now"))
    if kind == "session":
        title = title or titles.get(values.get("paper_id") or 0, "")
        told = gettext("Reading log, {date} {title}")
        title = told.format(date=values.get("date", ""), title=title)
    section = gettext("Section {title}").format(title=title)
    what = {"list": gettext("The list"), "section": section}.get(kind, title).strip()
    if before is None:
        return gettext("{what}: added").format(what=what)
    if after is None:
        return gettext("{what}: taken out").format(what=what)
    columns = [
        COLUMN_WORDS.get(key, key.removesuffix("_id")) for key in before if key != "position"
    ]
    told = gettext("{what}: {fields} changed")
    return told.format(
        what=what or gettext("An entry"), fields=gettext(", ").join(map(str, columns))
    )
