"""A title in quotation marks, which may hold quotation marks of its own. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 400
SHORTEST = 6
_CLOSERS = {
    "\u201c": '\u201d"',
    "\u201f": '\u201d"',
    '"': '"\u201d',
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
    "《": "》",
    "「": "」",
    "『": "』",
}
_OPENING = re.compile('[\u201c\u201f"\u2018\u00ab《「『]')
_AFTER_CLOSING = re.compile(r"[\s.,;:)?!\"\u201d\u2019\u00bb，。、：；]|$")
_AFTER_TITLE = re.compile(r"[\s.,;:)，。、：；]|$")
# In single straight quotes, which are apostrophes as well.
_PLAINLY = re.compile(r"(?<=[\s,.])'(?P<title>[A-Z][^']{6,300})'(?=[\s.,;:)]|$)")


class Quoted(NamedTuple):
    """The title, and where its quotation marks stand: first to last, last excluded."""

    title: str
    start: int
    end: int


def quoted_title(text: str) -> Quoted | None:
    """The first text in quotation marks that may be a title; None if there is none."""
    for opening in _OPENING.finditer(text):
        start = opening.start()
        end = _closing(text, start) or _first_closing(text, start)
        if end and end - start - 1 >= SHORTEST:
            return Quoted(text[start + 1 : end], start, end + 1)
    if plainly := _PLAINLY.search(text):
        return Quoted(plainly["title"], plainly.start(), plainly.end())
    return None


def _closing(text: str, start: int) -> int:
    """Where the quotation that opens at `start` is closed, quotations inside it left out; 0 if
    their marks do not pair."""
    kind, depth = text[start], 1
    for place in range(start + 1, min(len(text), start + LONGEST + 2)):
        sign = text[place]
        if sign == kind and _opens(text, place):
            depth += 1
        elif sign in _CLOSERS[kind] and _AFTER_CLOSING.match(text, place + 1):
            depth -= 1
            if not depth:
                return place if _AFTER_TITLE.match(text, place + 1) else 0
    return 0


def _opens(text: str, place: int) -> bool:
    """Whether a mark begins a quotation: a word follows it, and none stands before it."""
    return text[place + 1 : place + 2].isalnum() and text[place - 1] in ' ([-\u2013\u2014/"\u201c'


def _first_closing(text: str, start: int) -> int:
    """The first mark of any kind that may close a title; 0 for none."""
    closing = re.compile('[\u201d"\u2019\u00bb](?=[\\s.,;:)]|$)')
    match = closing.search(text, start + 1 + SHORTEST, start + LONGEST + 2)
    return match.start() if match else 0
