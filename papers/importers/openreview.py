"""OpenReview: a submission by the id of its forum, from the current API or the one before it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from papers.formats.markup import from_any
from papers.importers.fetching import NotThere, Source, SourceProblem, get
from papers.ingest.candidate import Candidate

SOURCE = Source("OpenReview", ("api2.openreview.net", "api.openreview.net"), spacing_seconds=0.5)
_YEAR = re.compile(r"\b(19|20)\d\d\b")


def fetch(forum: str) -> Candidate:
    """What OpenReview says of a forum. Raises NotThere, SourceProblem."""
    query = urlencode({"id": forum})
    for host in SOURCE.hosts:
        try:
            return parse(get(SOURCE, f"https://{host}/notes?{query}", accept="application/json"))
        except NotThere:
            continue
    raise NotThere(SOURCE, f"shows nobody a forum with the id {forum}.")


def parse(body: bytes) -> Candidate:
    """The first note of a JSON answer, in the shape of either API.

    Raises NotThere when there is none, SourceProblem when the answer is something else.
    """
    notes = notes_in(body)
    if not notes:
        raise NotThere(SOURCE, "shows nobody such a forum.")
    return of_note(notes[0])


def notes_in(body: bytes) -> list[dict[str, Any]]:
    """All notes of a JSON answer. Raises SourceProblem when it is something else."""
    try:
        notes = json.loads(body)["notes"]
        return [note for note in notes if isinstance(note, dict)]
    except (ValueError, KeyError, TypeError) as problem:
        raise SourceProblem(SOURCE, "answered with something that is not a note.") from problem


def of_note(note: dict[str, Any]) -> Candidate:
    """What a note says of its work. Raises NotThere when it shows no title."""
    content = note.get("content")
    if not isinstance(content, dict):
        raise SourceProblem(SOURCE, "answered with something that is not a note.")
    forum = str(note.get("forum") or note.get("id") or "")
    title = str(_value(content, "title") or "")
    if not title:
        raise NotThere(SOURCE, f"shows no title for the forum {forum}.")
    authors = _value(content, "authors") or []
    venue = str(_value(content, "venue") or "")
    return Candidate(
        title=from_any(title),
        origin="openreview",
        source=f"OpenReview {forum}",
        authors=tuple(str(name) for name in authors if isinstance(authors, list)),
        abstract=from_any(str(_value(content, "abstract") or "")),
        year=_year(venue, note),
        venue=venue,
        openreview=forum,
        url=f"https://openreview.net/forum?id={forum}",
    ).cleaned()


def _value(content: dict[str, Any], name: str) -> Any:
    """The newer API wraps each field: {"title": {"value": …}}."""
    value = content.get(name)
    return value.get("value") if isinstance(value, dict) else value


def _year(venue: str, note: dict[str, Any]) -> int | None:
    """The year that the venue names, else that of publication or creation."""
    if match := _YEAR.search(venue):
        return int(match.group())
    for kind in ("pdate", "cdate", "tcdate"):
        stamp = note.get(kind)
        if isinstance(stamp, int) and stamp > 0:
            return datetime.fromtimestamp(stamp / 1000, UTC).year
    return None
