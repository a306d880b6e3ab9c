"""Semantic Scholar: its bulk search, with a key, from the day of the last whole reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from papers.ingest.candidate import Candidate
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol, first_day, today

FIELDS = "title,abstract,year,venue,externalIds,authors,citationCount,publicationDate,url"


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """cursor: from (a day), and while a reading goes on: token, began."""
    since, began = first_day(cursor), str(cursor.get("began") or today())
    token = str(cursor.get("token", ""))
    while True:
        answer = asker.json(
            {
                "query": query,
                "fields": FIELDS,
                "publicationDateOrYear": f"{since}:",
                "token": token,
            },
            {"x-api-key": asker.key},
        )
        rows = asker.read(lambda found: list(found["data"] or []), answer)
        token = str(answer.get("token") or "")
        left = {"from": since, "token": token, "began": began} if token else {"from": began}
        works = [asker.read(named, row) for row in rows]
        yield Page([work for work in works if work], left, not token)
        if not token:
            return


def named(row: dict[str, Any]) -> Named | None:
    """Its abstracts come with no licence of their own, so they are read and not shown."""
    if not row.get("title"):
        return None
    ids = row.get("externalIds") or {}
    candidate = Candidate(
        title=str(row["title"]),
        origin="semantic-scholar",
        source=f"Semantic Scholar {row.get('paperId', '')}"[:120],
        authors=tuple(str(author["name"]) for author in row.get("authors") or []),
        abstract=str(row.get("abstract") or ""),
        year=row.get("year"),
        venue=str(row.get("venue") or ""),
        arxiv=str(ids.get("ArXiv") or ""),
        doi=str(ids.get("DOI") or ""),
        acl=str(ids.get("ACL") or ""),
        url=str(row.get("url") or ""),
    ).cleaned()
    cited = row.get("citationCount")
    return Named(candidate, citations=cited if isinstance(cited, int) else None)


PROTOCOL = Protocol(
    "Semantic Scholar",
    pages,
    "Words, with | for or and + for and",
    '"early exit" | "adaptive computation"',
    "https://api.semanticscholar.org/graph/v1/paper/search/bulk",
    spacing_seconds=1.1,
    needs_key="KB_SEMANTIC_SCHOLAR_KEY",
)
