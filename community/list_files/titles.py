"""The title of a bullet or paragraph, and what stands in front of it."""

from __future__ import annotations

import re
from dataclasses import replace

from community.list_files.beside_titles import (
    as_reference,
    people_and_rest,
    printed_venue,
    quoted_by_chinese_marks,
    venue_in_front,
    without_marks,
    words_of,
)
from community.list_files.dates import ends_in_venue, from_prefix, looks_like_venue, year_in
from community.list_files.links import is_short_label
from community.list_files.parts import Parts, links_of, take_printed
from community.list_files.spans import Span, plain

_NAMED = re.compile(
    r"^(?P<name>.+?)\s*,\s*(?P<place>[^:]+?)(?::\s*(?P<authors>[^()]+?))?\s*"
    r"\((?P<year>(?:19|20)\d\d)(?:\s*[-–]\s*\d{2,4})?\)\W*$"
)
"""A name with place and authors instead of a title: "DynMoE, CUHK: Guo et al (2024)"."""
_VENUE_TAIL = re.compile(r"(?:,|\s\||\s[–—-])\s*((?:[A-Z][\w&/.-]*[ ,]*){1,4}(?:19|20)\d\d)\W*$")
_LEADING = re.compile(r"^[\W_]*(?=\w|[\"“'‘$])")
_BULLET_YEARS = re.compile(r"^[\s\[(（]*\d{4}[\])）]?\s*[-–:.]?\s*$")


def take_title(lines: list[list[Span]], parts: Parts) -> list[list[Span]]:
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
        parts.links += [link for span in first[start:end] for link in links_of([span], parts)]
        return [_with_name(first[start:end], first[end:], parts), *others]
    if (place := _title_link(first)) is not None:
        before, link = plain(first[:place]), first[place]
        if (prefix := from_prefix(before)) is not None:
            parts.venue, parts.year, remark = prefix
            parts.remarks += [remark] if remark else []
            parts.is_prefixed = True
        elif (printed := printed_venue(before)) is not None and printed.venue:
            take_printed(printed, parts)
            parts.is_prefixed = True
        elif before.strip(" -–:·") and not _BULLET_YEARS.match(before):
            parts.texts.append(before)
        elif _BULLET_YEARS.match(before):
            parts.year = year_in(before)
        parts.had_link = True
        _take_strong(plain([link]), parts)
        parts.links += links_of([link], parts)
        return [first[place + 1 :], *others]
    return _take_plain_title(first, others, parts)


def _without_front(spans: list[Span], parts: Parts) -> list[Span]:
    """The first line without a box to tick, and without "[ICLR 2021]", which is taken."""
    if not spans or spans[0].url is not None or spans[0].strong:
        return list(spans)
    text = without_marks(spans[0].text)
    printed, text = venue_in_front(text)
    if printed is not None:
        take_printed(printed, parts)
        parts.is_prefixed = True
    rest = [replace(spans[0], text=text), *spans[1:]]
    return rest if text or len(spans) == 1 else rest[1:]


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
