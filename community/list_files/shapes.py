"""What a file of a reading list holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an entry is about. Only papers become papers."""

    PAPER = "paper"
    BOOK = "book"
    PERSON = "person"
    VENUE = "venue"
    COURSE = "course"
    ORGANISATION = "organisation"
    LINK = "link"


@dataclass(frozen=True)
class Link:
    """kind: "paper", "code", "video", "slides", "poster", "website", "blog", "model" or "link"."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class Left:
    """A line, or a part of one, that did not become (part of) an entry. line: from 1."""

    line: int
    text: str
    why: str
    file: str = ""


@dataclass(frozen=True)
class Entry:
    """One row, bullet or paragraph. Empty values stand for "does not say".

    section: headings from the outermost in. line: from 1. venue: as printed, without the year.
    presenter, date: in logs of a reading group. printed_date: the cell with year and venue as it
    stands in a table. warnings: what a reader should look at.
    """

    title: str
    kind: Kind = Kind.PAPER
    section: tuple[str, ...] = ()
    line: int = 0
    file: str = ""
    authors: tuple[str, ...] = ()
    and_others: bool = False
    year: int | None = None
    venue: str = ""
    links: tuple[Link, ...] = ()
    abbreviation: str = ""
    focus: str = ""
    notes: str = ""
    presenter: str = ""
    date: str = ""
    printed_date: str = ""
    warnings: tuple[str, ...] = ()


@dataclass
class Section:
    """A heading with what stands between it and its entries.

    focus_name: what the list calls the column of what a paper is about.
    """

    path: tuple[str, ...]
    line: int = 0
    introduction: str = ""
    focus_name: str = ""


@dataclass
class ListFile:
    """A whole list. classification: (depth from 0, text) of nested bullets that name topics.

    topics: slugs of the topics that a text of the classification means. is_own: whether the file is
    one of ours; those say introduction, licence and source.
    """

    title: str = ""
    is_own: bool = False
    introduction: str = ""
    licence: str = ""
    source: str = ""
    topics: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    classification: list[tuple[int, str]] = field(default_factory=list)

    @property
    def papers(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind is Kind.PAPER]

    @property
    def others(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind is not Kind.PAPER]
