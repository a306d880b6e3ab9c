"""Links to OpenReview: their shape, and whether they lead to the right paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext

from papers.models import Paper

_HOSTS = ("openreview.net", "www.openreview.net", "api.openreview.net", "api2.openreview.net")
_ID = re.compile(r"[\w-]{5,40}")


class BadLink(ValueError):
    """The link cannot be taken; the text says what would do."""


@dataclass(frozen=True)
class SourceLink:
    """An OpenReview address in its usual form. note: id of the review in the forum, or ""."""

    forum: str
    note: str = ""

    @property
    def url(self) -> str:
        note = f"&noteId={self.note}" if self.note else ""
        return f"https://openreview.net/forum?id={self.forum}{note}"


def link_of(text: str) -> SourceLink:
    """The forum and the note that an address names. Raises BadLink."""
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    if host not in _HOSTS or parts.scheme not in ("http", "https"):
        raise BadLink(
            gettext("Give the address of the review: https://openreview.net/forum?id=…&noteId=…")
        )
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    forum, note = query.get("forum") or query.get("id", ""), query.get("noteId", "")
    if not _ID.fullmatch(forum) or (note and not _ID.fullmatch(note)):
        raise BadLink(
            gettext("The address must name the paper's forum: https://openreview.net/forum?id=…")
        )
    return SourceLink(forum, "" if note == forum else note)


def belongs_to(link: SourceLink, paper: Paper) -> bool:
    """Whether the link leads to the paper's forum; False where the base knows none.

    Raises BadLink when it is known to lead to another paper.
    """
    known = {paper.openreview} if paper.openreview else set()
    known |= {
        version.identifier.removeprefix("openreview:")
        for version in paper.versions.all()
        if version.identifier.startswith("openreview:")
    }
    if known and link.forum not in known:
        raise BadLink(
            gettext(
                "This address leads to another paper: the forum of this one is {value}."
            ).format(value=sorted(known)[0])
        )
    return bool(known)
