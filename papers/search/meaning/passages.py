"""The text of a paper that is embedded, whole and in passages. Pure: benchmarks read it before
there is a database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

MOST_PASSAGES = 24
SHORTEST = 25

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"')\]”’]*\s+(?=[\"'(\[“‘]?[A-Z0-9])")


def whole(title: str, summary: Sequence[str]) -> str:
    """Title and summary as one text, what matters most first: encoders read only the beginning."""
    return " ".join([title, *summary]).strip()


def split(title: str, summary: Sequence[str]) -> list[str]:
    """The title, then the sentences of the summary."""
    passages = [title] if title else []
    for text in summary:
        passages += sentences(text)
    return passages[:MOST_PASSAGES]


def sentences(text: str) -> list[str]:
    """Sentences of a text; very short ones stay with the one before."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip()
        if pieces and piece and min(len(piece), len(pieces[-1])) < SHORTEST:
            pieces[-1] += " " + piece
        elif piece:
            pieces.append(piece)
    return pieces


def text_hash(title: str, summary: Sequence[str]) -> str:
    """Changes whenever the embedded text does."""
    return hashlib.sha256("\x1f".join([title, *summary]).encode()).hexdigest()
