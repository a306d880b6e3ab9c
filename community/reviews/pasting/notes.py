"""The JSON of a note, as OpenReview's two APIs give it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

_VENUE = re.compile(r"(?P<group>[^/]+)/(?P<year>(?:19|20)\d\d)?")
_REVIEWS = ("official_review", "review", "official_blind_review")
_EVERYONE = "everyone"
_NAMES = {"iclr.cc": "ICLR", "neurips.cc": "NeurIPS", "icml.cc": "ICML", "tmlr": "TMLR"}


class NotPublic(ValueError):
    """The note is not public, was deleted, or is no review; the text says which."""


@dataclass(frozen=True)
class Note:
    """A public review as OpenReview stores it. content: answers by field name, as printed."""

    id: str
    forum: str
    venue: str
    year: int
    content: dict[str, str]


def read(text: str) -> Note | None:
    """The note in a text, or None when it is no JSON of one.

    An answer of the API with a list of one note works too. Raises NotPublic.
    """
    note = _object(text)
    if note is None:
        return None
    notes = note.get("notes")
    if isinstance(notes, list):
        if len(notes) != 1 or not isinstance(notes[0], dict):
            raise NotPublic(gettext("This holds several notes. Paste the one that is your review."))
        note = notes[0]
    if not isinstance(note.get("content"), dict):
        return None
    _check(note)
    venue, year = _venue(note)
    return Note(
        id=str(note.get("id") or ""),
        forum=str(note.get("forum") or note.get("replyto") or ""),
        venue=venue,
        year=year,
        content=_content(note["content"]),
    )


def _object(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _check(note: Mapping[str, Any]) -> None:
    readers = note.get("readers")
    if not isinstance(readers, list) or _EVERYONE not in readers:
        raise NotPublic(
            gettext(
                "This note is not public: its readers must list “everyone”. Confidential "
                "reviews are never taken in."
            )
        )
    if note.get("ddate"):
        raise NotPublic(gettext("This note was deleted on OpenReview."))
    kinds = [name.rsplit("/", 1)[-1].lower() for name in _invitations(note)]
    if kinds and not any(kind.rstrip("0123456789") in _REVIEWS for kind in kinds):
        raise NotPublic(
            gettext("This note is a {replace}, not a review.").format(
                replace=kinds[0].replace("_", " ")
            )
        )


def _invitations(note: Mapping[str, Any]) -> list[str]:
    """API 1 has one invitation; API 2 lists several, of which “Edit” says nothing."""
    given = note.get("invitations") or [note.get("invitation")]
    names = [name for name in given if isinstance(name, str)]
    return [name for name in names if not name.endswith("/Edit")]


def _venue(note: Mapping[str, Any]) -> tuple[str, int]:
    for name in (*_invitations(note), str(note.get("domain") or "")):
        match = _VENUE.match(name)
        if match and match["group"].lower() in _NAMES:
            return _NAMES[match["group"].lower()], int(match["year"] or 0)
    return "", 0


def _content(content: Mapping[str, Any]) -> dict[str, str]:
    """Answers as text; API 2 wraps each into {"value": …}."""
    values = {}
    for name, value in content.items():
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, list):
            value = "\n".join(str(item) for item in value)
        if isinstance(value, float) and (math.isnan(value) or math.isinf(value)):
            value = "NaN"
        if value is not None and not isinstance(value, dict):
            values[str(name)] = str(value)
    return values
