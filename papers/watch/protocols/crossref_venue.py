"""Crossref: what was registered or changed for a venue, by ISSN or by the title of its volumes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from papers.importers import crossref
from papers.importers.fetching import SourceProblem
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol, first_day, today

PAGE = 100
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """query: an ISSN, or words of the container's title. cursor: from, and token, began."""
    since, began = first_day(cursor), str(cursor.get("began") or today())
    token = str(cursor.get("token") or "*")
    restarted = not cursor.get("token")
    while True:
        parts: dict[str, object] = {"rows": PAGE, "cursor": token}
        filters = [f"from-index-date:{since}"]
        if _ISSN.fullmatch(query.strip()):
            filters.append(f"issn:{query.strip()}")
        else:
            parts["query.container-title"] = query
        parts["filter"] = ",".join(filters)
        try:
            message = asker.json(parts)
        except SourceProblem:
            if restarted:
                raise
            token, restarted = "*", True  # cursors live for minutes: the list begins anew
            continue
        restarted = True
        items = asker.read(lambda answer: list(answer["message"]["items"]), message)
        after = str(message["message"].get("next-cursor") or "")
        is_last = len(items) < PAGE or not after
        left = {"from": began} if is_last else {"from": since, "token": after, "began": began}
        yield Page([work for item in items if (work := named(asker, item))], left, is_last)
        if is_last:
            return
        token = after


def named(asker: Asker, item: dict[str, Any]) -> Named | None:
    """None where the record has no title."""
    try:
        candidate = asker.read(crossref.of_work, item)
    except SourceProblem as problem:
        if "no title" in str(problem):
            return None
        raise
    cited = item.get("is-referenced-by-count")
    return Named(
        candidate,
        citations=cited if isinstance(cited, int) else None,
        retracted=retraction(item),
    )


def retraction(item: dict[str, Any]) -> str:
    """What Crossref says of a retraction: of the notice that replaces the work, or the work."""
    for update in item.get("updated-by") or []:
        if isinstance(update, dict) and update.get("type") in ("retraction", "withdrawal"):
            return f"{update['type']}: https://doi.org/{update.get('DOI', '')}"[:300]
    return ""


PROTOCOL = Protocol(
    "Crossref",
    pages,
    "ISSN, or words of the title of its volumes",
    "1939-3539",
    "https://api.crossref.org/works",
    spacing_seconds=0.2,
)
