"""Words for the history: sources, and the difference between two values in pieces. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_INDEX = "stored-index:"


def source_in_words(source: str) -> str:
    """A source for people: of "memory", "stored-index:7", "owner/name:path", or free text."""
    if source == "memory":
        return "memory: no stored source confirms every fact"
    if source.startswith(_INDEX):
        return f"text index of public repositories, file {source.removeprefix(_INDEX)}"
    if place := in_repository(source):
        return ": ".join(place)
    return source


def in_repository(source: str) -> tuple[str, str] | None:
    """Repository ("owner/name") and path of a source that is a file on GitHub; else None."""
    repository, _, path = source.partition(":")
    if repository.count("/") == 1 and path and " " not in repository:
        return repository, path
    return None


Piece = tuple[str, str]
SAME, GONE, NEW = "same", "gone", "new"
ALIKE = 0.4
"""Below this share of common words the old and the new text stand one after the other."""
LONGEST = 6000


def pieces(before: object, after: object) -> list[Piece]:
    """Lists by their entries, texts by words, everything else whole."""
    if isinstance(before, list) and isinstance(after, list):
        return _compared([_plain(v) for v in before], [_plain(v) for v in after], ", ")
    old, new = in_plain_words(before), in_plain_words(after)
    first, second = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    if max(len(old), len(new)) > LONGEST or _ratio(first, second) < ALIKE:
        return [piece for piece in ((GONE, old), (NEW, new)) if piece[1]]
    return _compared(first, second, "")


def in_plain_words(value: object) -> str:
    """A value for people; empty for nothing."""
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return _plain(value)


def _plain(value: object) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        named = [
            f"{key}: {_plain(item)}" for key, item in value.items() if item not in (None, "", [])
        ]
        return "; ".join(named)
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _ratio(first: Sequence[str], second: Sequence[str]) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _compared(first: Sequence[str], second: Sequence[str], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            pieces.append((SAME, between.join(first[i:j])))
            continue
        if i < j:
            pieces.append((GONE, between.join(first[i:j])))
        if k < m:
            pieces.append((NEW, between.join(second[k:m])))
    if between:
        return [(op, text + between * (n < len(pieces))) for n, (op, text) in enumerate(pieces, 1)]
    return pieces
