"""OpenReview: the notes of a venue, the oldest change first, from the last one that was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from papers.importers import openreview
from papers.importers.fetching import NotThere
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol

PAGE = 200


def pages(asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """query: the venue's id. cursor: offset, in the order of creation, which only grows."""
    offset = int(cursor.get("offset", 0))
    while True:
        reply = asker.ask(
            {
                "content.venueid": query,
                "sort": "cdate:asc",
                "limit": PAGE,
                "offset": offset,
            },
            {"Accept": "application/json"},
        )
        notes = openreview.notes_in(reply.body)
        offset += len(notes)
        is_last = len(notes) < PAGE
        # Notes that are taken back make the list shorter: a little is read once more.
        left = {"offset": max(0, offset - PAGE // 4) if is_last else offset}
        yield Page([work for note in notes if (work := named(note))], left, is_last)
        if is_last:
            return


def named(note: dict[str, Any]) -> Named | None:
    """None where the note shows no title, as of a submission that nobody may read yet."""
    try:
        candidate = openreview.of_note(note)
    except NotThere:
        return None
    licence = str(note.get("license") or "")
    venue = candidate.venue.casefold()
    return Named(
        candidate,
        abstract_licence=licence if licence.startswith("CC") and candidate.abstract else "",
        retracted="withdrawn at OpenReview" if "withdrawn" in venue else "",
    )


PROTOCOL = Protocol(
    "OpenReview",
    pages,
    "Venue id",
    "ICLR.cc/2026/Conference",
    "https://api2.openreview.net/notes",
    spacing_seconds=0.5,
    hosts=("api.openreview.net",),
)
