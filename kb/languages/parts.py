"""The source of a template as a tree: text, elements of HTML, variables, tags and blocks of Django.

Only as much of both languages as marking texts needs. What it does not know it keeps as it is:
`source` of all parts, one after the other, is always the source that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_TAG_START = re.compile(r"</?[a-zA-Z][\w-]*|<!--.*?-->|<![a-zA-Z]", re.DOTALL)
_RAW = re.compile(r"<(script|style|pre|textarea)\b", re.IGNORECASE)
_NAME = re.compile(r"\{%\s*(\w+)")
CLOSED_BY_AN_END = frozenset(
    {"if", "for", "with", "block", "language", "ifchanged", "spaceless", "autoescape", "filter"}
    | {"blocktranslate", "blocktrans", "comment", "verbatim", "element", "slot", "keep"}
)
BETWEEN = {"if": {"elif", "else"}, "for": {"empty"}, "ifchanged": {"else"}}
VOID = frozenset(
    {"br", "wbr", "img", "input", "hr", "meta", "link", "source", "col", "area", "base", "embed"}
)


@dataclass
class Part:
    """A piece of source.

    kind: text, open, close, void, raw, variable, tag, comment, block, element.
    """

    kind: str
    source: str
    name: str = ""


@dataclass
class Block(Part):
    """A tag of Django with an end: its branches, each the tag's source and what stands under it."""

    branches: list[tuple[str, list[Part]]] = field(default_factory=list)
    end: str = ""


@dataclass
class Element(Part):
    """An element of HTML within a line: opening and closing tag and what stands between."""

    opening: str = ""
    children: list[Part] = field(default_factory=list)
    closing: str = ""


def read(source: str) -> list[Part]:
    """The parts of a template's source. Raises ValueError where blocks do not fit each other."""
    parts = list(_flat(source))
    tree, rest = _nested(parts, 0, frozenset())
    if rest != len(parts):
        raise ValueError(f"A tag without its beginning: {parts[rest].source}")
    return tree


def _flat(source: str) -> Iterator[Part]:
    place, text = 0, 0

    def before(here: int) -> Iterator[Part]:
        if text < here:
            yield Part("text", source[text:here])

    while place < len(source):
        if made := _part_at(source, place):
            yield from before(place)
            yield made
            place = text = place + len(made.source)
        else:
            place += 1
    yield from before(len(source))


def _part_at(source: str, place: int) -> Part | None:
    """What begins at this place; None within a text."""
    if source[place] == "{" and (match := _DJANGO.match(source, place)):
        markup = match.group()
        if markup.startswith("{{"):
            return Part("variable", markup)
        if markup.startswith("{#"):
            return Part("comment", markup)
        named = _NAME.match(markup)
        return Part("tag", markup, named.group(1) if named else "")
    if source[place] != "<" or not (start := _TAG_START.match(source, place)):
        return None
    if start.group().startswith("<!--"):
        return Part("comment", start.group())
    if raw := _RAW.match(source, place):
        end = re.compile(rf"</{raw.group(1)}\s*>", re.IGNORECASE).search(source, place)
        return Part("raw", source[place : end.end() if end else len(source)], raw.group(1).lower())
    whole = source[place : _end_of_tag(source, start.end())]
    name = start.group().lstrip("</!").lower()
    if whole.startswith("</"):
        return Part("close", whole, name)
    return Part("void" if name in VOID or whole.endswith("/>") else "open", whole, name)


def _end_of_tag(source: str, place: int) -> int:
    """Behind the `>` of the tag that is open at `place`; what Django makes in it is passed over."""
    quote = ""
    while place < len(source):
        if match := _DJANGO.match(source, place):
            place = match.end()
            continue
        letter = source[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == ">":
            return place + 1
        place += 1
    raise ValueError("A tag of HTML without its end.")


def _nested(parts: list[Part], place: int, ends: frozenset[str]) -> tuple[list[Part], int]:
    """Parts from `place` up to a tag of Django that is among `ends`, blocks put together."""
    made: list[Part] = []
    while place < len(parts):
        part = parts[place]
        if part.kind == "tag" and part.name in ends:
            return made, place
        if part.kind == "tag" and _has_end(parts, place):
            part, place = _block(parts, place)
        else:
            place += 1
        made.append(part)
    return made, place


def _has_end(parts: list[Part], place: int) -> bool:
    part = parts[place]
    if part.name in CLOSED_BY_AN_END:
        return part.name not in {"element", "slot"} or any(
            other.kind == "tag" and other.name == f"end{part.name}" for other in parts[place:]
        )
    return False


def _block(parts: list[Part], place: int) -> tuple[Block, int]:
    first = parts[place]
    end = f"end{first.name}"
    ends = frozenset({end, *BETWEEN.get(first.name, ())})
    branches, tag = [], first
    while True:
        inner, place = _nested(parts, place + 1, ends)
        branches.append((tag.source, inner))
        if place >= len(parts):
            raise ValueError(f"A tag without its end: {first.source}")
        tag = parts[place]
        if tag.name == end:
            break
    source = "".join(opening + source_of(inner) for opening, inner in branches) + tag.source
    return Block("block", source, first.name, branches, tag.source), place + 1


def source_of(parts: list[Part]) -> str:
    """The source that the parts were read from."""
    return "".join(part.source for part in parts)


def with_elements(parts: list[Part]) -> list[Part] | None:
    """The same with elements put together; None where a tag has no partner among them."""
    stack: list[tuple[Part | None, list[Part]]] = [(None, [])]
    for part in parts:
        if part.kind == "open":
            stack.append((part, []))
        elif part.kind == "close":
            opening, children = stack.pop()
            if opening is None or opening.name != part.name:
                return None
            source = opening.source + source_of(children) + part.source
            made = Element("element", source, part.name, opening.source, children, part.source)
            stack[-1][1].append(made)
        else:
            stack[-1][1].append(part)
    return stack[0][1] if len(stack) == 1 else None
