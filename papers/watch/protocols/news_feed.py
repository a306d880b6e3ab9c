"""Atom and RSS: the entries of a feed, fetched only when it changed (ETag, Last-Modified)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from papers.formats.markup import from_any
from papers.identifiers import all_in
from papers.ingest.candidate import Candidate
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol

_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS1 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TAG = re.compile(r"<[^>]+>")
_YEAR = re.compile(r"(?:19|20)\d\d")


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """cursor: etag and modified, as the feed sent them with the last whole answer."""
    headers = {"Accept": "application/atom+xml, application/rss+xml, application/xml, text/xml"}
    if cursor.get("etag"):
        headers["If-None-Match"] = str(cursor["etag"])
    if cursor.get("modified"):
        headers["If-Modified-Since"] = str(cursor["modified"])
    reply = asker.ask({}, headers)
    if reply.status == 304:
        yield Page([], cursor, True)
        return
    feed = asker.xml(reply.body)
    entries = [e for tag in (f"{_ATOM}entry", "item", f"{_RSS1}item") for e in feed.iter(tag)]
    if not entries and feed.tag.rpartition("}")[2].casefold() not in ("feed", "rss", "rdf"):
        raise asker.problem("answered with something that is no feed.")
    names = {name.casefold(): value for name, value in reply.headers.items()}
    left = {"etag": names.get("etag", ""), "modified": names.get("last-modified", "")}
    works = [work for entry in entries if (work := named(entry, asker.base))]
    yield Page(works, {name: value for name, value in left.items() if value}, True)


def named(entry: ET.Element, feed: str) -> Named | None:
    """None for an entry without a title. Its text is read and not shown: feeds state no licence."""
    title = from_any(_first(entry, f"{_ATOM}title", "title", f"{_RSS1}title"))
    if not title:
        return None
    link = _first(entry, "link", f"{_RSS1}link", f"{_ATOM}id", "guid")
    for element in entry.findall(f"{_ATOM}link"):
        if element.get("rel", "alternate") == "alternate":
            link = element.get("href", link)
    text = _first(entry, f"{_ATOM}summary", f"{_ATOM}content", "description", f"{_RSS1}description")
    authors = [name.text or "" for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name")]
    if not authors:
        creators = ", ".join(name.text or "" for name in entry.iter(f"{_DC}creator"))
        authors = [name.strip() for name in creators.split(",") if name.strip()]
    dates = _first(entry, f"{_ATOM}published", f"{_ATOM}updated", "pubDate", f"{_DC}date")
    year = _YEAR.search(dates)
    ids = {known.scheme.value: known.value for known in all_in(link)}
    candidate = Candidate(
        title=_TAG.sub("", title),
        origin="feed",
        source=feed[:120],
        authors=tuple(authors),
        abstract=from_any(_TAG.sub(" ", text)),
        year=int(year.group()) if year else None,
        url=link,
        **ids,  # type: ignore[arg-type]  # text fields by name
    ).cleaned()
    return Named(candidate) if candidate.title else None


def _first(entry: ET.Element, *tags: str) -> str:
    for tag in tags:
        element = entry.find(tag)
        if element is not None and (text := " ".join("".join(element.itertext()).split())):
            return text
    return ""


PROTOCOL = Protocol("Feed", pages, "Nothing: the address says all", "", needs_query=False)
