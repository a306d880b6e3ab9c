"""The outer syntax of a .bib file: entries, fields, strings. Damage stays local and is reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from papers.formats.citation import Problem

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENTRY_START = re.compile(r"@\s*([A-Za-z]+)\s*([({])")
_LINE_WITH_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z]+\s*[({]", re.MULTILINE)
_FIELD_NAME = re.compile(r"\s*([^\s\"#%'(),={}]+)\s*=\s*")
_KEYLESS = re.compile(r"\s*[A-Za-z]+\s*=\s*[{\"\d]")
"""A field where the key should stand: programs that make none leave it out with its comma."""
_SPACED_KEY = re.compile(r"\s*([^,={}()\"#%\s][^,={}()\"#%\n]{0,200}?)\s*(?=,)")
_BARE_VALUE = re.compile(r"[^\s\"#%'(),={}]+")
_SPACE = re.compile(r"\s*")
_BRACKET = re.compile(r"[{}]")
_INSIDE_QUOTES = re.compile(r'["{}]')
LONGEST_VALUE = 100_000
"""Characters of one value after its macros; an abstract has 3,000, a chain of macros any number."""
MOST_CHARACTERS = 10_000_000
"""Characters of all values of a file together, which macros could multiply."""


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


class _Text:
    """A file with what is asked of it again and again, each found in one pass."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_ends = [match.start() for match in re.finditer("\n", text)]
        self.closing: dict[int, int] = {}  # where the brace that opens here is closed
        opened: list[int] = []
        for bracket in _BRACKET.finditer(text):
            if bracket[0] == "{":
                opened.append(bracket.start())
            elif opened:
                self.closing[opened.pop()] = bracket.start()

    def line(self, position: int) -> int:
        return bisect_right(self.line_ends, position - 1) + 1


def entries(text: str, problems: list[Problem]) -> Iterator[Entry]:
    """The entries of `text` in order; what cannot be read is added to `problems`.

    After damage the reading goes on at the next entry that starts a line, or stands in its own.
    Time and memory grow with the length of the text, whatever is in it.
    """
    source = _Text(text)
    macros = dict(zip(MONTHS, MONTHS, strict=True))
    position = held = 0
    while start := _ENTRY_START.search(text, position):
        kind, line = start[1].lower(), source.line(start.start())
        try:
            if kind in ("comment", "preamble"):
                position = _after_group(source, start.end() - 1)
                continue
            entry, position = _entry(source, start, macros, line)
        except _Damage as damage:
            problems.append(_told(source, start, damage))
            position = _next_entry(text, start.end(), damage.position)
            continue
        held += sum(map(len, entry.fields.values()))
        if held > MOST_CHARACTERS:
            problems.append(Problem(line, "its strings make the file too large; the rest is left"))
            return
        if kind == "string":
            macros.update(entry.fields)
        else:
            yield entry


def _told(source: _Text, start: re.Match[str], damage: _Damage) -> Problem:
    """Where to look: in the damaged entry, also where it went unnoticed until the next ones."""
    line, where = source.line(start.start()), source.line(damage.position)
    following = _LINE_WITH_ENTRY.search(source.text, start.end())
    if following and following.start() <= damage.position:
        return Problem(line, f"{damage} in the entry that starts here, before line {where}")
    return Problem(where, f"{damage} (entry that starts in line {line})")


def _next_entry(text: str, begin: int, damage: int) -> int:
    """Where to go on: the next line that starts an entry, or an entry in the line of the damage."""
    line_end = text.find("\n", damage)
    inline = _ENTRY_START.search(text, max(begin, damage), line_end if line_end >= 0 else len(text))
    following = _LINE_WITH_ENTRY.search(text, begin)
    starts = [match.start() for match in (following, inline) if match]
    return min(starts, default=len(text))


def _entry(
    source: _Text, start: re.Match[str], macros: dict[str, str], line: int
) -> tuple[Entry, int]:
    text = source.text
    closing = "}" if start[2] == "{" else ")"
    entry = Entry(start[1].lower(), "", line)
    position = start.end()
    if entry.type != "string" and not _KEYLESS.match(text, position):
        plain = re.compile(rf"\s*([^,\s{closing}]*)\s*")
        key = _SPACED_KEY.match(text, position) or plain.match(text, position)
        assert key is not None  # the pattern matches the empty string
        entry.key, position = " ".join(key[1].split()), key.end()
    while True:
        position = _skip(text, position, ",")
        if text.startswith(closing, position):
            return entry, position + 1
        name = _FIELD_NAME.match(text, position)
        if not name:
            raise _Damage(position, "a field such as `title = {…}` or the end was expected")
        value, position = _value(source, name.end(), macros)
        entry.fields.setdefault(name[1].lower(), value)


def _value(source: _Text, position: int, macros: dict[str, str]) -> tuple[str, int]:
    """Pieces joined by #: {braced}, "quoted", a number, or the name of a string."""
    text, pieces, length = source.text, [], 0
    while True:
        if text.startswith("{", position):
            end = _after_group(source, position)
            pieces.append(text[position + 1 : end - 1])
        elif text.startswith('"', position):
            end = _after_quoted(source, position)
            pieces.append(text[position + 1 : end - 1])
        elif bare := _BARE_VALUE.match(text, position):
            end = bare.end()
            pieces.append(macros.get(bare[0].lower(), bare[0]))
        else:
            raise _Damage(position, "a value was expected")
        length += len(pieces[-1])
        if length > LONGEST_VALUE:
            raise _Damage(position, f"this value is longer than {LONGEST_VALUE:,} characters")
        position = _skip(text, end)
        if not text.startswith("#", position):
            return "".join(pieces), position
        position = _skip(text, position + 1)


def _after_group(source: _Text, start: int) -> int:
    """Position behind the bracket that closes the one at `start`."""
    if source.text[start] == "{":
        if start in source.closing:
            return source.closing[start] + 1
        raise _Damage(start, "this { is never closed")
    end = source.text.find(")", start)  # only comments and preambles open with a round one
    if end < 0:
        raise _Damage(start, "this ( is never closed")
    return end + 1


def _after_quoted(source: _Text, start: int) -> int:
    """Position behind the quote that ends the value at `start`; quotes inside braces do not."""
    position = start + 1
    while sign := _INSIDE_QUOTES.search(source.text, position):
        if sign[0] == '"':
            return sign.end()
        if sign[0] == "}" or sign.start() not in source.closing:
            break
        position = source.closing[sign.start()] + 1
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
