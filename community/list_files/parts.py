"""An entry while it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from community.list_files.beside_titles import Printed, venue_of_label
from community.list_files.links import link_of
from community.list_files.shapes import Link
from community.list_files.spans import Span, plain


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


def take_printed(printed: Printed, parts: Parts) -> None:
    parts.venue, parts.year = printed.venue, printed.year
    parts.remarks += [printed.remark] if printed.remark else []


def links_of(spans: Iterable[Span], parts: Parts) -> list[Link]:
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
