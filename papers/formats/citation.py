"""The bibliographic record that every format is written from and read into. No Django."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from papers import names
from papers.given_names import are_given_first


class Kind(StrEnum):
    """What is cited, in the words of CSL 1.0.2."""

    JOURNAL = "article-journal"
    CONFERENCE = "paper-conference"
    PREPRINT = "article"
    REPORT = "report"
    BOOK = "book"
    CHAPTER = "chapter"
    THESIS = "thesis"
    OTHER = "document"


@dataclass(frozen=True)
class Author:
    """A person, or a group when there is no given name ("OpenAI", "Kimi Team")."""

    family: str
    given: str = ""
    suffix: str = ""
    namesake: str = ""
    """The number by which DBLP tells namesakes apart ("0001"); no part of the name."""

    def __str__(self) -> str:
        """As printed: "Laurens van der Maaten"; names in Han characters without a space."""
        if _HAN.fullmatch(self.family + self.given):
            return self.family + self.given
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def inverted(self) -> str:
        """Family name first: "King, Martin Luther, Jr."."""
        parts = [self.family, self.given] + ([self.suffix] if self.suffix else [])
        return ", ".join(parts) if self.given else self.family


@dataclass(frozen=True)
class Citation:
    """One work as a bibliography lists it. Empty strings and None stand for "not known"."""

    key: str
    kind: Kind
    title: str
    authors: tuple[Author, ...] = ()
    and_others: bool = False
    year: int | None = None
    month: int | None = None
    container: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    openreview: str = ""
    acl: str = ""
    url: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    note: str = ""


AND_MORE = "The list of authors goes on."
"""Says so where a format has no way to: among the names it would be taken for somebody's.

BibTeX ("and others"), CSL ("others", which Pandoc and Zotero write and read), MODS (`etal`) and
EndNote's own tags ("et al.," with a comma) have one. RIS has none and carries the sentence as a
note, schema.org as the text of its credits; meta tags, COinS, Dublin Core and DataCite name those
who are known.
"""


@dataclass(frozen=True)
class Problem:
    """Something in an imported file that could not be read, for the person who sent it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Reading:
    """What an import found: the works, and what it had to leave out."""

    citations: list[Citation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


EASTERN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff々"
"""Signs of names that are written family first and without a space: Chinese, kana, Korean."""
_HAN = re.compile(f"[{EASTERN}]+")
_HAN_IN_PARTS = re.compile(f"([{EASTERN}]+)[ \u3000]([{EASTERN}]+)")
_KANA = re.compile(r"[\u3040-\u30ff]")
_TWO_CHARACTER_SURNAME = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|南宫|端木|歐陽|司馬|諸葛"
)
_PARTICLE = re.compile(
    r"af|al|bin|da|de|dei|del|della|den|der|des|di|do|dos|du|el|ibn|la|las|le|lo|los|op|'t|ten|"
    r"ter|van|vande|vander|vom|von|y|zu|zum|zur"
)
SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
_DEGREE = re.compile(
    r"(?:ph\.? ?d|m\.? ?d|d\.? ?phil|m\.? ?sc|b\.? ?sc|mba|esq|dr|prof|frs)\.?", re.IGNORECASE
)
_BARE_INITIALS = re.compile(r"([^\W\d_][^,.]*[^\W\d_]) ((?:[A-ZА-Я]\.?[ -]?){1,4})")
_GROUP = re.compile(
    r"\b(team|teams|group|groups|collaboration|consortium|project|lab|labs|laboratory|initiative|"
    r"institute|university|inc|ltd|foundation|authors|community|organization|organisation)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def author_of(printed: str) -> Author:
    """The author behind a printed name, given names first or "Family, Given[, Suffix]".

    Groups are known by one word of their name ("Team", "Collaboration") or by having only one.
    """
    printed = names.tidy(printed)
    if "," in printed:
        return _inverted_author(printed)
    if _HAN.fullmatch(printed):
        return _han_author(printed)
    if parts := _HAN_IN_PARTS.fullmatch(printed):
        return Author(parts[1], parts[2])
    words = printed.split()
    if len(words) < 2 or _GROUP.search(printed):
        return Author(printed)
    suffix = SUFFIXES.get(words[-1].rstrip(".").lower(), "") if len(words) > 2 else ""
    if suffix:
        words = words[:-1]
    start = next(
        (i for i in range(1, len(words) - 1) if _PARTICLE.fullmatch(words[i])),
        len(words) - 1,
    )
    return Author(" ".join(words[start:]), " ".join(words[:start]), suffix)


def in_reading_order(printed: Sequence[str]) -> list[str]:
    """Names with the given names first: "Huang, G." gives "G. Huang".

    Where all names of the list end in bare initials, these are moved too ("HUANG G", "Huang G."),
    unless the initials could be families in capitals ("Jian WU") or families are shortened after
    given names ("Anna E.", "Bo Z.").
    """
    bare = [_BARE_INITIALS.fullmatch(name) for name in printed if not _HAN.fullmatch(name)]
    matches = [match for match in bare if match]
    capitals = all(match[1].isupper() for match in matches)
    are_initials = capitals or any(len(m[2]) == 1 or "." in m[2] for m in matches)
    is_shortened = are_given_first([match[1].split()[0] for match in matches])
    if matches and len(matches) == len(bare) and are_initials and not is_shortened:
        return [_from_bare(name, capitals) for name in printed]
    return [str(author_of(n)) if "," in n and not _GROUP.search(n) else n for n in printed]


def _from_bare(name: str, capitals: bool) -> str:
    match = _BARE_INITIALS.fullmatch(name)
    if match is None:
        return name
    family = match[1].title() if capitals else match[1]
    return " ".join([*(f"{letter}." for letter in re.findall(r"[^\W\d_]", match[2])), family])


def _inverted_author(printed: str) -> Author:
    parts = [part.strip() for part in printed.split(",")]
    family, rest = parts[0], [part for part in parts[1:] if part]
    if not family:
        return author_of(" ".join(rest)) if rest else Author("")
    if " " in family and not family[0].islower() and all(_is_behind_names(part) for part in rest):
        suffixes = [part for part in rest if not is_degree(part)]
        return author_of(" ".join([family, *suffixes[:1]]))  # "Henry Ford, Sr.", "Ann Smith, Ph.D."
    given, suffix = [*rest, "", ""][:2]
    if SUFFIXES.get(given.rstrip(".").lower()):  # BibTeX writes "Family, Jr., Given"
        given, suffix = suffix, SUFFIXES[given.rstrip(".").lower()]
    return Author(family, given, SUFFIXES.get(suffix.rstrip(".").lower(), suffix))


def _is_behind_names(part: str) -> bool:
    """Whether it stands behind whole names and is none: "Jr.", "Ph.D."."""
    return is_degree(part) or part.rstrip(".").lower() in SUFFIXES


def _han_author(printed: str) -> Author:
    if len(printed) > 4 or len(printed) < 2 or _KANA.search(printed):
        return Author(printed)
    cut = 2 if len(printed) > 2 and _TWO_CHARACTER_SURNAME.match(printed) else 1
    return Author(printed[:cut], printed[cut:])


def is_degree(part: str) -> bool:
    """Whether it is a degree behind a name: "Ph.D.", "MD"; "Md" and "Md." are given names."""
    return part not in ("Md", "Md.") and bool(_DEGREE.fullmatch(part))


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, which would break line-based formats."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return names.tidy(text)


def page_range(pages: str, dash: str = "-") -> str:
    """Pages with one kind of dash: "1--10" and "1–10" give "1-10"."""
    return re.sub(r"\s*[-\u2010-\u2015]+\s*", dash, pages.strip())
