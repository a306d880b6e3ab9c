"""One bullet or paragraph as an entry: title, venue and year, authors, links, in many orders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from community.list_files.beside_titles import (
    are_people,
    people_and_rest,
    printed_venue,
    venue_in_front,
    without_marks,
    words_of,
)
from community.list_files.dates import (
    known,
    looks_like_venue,
    year_in,
)
from community.list_files.labelled import Said, said_in
from community.list_files.links import is_of_paper, is_short_label
from community.list_files.parts import Parts, links_of, take_printed
from community.list_files.shapes import Entry, Kind
from community.list_files.spans import MACHINE_FIGURES, Span, lines_of, plain
from community.list_files.titles import take_title
from papers.formats.name_lists import authors_of

_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_TAGS = re.compile(r"\[([A-Z][A-Za-z0-9 /&-]{1,20})\]")
_LABEL_OF_YEAR = re.compile(r"[,;|]?\s*\b(?:year|date)\s*[:：]", re.IGNORECASE)
_EDGES = " .,;:-–—|()（）：，。"
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}")


def read_bullet(
    paragraphs: Sequence[Sequence[Span]], *, line: int, said: Sequence[Said] = ()
) -> tuple[Entry | None, Parts]:
    """The entry of a bullet, given the spans of its paragraphs; None where it names no work.

    said: lines below it that say one thing each ("Authors: Anna Erste").
    """
    parts = Parts()
    lines = [line_spans for spans in paragraphs for line_spans in lines_of(spans)]
    rest = take_title(_without_label(lines), parts)
    for number, spans in enumerate(rest):
        _take_line(spans, parts, is_first=number == 0)
    for below in said:
        _take_said(below, parts)
    _take_said_place(said, parts)
    _take_venue(parts)
    if not parts.title:
        return None, parts
    kind = _kind(parts)
    if kind is None:
        return None, parts
    authors, others = people_in(", ".join(parts.authors))
    return (
        Entry(
            title=parts.title,
            kind=kind,
            line=line,
            authors=authors,
            and_others=others,
            year=parts.year,
            venue=parts.venue,
            links=tuple(parts.links),
            notes=_in_one(parts.remarks),
        ),
        parts,
    )


def people_in(text: str) -> tuple[tuple[str, ...], bool]:
    """Names in the order of a line, and whether there are others. Lists write given names first."""
    without = re.sub(r",?\s*(?:\bet al\b\.?|等)\s*$", "", text.strip())
    parts = re.split(r"\s*[,;、，；]\s*(?:and\s+|&\s*)?|\s+and\s+|\s+&\s+", without)
    names = [part.strip(" .") for part in parts if part.strip(" .")]
    if names and all(len(name.split()) > 1 and not _INITIALS.fullmatch(name) for name in names):
        return tuple(names), without != text.strip()
    authors, others = authors_of(without) if without else ((), False)
    return tuple(str(author) for author in authors), others or without != text.strip()


def _in_one(remarks: Sequence[str]) -> str:
    """Remarks as one text: broken lines of a sentence are joined, short marks are set apart."""
    joined = ""
    for remark in dict.fromkeys(remarks):
        is_mark = len(remark.split()) <= 2
        joined += (
            ("; " if is_mark or len(joined.split()) <= 2 else " ") + remark if joined else remark
        )
    return joined


def _take_line(spans: list[Span], parts: Parts, *, is_first: bool) -> None:
    """Links, authors, venue and remarks of one line."""
    parts.links += links_of(spans, parts)
    words = [span for span in spans if span.url is None]
    emphasised = plain([span for span in words if span.emphasis]).strip()
    text = plain([span for span in words if not span.emphasis])
    figures = " ".join(MACHINE_FIGURES.findall(text)).strip()
    if figures:
        parts.left.append("figures added by a program")
        text = MACHINE_FIGURES.sub(" ", text)
    for tag in _TAGS.findall(text):
        parts.remarks.append(tag) if not is_short_label(tag) else None
    text = re.sub(r"\[\s*[\w .+&-]{0,30}\s*\]|\[\s*|\s*\]", " ", text)
    text = " ".join(text.split())
    if emphasised:
        _take_emphasised(emphasised, parts)
    if not is_first and not parts.authors and are_people(text):
        parts.authors = [text.strip(" .")]
        return
    if any(letter.isalnum() for letter in text):
        parts.texts.append(text)


def _take_said(said: Said, parts: Parts) -> None:
    text = said.text.strip(" .")
    if said.field == "authors":
        parts.authors = [text]
    elif said.field == "links":
        for span in said.spans:
            label = span.text if span.text.strip() else said.label
            parts.links += links_of([replace(span, text=label)], parts) if span.url else []
    elif text and said.field not in ("venue", "year"):
        parts.remarks.append(text)


def _take_said_place(said: Sequence[Said], parts: Parts) -> None:
    """Venue and year that stand in lines of their own, in whatever order; the year that the venue
    says itself is that of the publication."""
    venue = ", ".join(one.text.strip(_EDGES) for one in said if one.field == "venue")
    venue = _LABEL_OF_YEAR.sub(" ", venue)
    year = next((year_in(one.text) for one in said if one.field == "year"), None)
    if not venue or year_in(venue) or printed_venue(f"{venue} {year or ''}") is not None:
        together = venue if year_in(venue) else f"{venue} {year or ''}".strip()
        parts.texts[:0] = [together] if together else []
        return
    parts.venue, parts.year = known(venue), year if year is not None else parts.year


def _without_label(lines: list[list[Span]]) -> list[list[Span]]:
    """The lines of a bullet without "Title:" in front of the first."""
    label = said_in(lines[0]) if lines else None
    if label is None or label.field != "title" or not label.text.strip():
        return lines
    return [list(label.spans), *lines[1:]]


def _take_emphasised(text: str, parts: Parts) -> None:
    """Authors stand in italics as a rule, and venues sometimes."""
    if looks_like_venue(text) and "," not in text:
        parts.texts.append(text)
    elif not parts.authors and (are_people(text) or "," in text):
        parts.authors = [re.sub(r"[*†‡\\]", "", text).strip(" .")]
    else:
        parts.texts.append(text)


def _take_venue(parts: Parts) -> None:
    """The first text that names a year, in brackets or whole; what is no venue is a remark."""
    for text in parts.texts:
        remark = _without_venue(without_marks(text), parts)
        remark = " ".join(re.sub(r"[()（）]\s*[()（）]", " ", remark).split()).strip(_EDGES)
        if any(letter.isalpha() for letter in remark):
            parts.remarks.append(remark)
    for label in parts.venue_labels:
        if parts.year is None and (printed := printed_venue(label)) is not None:
            take_printed(printed, parts)


def _without_venue(text: str, parts: Parts) -> str:
    """A text without the people and the venue in it, which are taken."""
    if parts.year is None:
        printed, text = venue_in_front(text)
        if printed is not None:
            take_printed(printed, parts)
    if not parts.authors:
        people, text = people_and_rest(text)
        parts.authors = [people] if people else []
    if parts.year is not None:
        return text
    inside = next((part for part in _IN_BRACKETS.findall(text) if year_in(part)), "")
    if not inside and (printed := printed_venue(text)) is not None:
        take_printed(printed, parts)
        return ""
    venue_text = inside if inside and looks_like_venue(inside) else text.strip(" .,;:-–|")
    printed = printed_venue(venue_text)
    if printed is None:
        return text
    take_printed(printed, parts)
    return text.replace(venue_text, " ").replace("()", " ")


def _kind(parts: Parts) -> Kind | None:
    """Whether it is a paper, by what is said of it; None for text."""
    words = words_of(parts.title)
    if parts.venue.lower() == "book":
        return Kind.BOOK
    if any(is_of_paper(link) for link in parts.links) and words:
        return Kind.PAPER
    if parts.is_prefixed or (parts.year is not None and parts.venue and words > 2):
        return Kind.PAPER
    if parts.authors and words > 2 and (parts.is_strong or parts.year is not None):
        return Kind.PAPER
    return Kind.LINK if parts.links else None
