"""Words that stand where something is still to come. Pure."""

from __future__ import annotations

import re

_STANDS_IN = re.compile(
    r"\bplaceholder\b|lorem ipsum|\bTB[ACD]\b|\bto be (?:announced|confirmed|determined)\b|\bXXX+\b"
    r"|待定",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Whether a text says that its own place is not filled yet."""
    return bool(_STANDS_IN.search(text))


def placeholders_in(value: object) -> list[str]:
    """All such texts in a field: in a text, a list or a mapping."""
    if isinstance(value, str):
        return [value] if is_placeholder(value) else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in placeholders_in(part)]
