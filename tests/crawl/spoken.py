"""English that a page in another language still says: what is neither data nor marked as English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import polib
from lxml import html as pages

from kb.languages import catalogue

READ = ("title", "aria-label", "placeholder", "alt", "label", "aria-description", "data-confirm")
"""Attributes that are read to people; the value of a button is another."""
UNREAD = {"script", "style", "code", "pre", "kbd", "samp", "math", "template"}
"""Elements whose text is code, or no text."""


@cache
def of_the_interface() -> frozenset[str]:
    """Texts of the interface that Chinese says in other words."""
    entries = polib.pofile(str(catalogue.catalogues()[0]))
    return frozenset(e.msgid for e in entries if e.msgstr and e.msgid not in e.msgstr)


BARE = {"title", "option", "textarea", "text", "desc"}
"""Elements that hold nothing but text: of a part of it no language can be said."""
NAMES = re.compile(
    r"https?:\S+|\S+@\S+|\S+=\S+|[\w-]+:[\w\"-]+(\.\.\d+)?|(?<!\w)(min|cpu|van|der|den|de|von|du|la|di|el|al|et|ter|bin|da|dos)(?!\w)"
    r"|\b(Creative Commons|Semantic Scholar|Papers with Code|Living Survey|ACL Anthology|arXiv|iD)\b"
)
"""What is called so in every language."""
SENTENCE = re.compile(r"(?<!\w)(?:[A-Za-z][A-Za-z'’-]*[,;:]?\s+){2,}[A-Za-z]{2,}")
LOWER = re.compile(r"(?<![\w./:@#=~+-])[a-z]{3,}(?![\w/:@#=~+-]|\.\w)")
PART = re.compile(r"[:;·()|=“”]|\.\.\.|…|, |\. ")
"""Between parts of a text that may come from different records, or be cut there."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def english_of(text: str) -> list[str]:
    """What of a piece of text is English, part by part: parts with a word of small letters, where
    there is no Chinese; else the sentences that stand among the Chinese."""
    plain = " ".join(NAMES.sub(" ", text).split())
    if CHINESE.search(plain):
        return [run for run in SENTENCE.findall(plain) if LOWER.search(run)]
    if plain in of_the_interface():
        return [plain]
    return [part for part in PART.split(plain) if LOWER.search(part)]


@dataclass(frozen=True)
class Said:
    """A piece of a page: its text, the language that it is said to be in, and whether it stands in
    an attribute, where no language can be said of a part."""

    text: str
    language: str
    is_attribute: bool = False


def said_in(body: bytes) -> list[Said]:
    """What a reader meets on a page, in its order; fragments are of the page's own language."""
    root = pages.document_fromstring(body.decode("utf-8", "replace"))
    return [said for said in _said(root, "zh") if said.text]


def _said(element: Any, language: str) -> Iterator[Said]:
    if not isinstance(element.tag, str) or element.tag in UNREAD:
        return
    if element.get("translate") == "no":
        return
    language = element.get("lang", language)
    can_say = element.tag not in BARE
    read = [element.get(name, "") for name in READ]
    if element.tag in {"input", "button"} and element.get("type") in {"submit", "button", "reset"}:
        read.append(element.get("value", ""))
    yield from (Said(_plain(text), language, is_attribute=True) for text in read)
    yield Said(_plain(element.text or ""), language, is_attribute=not can_say)
    for child in element:
        yield from _said(child, language)
        yield Said(_plain(child.tail or ""), language)


def _plain(text: str) -> str:
    return " ".join(text.split())
