"""One bullet or paragraph as an entry: title, venue and year, authors, links, in many orders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from community.list_files.beside_titles import (
    Printed,
    as_reference,
    people_and_rest,
    printed_venue,
    quoted_by_chinese_marks,
    venue_in_front,
    venue_of_label,
    without_marks,
    words_of,
)
from community.list_files.dates import (
    ends_in_venue,
    from_prefix,
    looks_like_venue,
    year_in,
)
from community.list_files.labelled import Said
from community.list_files.links import is_of_paper, is_short_label, link_of
from community.list_files.shapes import Entry, Kind, Link
from community.list_files.spans import MACHINE_FIGURES, Span, lines_of, plain
from papers.formats.name_lists import authors_of

_NAMED = re.compile(
    r"^(?P<name>.+?)\s*,\s*(?P<place>[^:]+?)(?::\s*(?P<authors>[^()]+?))?\s*"
    r"\((?P<year>(?:19|20)\d\d)(?:\s*[-–]\s*\d{2,4})?\)\W*$"
)
"""A name with place and authors instead of a title: "DynMoE, CUHK: Guo et al (2024)"."""
_VENUE_TAIL = re.compile(r"(?:,|\s\||\s[–—-])\s*((?:[A-Z][\w&/.-]*[ ,]*){1,4}(?:19|20)\d\d)\W*$")
_IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_TAGS = re.compile(r"\[([A-Z][A-Za-z0-9 /&-]{1,20})\]")
_EDGES = " .,;:-–—|()（）：，。"
_LEADING = re.compile(r"^[\W_]*(?=\w|[\"“'‘$])")
_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}")
_BULLET_YEARS = re.compile(r"^[\s\[(（]*\d{4}[\])）]?\s*[-–:.]?\s*$")


@dataclass
class Parts:
    """An entry while it is read, and what was left out of it."""

    title: str = ""
    texts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    venue: str = ""
    year: int | None = None
    venue_labels: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_prefixed: bool = False
    is_strong: bool = False
    had_link: bool = False
    """Whether links stood there, though perhaps without an address: "[title]()"."""


def read_bullet(
    paragraphs: Sequence[Sequence[Span]], *, line: int, said: Sequence[Said] = ()
) -> tuple[Entry | None, Parts]:
    """The entry of a bullet, given the spans of its paragraphs; None where it names no work.

    said: lines below it that say one thing each ("Authors: Anna Erste").
    """
    parts = Parts()
    lines = [line_spans for spans in paragraphs for line_spans in lines_of(spans)]
    rest = _take_title(lines, parts)
    for number, spans in enumerate(rest):
        _take_line(spans, parts, is_first=number == 0)
    for below in said:
        _take_said(below, parts)
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


def _take_title(lines: list[list[Span]], parts: Parts) -> list[list[Span]]:
    """Find the title in the first line; what stands beside it is returned with the other lines."""
    if not lines:
        return []
    first, others = _without_front(lines[0], parts), lines[1:]
    if (strong := _strong_run(first)) is not None:
        start, end = strong
        while end == len(first) and others and others[0][0].strong:  # a title over two lines
            first, others = [*first, Span(" ", None, True), *others[0]], others[1:]
            start, end = _strong_run(first) or (start, len(first))
        parts.is_strong = True
        _take_strong(plain(first[start:end]), parts)
        parts.links += [link for span in first[start:end] for link in _links([span], parts)]
        return [_with_name(first[start:end], first[end:], parts), *others]
    if (place := _title_link(first)) is not None:
        before, link = plain(first[:place]), first[place]
        if (prefix := from_prefix(before)) is not None:
            parts.venue, parts.year, remark = prefix
            parts.remarks += [remark] if remark else []
            parts.is_prefixed = True
        elif (printed := printed_venue(before)) is not None and printed.venue:
            _take_printed(printed, parts)
            parts.is_prefixed = True
        elif before.strip(" -–:·") and not _BULLET_YEARS.match(before):
            parts.texts.append(before)
        elif _BULLET_YEARS.match(before):
            parts.year = year_in(before)
        parts.had_link = True
        _take_strong(plain([link]), parts)
        parts.links += _links([link], parts)
        return [first[place + 1 :], *others]
    return _take_plain_title(first, others, parts)


def _without_front(spans: list[Span], parts: Parts) -> list[Span]:
    """The first line without a box to tick, and without "[ICLR 2021]", which is taken."""
    if not spans or spans[0].url is not None or spans[0].strong:
        return list(spans)
    text = without_marks(spans[0].text)
    printed, text = venue_in_front(text)
    if printed is not None:
        _take_printed(printed, parts)
        parts.is_prefixed = True
    rest = [replace(spans[0], text=text), *spans[1:]]
    return rest if text or len(spans) == 1 else rest[1:]


def _take_printed(printed: Printed, parts: Parts) -> None:
    parts.venue, parts.year = printed.venue, printed.year
    parts.remarks += [printed.remark] if printed.remark else []


def _with_name(strong: list[Span], rest: list[Span], parts: Parts) -> list[Span]:
    """A short name set off before a colon goes on as a title: "**LampNet**: Quiet Lamps"."""
    text = rest[0].text if rest and rest[0].url is None and not rest[0].emphasis else ""
    has_colon = plain(strong).rstrip().endswith((":", "：")) or text.lstrip().startswith(
        (":", "：")
    )
    title = text.strip(" :：[(")
    if not has_colon or words_of(parts.title) > 3 or words_of(title) < 2:
        return rest
    if people_and_rest(title)[0]:
        return rest
    name = parts.title
    _take_strong(title, parts)
    parts.title = f"{name}: {parts.title}"
    return rest[1:]


def _strong_run(spans: list[Span]) -> tuple[int, int] | None:
    """Where the strong spans at the beginning start and end; a star or a number may go before."""
    start = next((n for n, span in enumerate(spans) if span.strong and span.text.strip()), None)
    if start is None or any(letter.isalpha() for letter in plain(spans[:start])):
        return None
    end = start
    while end < len(spans) and (spans[end].strong or not spans[end].text.strip()):
        end += 1
    text = plain(spans[start:end])
    return (start, end) if sum(letter.isalpha() for letter in text) > 3 else None


def _title_link(spans: list[Span]) -> int | None:
    """The first link whose text is no label; only what may introduce a title stands before it."""
    for place, span in enumerate(spans):
        if span.url is None:
            continue
        if is_short_label(span.text):
            return None
        before = plain(spans[:place])
        introduces = from_prefix(before) or _BULLET_YEARS.match(before) or printed_venue(before)
        is_first = not any(letter.isalpha() for letter in before)
        return place if introduces or is_first else None
    return None


def _take_plain_title(
    first: list[Span], others: list[list[Span]], parts: Parts
) -> list[list[Span]]:
    """Text up to the first link or emphasis is the title, perhaps with venue and year behind it."""
    end = next(
        (n for n, span in enumerate(first) if span.url is not None or span.emphasis), len(first)
    )
    text = plain(first[:end]).strip(" [(")
    if (quoted := quoted_by_chinese_marks(text)) is not None:
        parts.title, rest = quoted
        parts.texts.append(rest)
    elif (reference := as_reference(text)) is not None:
        parts.title = _tidy_title(reference.title)
        parts.authors = [reference.authors]
        parts.texts.append(reference.rest)
    elif (parted := ends_in_venue(text)) is not None:
        title, venue = parted
        parts.title = _tidy_title(title)
        parts.texts.append(venue)
    else:
        _take_strong(text, parts)
    return [first[end:], *others]


def _take_strong(text: str, parts: Parts) -> None:
    """A title as it is set off; "(WACV2022)" at its end and a name with authors are taken apart."""
    text = " ".join(text.split())
    if (named := _NAMED.match(text)) is not None:
        parts.title = named["name"].strip()
        parts.authors = [named["authors"]] if named["authors"] else []
        parts.year = int(named["year"])
        return
    bracket = re.search(r"\s*[(（]([^()（）]{2,60})[)）]\s*[.,]?$", text)
    if bracket and looks_like_venue(bracket[1]):
        text, venue = text[: bracket.start()], bracket[1]
        parts.texts.append(f"({venue})")
    elif (parted := ends_in_venue(text)) is not None and len(parted[0].split()) > 2:
        text, venue = parted
        parts.texts.append(venue)
    elif (tail := _VENUE_TAIL.search(text)) is not None:
        text, venue = text[: tail.start()], tail[1]
        parts.texts.append(venue)
    parts.title = _tidy_title(text)


def _tidy_title(text: str) -> str:
    text = _LEADING.sub("", " ".join(text.split()))
    return text.rstrip(" .,;:，。；：-–[(").strip()


def _take_line(spans: list[Span], parts: Parts, *, is_first: bool) -> None:
    """Links, authors, venue and remarks of one line."""
    parts.links += _links(spans, parts)
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
    if not is_first and not parts.authors and _are_names(text):
        parts.authors = [text.strip(" .")]
        return
    if any(letter.isalnum() for letter in text):
        parts.texts.append(text)


def _take_said(said: Said, parts: Parts) -> None:
    text = said.text.strip(" .")
    if said.field == "authors":
        parts.authors = [text]
    elif said.field == "venue":
        parts.texts.append(text)
    elif said.field == "links":
        for span in said.spans:
            label = span.text if span.text.strip() else said.label
            parts.links += _links([replace(span, text=label)], parts) if span.url else []
    elif text:
        parts.remarks.append(text)


def _take_emphasised(text: str, parts: Parts) -> None:
    """Authors stand in italics as a rule, and venues sometimes."""
    if looks_like_venue(text) and "," not in text:
        parts.texts.append(text)
    elif not parts.authors and (_are_names(text) or "," in text):
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
            _take_printed(printed, parts)


def _without_venue(text: str, parts: Parts) -> str:
    """A text without the people and the venue in it, which are taken."""
    if parts.year is None:
        printed, text = venue_in_front(text)
        if printed is not None:
            _take_printed(printed, parts)
    if not parts.authors:
        people, text = people_and_rest(text)
        parts.authors = [people] if people else []
    if parts.year is not None:
        return text
    inside = next((part for part in _IN_BRACKETS.findall(text) if year_in(part)), "")
    if not inside and (printed := printed_venue(text)) is not None:
        _take_printed(printed, parts)
        return ""
    venue_text = inside if inside and looks_like_venue(inside) else text.strip(" .,;:-–|")
    printed = printed_venue(venue_text)
    if printed is None:
        return text
    _take_printed(printed, parts)
    return text.replace(venue_text, " ").replace("()", " ")


def _links(spans: Iterable[Span], parts: Parts) -> list[Link]:
    links = []
    for span in spans:
        if span.url is None:
            continue
        parts.had_link = True
        label = plain([replace(span, url=None)])
        if parts.title and (venue := venue_of_label(label)):
            parts.venue_labels.append(venue)
        link, left = link_of(label, span.url)
        if left:
            parts.left.append(left)
        if link:
            links.append(link)
    return links


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


def _are_names(text: str) -> bool:
    """Whether a line is a list of people: short parts, most words with a capital."""
    text = re.sub(r"[*†‡\\]", "", text).strip(" .")
    if not text or len(text) > 3000 or year_in(text) or ":" in text:
        return False
    names = re.split(r",\s*|\s+and\s+|\s*&\s*|;\s*|、", re.sub(r"\bet al\.?$", "", text))
    names = [name.strip() for name in names if name.strip(" .")]
    if not names or any(len(name.split()) > 5 for name in names):
        return False
    words = [word for name in names for word in name.split()]
    capitals = sum(word[0].isupper() or word[0] in "’'" or ord(word[0]) > 0x2E80 for word in words)
    is_several = len(names) > 1 or text.endswith("et al")
    return capitals * 10 >= len(words) * 7 and (is_several or 2 <= len(words) <= 4)
