"""Sentences that programs keep with records in English, told in the language of the page.

Such a sentence is kept, compared and exported as it is; where it is one of `SENTENCES`, with its
own numbers and names in their places, a page says it in the reader's language. Rules of claims are
told part by part.
"""

from __future__ import annotations

import re

from django.utils.translation import pgettext

from accounts.words import Words

SENTENCES = (
    Words("{n} rows of {papers} papers"),
    Words("{empty} of {n} rows say nothing about “{head}”"),
    Words(
        "of {n} papers on these topics {without} print no number that is kept here and fits this"
        " table"
    ),
    Words("{n} rows rest on second-hand or unconfirmed numbers"),
    Words("{value} ({n} seeds)"),
    Words("{value} ({n} seeds, all equal)"),
    Words("Query in arXiv’s own language"),
    Words("ISSN, or words of the title of its volumes"),
    Words("Words, with | for or and + for and"),
    Words("Nothing: the address says all"),
    Words("Set, or nothing for all"),
    Words("Query of DBLP’s search"),
    Words("Other venue"),
    Words("of a branch that was rewritten before the repository was first published"),
    Words("YouTube, Bilibili, SlidesLive, Vimeo, PeerTube, or a file ending in .mp4 or .webm"),
    Words("README line {n}"),
    Words("README lines {n}"),
    Words("notes table, line {n}"),
    Words("{value}, as {error} error"),
)
"""As they are kept; a place takes whatever stands there."""

RULES = (
    *(Words("Bound"), Words("Printed"), Words("Absolute"), Words("Relative"), Words("Equal")),
    *(Words("Bracket"), Words("Order"), Words("Table"), Words("Consistent")),
    *(Words("than"), Words("bound"), Words("min seeds"), Words("seeds needed")),
    *(Words("rounding"), Words("within"), Words("expected"), Words("lower"), Words("upper")),
)
"""Kinds of rules and names of what they are given."""
_NAMES = {name[:]: name for name in RULES}
_PLACE = re.compile(r"\\\{(\w+)\\\}")


def _pattern(words: Words) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(words[:])))


_PATTERNS = [(_pattern(words), words) for words in SENTENCES]


def sentence(text: str) -> str:
    """The sentence in the language of the page, if it is one that is known; else as it is."""
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(text):
            return str(words).format(**found.groupdict())
    return text


def rule(text: str) -> str:
    """The rule of a claim, `Bound: than >=, bound 1.5`, in the words of the page."""
    kind, colon, given = text.partition(": ")
    parts = [_given(part) for part in given.split(", ")] if given else []
    told = str(_NAMES.get(kind, kind))
    if colon:
        told += pgettext("between a name and what is told of it", ": ")
    return told + pgettext("parts of a name", ", ").join(parts)


def _given(part: str) -> str:
    for name in sorted(_NAMES, key=len, reverse=True):
        if part.startswith(f"{name} "):
            return f"{_NAMES[name]} {part.removeprefix(name).strip()}"
    return part
