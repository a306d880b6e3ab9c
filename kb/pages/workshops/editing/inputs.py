"""Boxes of a form, and how values of data files stand in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.words import Words
from papers.workshops.lines import link_line, phase_line

Options = tuple[tuple[str, str], ...]
Value = Any  # of a field as the data files hold it: text, number, list or mapping


@dataclass(frozen=True)
class Input:
    """One box. name: the field, with a dot for an entry of a mapping. help: an example that
    stands in the empty box, or a few words. hint: a sentence below it.

    kind: line, text, date, clock, zone, select, check, url, number; lines (a list, one a line);
    links, phases (one a line, see papers/workshops/lines.py); names (a list, commas or semicolons
    between); photo and logo (a picture to send, or the address of the one that is here).
    """

    name: str
    label: str
    kind: str = "line"
    help: str = ""
    options: Options = ()
    is_wide: bool = False
    hint: str = ""

    @property
    def is_picture(self) -> bool:
        return self.kind in ("photo", "logo")

    @property
    def is_area(self) -> bool:
        return self.kind in ("text", "lines", "links", "phases")


@dataclass(frozen=True)
class Rows:
    """A list of entries. field: with a dot for a list inside a mapping. noun: of one entry."""

    field: str
    noun: str
    inputs: tuple[Input, ...]
    at_once: int = 20
    new: int = 2

    @property
    def nouns(self) -> str:
        """The word for several entries."""
        return _SEVERAL[self.noun]


_SEVERAL = {
    "link": Words("links"),
    "date": Words("dates"),
    "item": Words("items"),
    "person": Words("people"),
    "entry": Words("entries"),
    "paper": Words("papers"),
    "sponsor": Words("sponsors"),
    "result": Words("results"),
    "venue": Words("venues"),
}


@dataclass(frozen=True)
class Form:
    """What the page of a block asks for. hint: what it is for, and how to fill it."""

    hint: str
    inputs: tuple[Input, ...] = ()
    rows: Rows | None = None


def value_at(fields: Mapping[str, Any], name: str) -> Value:
    """The value of a field; of an entry of a mapping for a name with a dot."""
    outer, _, inner = name.partition(".")
    value = fields.get(outer)
    return (value or {}).get(inner) if inner else value


def put_at(fields: dict[str, Any], name: str, value: Value) -> None:
    """Write what `value_at` reads; an empty entry that a mapping did not have is left out."""
    outer, _, inner = name.partition(".")
    if not inner:
        fields[outer] = value
        return
    mapping = dict(fields.get(outer) or {})
    if inner in mapping or value not in ("", None, []):
        mapping[inner] = value
    fields[outer] = mapping


def as_text(box: Input, value: Value) -> str:
    """A value as it stands in its box."""
    if isinstance(value, bool):
        return "yes" if value else "" if box.kind == "check" else "no"
    if value in (None, "", []):
        return ""
    if box.kind == "lines":
        return "\n".join(map(str, value))
    if box.kind == "links":
        return "\n".join(map(link_line, value))
    if box.kind == "phases" and isinstance(value, list):
        return "\n".join(map(phase_line, value))
    if box.kind == "names":
        return "; ".join(value)
    return str(value)


def list_at(fields: Mapping[str, Any], rows: Rows) -> Sequence[dict[str, Any]]:
    """The entries of a list; sponsors that are only names become entries."""
    return [
        {"name": entry} if isinstance(entry, str) else entry
        for entry in value_at(fields, rows.field) or []
    ]
