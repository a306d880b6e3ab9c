"""arXiv's Atom API by query: what was submitted or changed, the newest first.

The newest moment that was seen is remembered once a reading has reached the one before it, so that
a reading that breaks off leaves no gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from papers.importers import arxiv
from papers.watch.protocols.shapes import FIRST_LOOK, Asker, Cursor, Named, Page, Protocol

PAGE = 100
CC0 = "CC0 1.0 (arXiv’s metadata)"
_ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = f"{_ATOM}entry"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_WITHDRAWN = ("this paper has been withdrawn", "this submission has been withdrawn")


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """cursor: since (a moment, reached before), and while a reading goes on: start, newest."""
    since = str(cursor.get("since") or (dt.datetime.now(dt.UTC) - FIRST_LOOK).isoformat()[:19])
    start, newest = int(cursor.get("start", 0)), str(cursor.get("newest", since))
    while True:
        reply = asker.ask(
            {
                "search_query": query,
                "sortBy": "lastUpdatedDate",
                "sortOrder": "descending",
                "start": start,
                "max_results": PAGE,
            }
        )
        feed = asker.xml(reply.body)
        entries = feed.findall(ENTRY)
        total = int(feed.findtext(_TOTAL) or 0)
        if not entries and start < total:  # it does so when it is busy
            raise asker.problem(f"says that there are {total}, and sent none.")
        moments = [(entry.findtext(f"{_ATOM}updated") or "")[:19] for entry in entries]
        fresh = [e for e, at in zip(entries, moments, strict=True) if at >= since[:19]]
        newest = max([newest[:19], *moments])
        start += len(entries)
        is_last = len(fresh) < len(entries) or start >= total
        left = {"since": newest} if is_last else {"since": since, "start": start, "newest": newest}
        yield Page([work for entry in fresh if (work := named(entry))], left, is_last)
        if is_last:
            return


def named(entry: ET.Element) -> Named | None:
    """An entry of the API; None for the one that arXiv sends instead of an error."""
    candidate = arxiv.of_entry(entry)
    if candidate is None:
        return None
    address = (entry.findtext(f"{_ATOM}id") or "").rpartition("v")[2]
    version = int(address) if address.isdecimal() else None
    comment = entry.findtext("{http://arxiv.org/schemas/atom}comment") or ""
    summary = candidate.abstract.casefold()
    phrase = next((text for text in _WITHDRAWN if text in summary), "")
    return Named(
        candidate,
        abstract_licence=CC0 if candidate.abstract else "",
        version=version,
        retracted=" ".join((comment or phrase).split())[:300] if phrase else "",
    )


PROTOCOL = Protocol(
    "arXiv",
    pages,
    "Query in arXiv’s own language",
    'cat:cs.LG AND abs:"early exit"',
    "https://export.arxiv.org/api/query",
    spacing_seconds=3.0,
)
