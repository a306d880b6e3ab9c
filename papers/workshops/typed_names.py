"""Lists of people as organisers type or paste them. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext

from papers.formats.name_lists import authors_of, is_others, is_suffix
from papers.names import tidy
from papers.pdf.name_shapes import is_degree

_BETWEEN_PEOPLE = re.compile(r"\s*[;；、|\n]\s*")
_COMMAS = re.compile(r"\s*[,，]\s*")
_AND = re.compile(r"\s+(?:and|&)\s+")
_MARKS = re.compile(r"\s*[*∗†‡§¶#✉]+$")
_INITIALS = re.compile(r"(?:[A-ZÀ-ÖØ-Þ]\.?[ -]?){1,4}")
_ONE_LATIN_WORD = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’.-]*")
_OTHERS_BEHIND = re.compile(r"(?i)\b(?:et al|and others)\.?$|\s等$")
_NEVER = frozenset(["Nd", "No", "So", "Sm", "Cc"])
"""Categories of Unicode of which no name has a character: figures (raised too), pictures, signs."""


@dataclass(frozen=True)
class TypedNames:
    """People in their order, given names first. question: asked where that cannot be told."""

    names: tuple[str, ...] = ()
    question: str = ""


def typed_names(text: str) -> TypedNames:
    """ "Anna Erste, Bo Zweite and Li Wei", "Erste, Anna; Zweite, Bo", "王小明、李华" as people.

    Between semicolons a comma turns a name around. Between commas only whole names can stand:
    "Sun, Yi, Moon, Xu" are four people or two, which is asked.
    """
    by_mark = [part for part in _BETWEEN_PEOPLE.split(text.strip()) if part.strip(" ,")]
    if _BETWEEN_PEOPLE.search(text.strip()):
        parts = [_in_order(part) for part in by_mark]
    else:
        cut = [part for by_and in _AND.split(text) for part in _COMMAS.split(by_and)]
        parts = [re.sub(r"^and\s+", "", part) for part in cut if part.strip()]
        parts = _with_suffixes(parts)
        if _may_be_turned(parts):
            return TypedNames(tuple(map(tidy, parts)), _whether_turned(text))
    names = tuple(tidy(_MARKS.sub("", part)) for part in parts)
    odd = next((name for name in names if name and not _may_be_name(name)), "")
    if odd:
        question = gettext(
            "“{value}” is no name. Leave out footnotes, degrees, markup and “et al.”."
        )
        return TypedNames(names, question.format(value=odd[:40]))
    return TypedNames(tuple(name for name in names if name))


def _may_be_name(text: str) -> bool:
    if is_others(text) or _OTHERS_BEHIND.search(text) or is_degree(text):
        return False
    if text.casefold() in ("and", "&", "with") or "@" in text:
        return False
    return all(unicodedata.category(letter) not in _NEVER for letter in text)


def _in_order(name: str) -> str:
    """ "Erste, Anna" as "Anna Erste"; others stay as they are typed."""
    if not _COMMAS.search(name):
        return name
    authors, _ = authors_of(_COMMAS.sub(", ", name.strip(" ,")))
    return str(authors[0]) if len(authors) == 1 else name


def _with_suffixes(parts: list[str]) -> list[str]:
    """ "Carl Dritte", "Jr." as one name."""
    joined: list[str] = []
    for part in parts:
        if joined and is_suffix(part):
            joined[-1] += f" {part.strip()}"
        else:
            joined.append(part)
    return joined


def _may_be_turned(parts: list[str]) -> bool:
    """Whether families and given names may stand by turns: initials alone, or a lone word in every
    second place, as in "van Gogh, Vincent, García Márquez, Gabriel"."""
    lone = [_ONE_LATIN_WORD.fullmatch(part.strip()) is not None for part in parts]
    initials = any(_INITIALS.fullmatch(part.strip()) for part in parts)
    by_turns = len(parts) > 2 and len(parts) % 2 == 0 and (all(lone[::2]) or all(lone[1::2]))
    return len(parts) > 1 and (initials or all(lone) or by_turns)


def _whether_turned(text: str) -> str:
    question = gettext(
        "“{value}” may be people with one name each, or families and given names by turns. Write "
        "semicolons between people, as in “Ada Byron; Lovelace, A.”."
    )
    return question.format(value=" ".join(text.split())[:60])
