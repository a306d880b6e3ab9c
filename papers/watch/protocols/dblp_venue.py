"""DBLP: what its search finds for a venue. It has no dates of change, so the list is read whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from papers.formats.markup import from_any
from papers.ingest.candidate import Candidate
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol

PAGE = 500
_NAMESAKE = re.compile(r"\s\d{4}$")


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """query: DBLP's own, as "streamid:conf/iclr: year:2026:". cursor: offset while it goes on."""
    offset = int(cursor.get("offset", 0))
    while True:
        answer = asker.json({"q": query, "format": "json", "h": PAGE, "f": offset})
        hits = asker.read(lambda found: dict(found["result"]["hits"]), answer)
        total = asker.read(lambda found: int(found["@total"]), hits)
        rows = hits.get("hit", [])
        if not rows and offset < total:
            raise asker.problem(f"says that there are {total}, and sent none.")
        offset += len(rows)
        is_last = offset >= total or not rows
        works = [asker.read(lambda row: named(row["info"]), row) for row in rows]
        yield Page([work for work in works if work], {} if is_last else {"offset": offset}, is_last)
        if is_last:
            return


def named(info: dict[str, Any]) -> Named | None:
    """None for front matter, which has no authors."""
    authors = info.get("authors", {}).get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    names = [_NAMESAKE.sub("", str(a["text"] if isinstance(a, dict) else a)) for a in authors]
    title = from_any(str(info.get("title", ""))).rstrip(".")
    if not (title and names):
        return None
    year = str(info.get("year", ""))
    venue = info.get("venue", "")
    address = str(info.get("ee") or "")
    candidate = Candidate(
        title=title,
        origin="dblp",
        source=f"DBLP {info.get('key', '')}"[:120],
        authors=tuple(names),
        year=int(year) if year.isdecimal() else None,
        venue=str(venue[0] if isinstance(venue, list) and venue else venue),
        doi=str(info.get("doi", "")),
        arxiv=address if "arxiv.org/abs/" in address else "",
        openreview=address if "openreview.net/forum" in address else "",
        url=address or str(info.get("url", "")),
    ).cleaned()
    return Named(candidate)


PROTOCOL = Protocol(
    "DBLP",
    pages,
    "Query of DBLP’s search",
    "streamid:conf/iclr: year:2026:",
    "https://dblp.org/search/publ/api",
    spacing_seconds=1.0,
    every_minutes=7 * 1440,
)
