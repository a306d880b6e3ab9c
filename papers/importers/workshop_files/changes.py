"""What files would change in a workshop: new, changed, same, in conflict, only here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import astuple, dataclass, replace

from papers.importers.workshop_files.shapes import Fields, WorkshopFiles
from papers.importers.workshop_files.tying import meaning
from papers.names import fold


def _person(row: Fields) -> object:
    return row["role"], fold(row["name"])


def _paper(row: Fields) -> object:
    return fold(row["title"]).replace(" ", "")


def _item(row: Fields) -> object:
    return (
        row.get("label", "") if row.get("room") else "",
        row.get("start") or "",
        fold(row["title"]),
    )


def _date(row: Fields) -> object:
    return meaning(row["label"])


def _named(row: Fields) -> object:
    return fold(str(row.get("title") or row.get("name") or ""))


LISTS: dict[str, tuple[str, Callable[[Fields], object]]] = {
    "people": ("people", _person),
    "papers": ("accepted_papers", _paper),
    "schedule": ("schedule", _item),
    "dates": ("important_dates", _date),
    "news": ("news", _named),
    "sponsors": ("sponsors", _named),
}
"""The list of the files, the list of a workshop's data file, and what tells its rows apart."""
_ASIDE = {"source_key", "key", "photo", "biography", "refers_to", "session", "raw_time"}


@dataclass(frozen=True)
class Difference:
    """A field of which the workshop says one thing and the files another."""

    field: str
    here: str
    there: str


@dataclass(frozen=True)
class Change:
    """status: "new", "changed" (gaps filled, or theirs taken), "same", "conflict" (kept)."""

    part: str
    status: str
    shown: str
    fields: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> str:
        """Names a conflict by what both sides say, so that a choice holds for that alone."""
        content = json.dumps([self.part, self.shown, [astuple(d) for d in self.differences]])
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def merged(
    here: Fields, read: WorkshopFiles, theirs: Collection[str] = ()
) -> tuple[Fields, list[Change]]:
    """The lists of a data file after the import, and what happens to every row.

    here: the fields of the workshop, empty for a new one. A value that is here stays where the
    files say another one; rows that only stand here stay. Merging again changes nothing. theirs:
    keys of the conflicts in which the files win.
    """
    fields: Fields = {}
    changes: list[Change] = []
    for part, (name, key) in LISTS.items():
        listed = list(here.get(name) or [])
        rows, made = _merged_rows(part, listed, getattr(read, part), key, theirs)
        changes += made
        if any(change.status in ("new", "changed") for change in made):
            fields[name] = rows
    for name, value in read.details.items():
        if value and not here.get(name):
            fields[name] = value
            changes.append(Change("details", "new", f"{name}: {value}"))
        elif value and str(here[name]) != str(value):
            differences = (Difference(name, as_words(here[name]), as_words(value)),)
            change = Change("details", "conflict", name.replace("_", " "), (name,), differences)
            if change.key in theirs:
                fields[name], change = value, replace(change, status="changed")
            changes.append(change)
    return fields, changes


def _merged_rows(
    part: str,
    here: list[Fields],
    read: list[Fields],
    key: Callable[[Fields], object],
    theirs: Collection[str],
) -> tuple[list[Fields], list[Change]]:
    rows = [{"name": row} if isinstance(row, str) else dict(row) for row in here]
    known: dict[object, list[Fields]] = {}
    for row in rows:
        known.setdefault(key(row), []).append(row)
    changes = []
    for given in read:
        shown = str(given.get("title") or given.get("name") or given.get("label") or "")[:200]
        match = _likest(known.get(key(given), []), given)
        if match is None:
            rows.append(given)
            known.setdefault(key(given), []).append(given)
            changes.append(Change(part, "new", shown))
            continue
        row = match
        filled = [name for name, value in given.items() if value and not row.get(name)]
        filled = [name for name in filled if name not in _ASIDE]
        differ = [name for name in given if name not in _ASIDE and _differs(row, given, name)]
        for name in filled:
            row[name] = given[name]
        status = "conflict" if differ else "changed" if filled else "same"
        differences = tuple(
            Difference(name, as_words(row[name]), as_words(given[name])) for name in differ
        )
        change = Change(part, status, shown, tuple(differ or filled), differences)
        if differ and change.key in theirs:
            row |= {name: given[name] for name in differ}
            change = replace(change, status="changed")
        changes.append(change)
    return rows, changes


def as_words(value: object) -> str:
    """A value of a field in a line; an entry of a list by what it says."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {as_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(as_words, value))
    return str(value)


def _likest(alike: list[Fields], given: Fields) -> Fields | None:
    """Of the rows that may be the one of the file, the one that bears its code; else the last.

    Rows of which both have a code, and not the same, are two.
    """
    code = given.get("code")
    if code is None:
        return alike[-1] if alike else None
    coded = [row for row in alike if row.get("code") == code]
    plain = [row for row in alike if not row.get("code")]
    return next(iter(coded or plain), None)


def _differs(here: Fields, given: Fields, name: str) -> bool:
    old, new = here.get(name), given.get(name)
    if not old or not new or name in ("id", "paper"):
        return False
    return _plain(old) != _plain(new)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return fold(value) or value
    return [_plain(part) for part in value] if isinstance(value, list) else value
