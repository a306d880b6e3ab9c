"""The text of a lecture: words, and citations like `[@huang2018multi; @han2022dynamic]`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CITATION = re.compile(r"\s*\[(@[a-z0-9]+(?:\s*[;,]\s*@[a-z0-9]+)*)\]")


@dataclass(frozen=True)
class Words:
    """Plain words as they stand."""

    text: str


@dataclass(frozen=True)
class Cited:
    """Papers on which the words before rest."""

    keys: tuple[str, ...]


def pieces(text: str) -> Iterator[Words | Cited]:
    """The text in order. The space before a citation belongs to it and is dropped."""
    end = 0
    for match in _CITATION.finditer(text):
        if match.start() > end:
            yield Words(text[end : match.start()])
        yield Cited(tuple(re.findall(r"@([a-z0-9]+)", match[1])))
        end = match.end()
    if end < len(text):
        yield Words(text[end:])


def cited_keys(text: str) -> list[str]:
    """Keys of all papers that the text cites, in order, each once."""
    cited = (piece.keys for piece in pieces(text) if isinstance(piece, Cited))
    return list(dict.fromkeys(key for keys in cited for key in keys))
