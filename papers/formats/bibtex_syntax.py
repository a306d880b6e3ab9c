"""The outer syntax of a .bib file: entries, fields, strings. Damage stays local and is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from papers.formats.citation import Problem

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENTRY_START = re.compile(r"@\s*([A-Za-z]+)\s*([({])")
_LINE_WITH_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z]+\s*[({]", re.MULTILINE)
_FIELD_NAME = re.compile(r"\s*([^\s\"#%'(),={}]+)\s*=\s*")
_BARE_VALUE = re.compile(r"[^\s\"#%'(),={}]+")
_SPACE = re.compile(r"\s*")


@dataclass
class Entry:
    """One entry as written: the values keep their TeX, names of fields are in lower case."""

    type: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)


class _Damage(Exception):
    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


def entries(text: str, problems: list[Problem]) -> Iterator[Entry]:
    """The entries of `text` in order; what cannot be read is added to `problems`.

    After damage the reading goes on at the next line that starts an entry.
    """
    macros = dict(zip(MONTHS, MONTHS, strict=True))
    position = 0
    while start := _ENTRY_START.search(text, position):
        kind, line = start[1].lower(), text.count("\n", 0, start.start()) + 1
        try:
            if kind in ("comment", "preamble"):
                position = _after_group(text, start.end() - 1)
                continue
            entry, position = _entry(text, start, macros, line)
        except _Damage as damage:
            where = text.count("\n", 0, damage.position) + 1
            problems.append(Problem(where, f"{damage} (entry that starts in line {line})"))
            following = _LINE_WITH_ENTRY.search(text, start.end())
            position = following.start() if following else len(text)
            continue
        if kind == "string":
            macros.update(entry.fields)
        else:
            yield entry


def _entry(text: str, start: re.Match[str], macros: dict[str, str], line: int) -> tuple[Entry, int]:
    closing = "}" if start[2] == "{" else ")"
    entry = Entry(start[1].lower(), "", line)
    position = start.end()
    if entry.type != "string":
        key = re.compile(rf"\s*([^,\s{closing}]*)\s*").match(text, position)
        assert key is not None  # the pattern matches the empty string
        entry.key, position = key[1], key.end()
    while True:
        position = _skip(text, position, ",")
        if text.startswith(closing, position):
            return entry, position + 1
        name = _FIELD_NAME.match(text, position)
        if not name:
            raise _Damage(position, "a field such as `title = {…}` or the end was expected")
        value, position = _value(text, name.end(), macros)
        entry.fields.setdefault(name[1].lower(), value)


def _value(text: str, position: int, macros: dict[str, str]) -> tuple[str, int]:
    """Pieces joined by #: {braced}, "quoted", a number, or the name of a string."""
    pieces = []
    while True:
        if text.startswith("{", position):
            end = _after_group(text, position)
            pieces.append(text[position + 1 : end - 1])
        elif text.startswith('"', position):
            end = _after_quoted(text, position)
            pieces.append(text[position + 1 : end - 1])
        elif bare := _BARE_VALUE.match(text, position):
            end = bare.end()
            pieces.append(macros.get(bare[0].lower(), bare[0]))
        else:
            raise _Damage(position, "a value was expected")
        position = _skip(text, end)
        if not text.startswith("#", position):
            return "".join(pieces), position
        position = _skip(text, position + 1)


def _after_group(text: str, start: int) -> int:
    """Position behind the bracket that closes the one at `start`."""
    opening = text[start]
    closing = "}" if opening == "{" else ")"
    depth = 0
    for match in re.compile(rf"[{re.escape(opening + closing)}]").finditer(text, start):
        depth += 1 if match[0] == opening else -1
        if depth == 0:
            return match.end()
    raise _Damage(start, f"this {opening} is never closed")


def _after_quoted(text: str, start: int) -> int:
    """Position behind the quote that ends the value at `start`; quotes inside braces do not."""
    depth = 0
    for match in re.compile(r'["{}]').finditer(text, start + 1):
        if match[0] == '"' and depth == 0:
            return match.end()
        depth += (match[0] == "{") - (match[0] == "}")
    raise _Damage(start, "this quotation mark is never closed")


def _skip(text: str, position: int, also: str = "") -> int:
    """Behind white space and any of the characters in `also`."""
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if also and text[position : position + 1] in also and position < len(text):
            position += 1
        else:
            return position
