"""Private addresses for authors: what they send waits for an organiser, without an account."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from community.workshops.files import keep
from papers.curation.editing import CannotWrite
from papers.curation.workshop_blocks import amend, may_edit, working_copy
from papers.models import AuthorLink, Workshop, WorkshopFile
from papers.names import tidy
from papers.workshops.blocks import BLOCKS

DAYS = 60
MOST_DAYS = 365
MOST_FILES = 12
"""Files that one link may hold at a time."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(workshop: Workshop, number: str, *, by: User, days: int = DAYS) -> tuple[AuthorLink, str]:
    """A link for the paper of this number, and its secret, which is told this once.

    Earlier links of the paper end. Raises NotPossible.
    """
    _require(workshop, by)
    if paper_of(workshop, number) is None:
        raise NotPossible(gettext("No accepted paper has this number."))
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        _open(workshop, number).update(revoked_at=timezone.now())
        link = AuthorLink.objects.create(
            workshop=workshop,
            number=number,
            digest=_digest(token),
            made_by=by,
            ends_at=timezone.now() + dt.timedelta(days=max(1, min(days, MOST_DAYS))),
        )
    return link, token


def make_all(workshop: Workshop, *, by: User, days: int = DAYS) -> list[tuple[str, str, str]]:
    """A link for every numbered paper that has none open: number, title, secret."""
    _require(workshop, by)
    has_one = set(_open(workshop).values_list("number", flat=True))
    made = []
    for paper in working_copy(workshop)["accepted_papers"]:
        number = str(paper.get("id") or "")
        if number and number not in has_one:
            _, token = make(workshop, number, by=by, days=days)
            made.append((number, paper["title"], token))
            has_one.add(number)
    return made


def revoke(workshop: Workshop, pk: int, *, by: User) -> None:
    """End a link at once. Raises NotPossible."""
    _require(workshop, by)
    workshop.author_links.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now())


def link_of(token: str) -> AuthorLink | None:
    """The open link of a secret."""
    link = AuthorLink.objects.filter(digest=_digest(token)).select_related("workshop").first()
    return link if link is not None and link.is_open else None


def paper_of(workshop: Workshop, number: str) -> dict[str, object] | None:
    """The entry of the list of accepted papers, as its organisers last saved it."""
    entries = working_copy(workshop)["accepted_papers"]
    return next((e for e in entries if str(e.get("id") or "") == number), None)


def answer(link: AuthorLink, *, title: str, authors: str, note: str) -> None:
    """Keep what an author says of title and names. Raises NotPossible."""
    names = [tidy(name) for name in authors.replace("\n", ";").split(";") if tidy(name)]
    if not tidy(title) or not names:
        raise NotPossible(gettext("A paper has a title and at least one author, one a line."))
    if len(tidy(title)) > 500 or len(names) > 200 or any(len(name) > 200 for name in names):
        raise NotPossible(gettext("Title or names are too long."))
    AuthorLink.objects.filter(pk=link.pk).update(
        title=tidy(title),
        authors=names,
        note=note.strip()[:1000],
        answered_at=timezone.now(),
        settled_at=None,
    )


def send_file(link: AuthorLink, kind: str, content: IO[bytes]) -> WorkshopFile:
    """Keep a paper or a poster until an organiser looks at it. Raises NotPossible."""
    if kind not in (WorkshopFile.Kind.PDF, WorkshopFile.Kind.POSTER):
        raise NotPossible(gettext("Send a paper or a poster."))
    if link.files.count() >= MOST_FILES:
        raise NotPossible(
            gettext("This link has taken many files. Ask the organisers for a new one.")
        )
    return keep(link.workshop, kind, content, called=f"paper-{link.number}-{kind}", link=link)


@transaction.atomic
def accept_answer(link: AuthorLink, *, by: User) -> None:
    """Write title and names, as the author confirmed them, to the list. Raises NotPossible."""
    _require(link.workshop, by)
    entries = [dict(entry) for entry in working_copy(link.workshop)["accepted_papers"]]
    for entry in entries:
        if str(entry.get("id") or "") == link.number and link.title:
            _rename(entry, link)
            break
    else:
        raise NotPossible(gettext("This paper is not in the list any more."))
    try:
        amend(link.workshop, BLOCKS["papers"], {"accepted_papers": entries}, by=by)
    except CannotWrite as problem:
        raise NotPossible(str(problem)) from problem
    settle(link)


def settle(link: AuthorLink) -> None:
    """The answer was looked at."""
    AuthorLink.objects.filter(pk=link.pk).update(settled_at=timezone.now())


def _rename(entry: dict[str, object], link: AuthorLink) -> None:
    """Affiliations go with the names that stay."""
    names = list(entry.get("authors") or [])  # type: ignore[call-overload]
    places = list(entry.get("author_affiliations") or [])  # type: ignore[call-overload]
    place_of = dict(zip(names, places, strict=False))
    entry |= {"title": link.title, "authors": link.authors}
    if places:
        entry["author_affiliations"] = [place_of.get(name, "") for name in link.authors]


def waiting(workshop: Workshop) -> tuple[QuerySet[AuthorLink], QuerySet[WorkshopFile]]:
    """Answers and files that no organiser has looked at."""
    answers = workshop.author_links.exclude(answered_at=None).filter(settled_at=None)
    files = workshop.files.exclude(link=None).filter(settled_at=None)
    return answers, files.select_related("link", "workshop")


def _open(workshop: Workshop, number: str | None = None) -> QuerySet[AuthorLink]:
    links = workshop.author_links.filter(revoked_at=None, ends_at__gt=timezone.now())
    return links if number is None else links.filter(number=number)


def _require(workshop: Workshop, by: User) -> None:
    if not may_edit(workshop, by):
        raise NotPossible(gettext("Only organisers do this."))
