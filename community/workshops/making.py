"""Making a workshop, from nothing or from the edition before it, and handing it in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_curator, is_member
from community.models import State, WorkshopRequest
from community.moderation import transitions
from papers.curation.editing import CannotWrite, checked, fields_of
from papers.data_files.schema import SCHEMAS, with_defaults
from papers.history import act
from papers.models import FixtureRecord, Workshop, WorkshopBlock, WorkshopOrganiser
from papers.names import slug, tidy
from papers.workshops.structure import structure_of

MOST_DRAFTS = 20
RESERVED = {"new", "deadlines", "invitations", "dates", "papers"}
_FACTS = (
    *("name", "acronym", "edition", "year", "date", "timezone", "format", "host_conference"),
    *("location", "website"),
)


@dataclass(frozen=True)
class NewWorkshop:
    """What the form asks for. `series`: a slug, or words that give one; `after`: a slug."""

    name: str
    year: int
    acronym: str = ""
    series: str = ""
    edition: str = ""
    date: str = ""
    timezone: str = ""
    format: str = ""
    host_conference: str = ""
    location: str = ""
    website: str = ""


@transaction.atomic
def make_workshop(wanted: NewWorkshop, *, by: User, after: Workshop | None = None) -> Workshop:
    """A draft of `by`, its first organiser. after: the edition whose structure it takes over.

    Raises NotPossible, and CannotWrite for fields that are not right.
    """
    if not is_member(by):
        raise NotPossible(gettext("Sign in to make a workshop."))
    drafts = Workshop.objects.organised_by(by).exclude(state=Workshop.State.PUBLIC)
    if drafts.count() >= MOST_DRAFTS:
        raise NotPossible(
            gettext("You have {most_drafts} workshops that are not public. Finish one.").format(
                most_drafts=MOST_DRAFTS
            )
        )
    fields = {name: getattr(wanted, name) for name in _FACTS}
    fields |= {"name": tidy(wanted.name), "series": _series(wanted, after)}
    if not fields["name"]:
        raise CannotWrite({"name": gettext("Give the workshop a name.")})
    if not fields["series"]:
        raise CannotWrite({"series": gettext("Give a short name in Latin letters, such as frun.")})
    values = checked("workshop", fields)
    with act(by=by, reason="made here"):
        date = dt.date.fromisoformat(values["date"]) if values["date"] else None
        made = Workshop.objects.create(
            **values | {"date": date},
            slug=_free_slug(wanted, values["series"]),
            state=Workshop.State.DRAFT,
            previous_edition=after,
        )
    FixtureRecord.objects.create(  # a file of the same name changes nothing that is said here
        kind="workshop", key=made.slug, fields=with_defaults({}, SCHEMAS["workshop"])
    )
    WorkshopOrganiser.objects.create(workshop=made, user=by, invited_by=by)
    WorkshopRequest.objects.create(workshop=made, author=by)
    if after is not None:
        _take_structure(made, after, by)
    return made


def _series(wanted: NewWorkshop, after: Workshop | None) -> str:
    own = slug(wanted.series or wanted.acronym or wanted.name, longest=40)
    return after.series if after is not None and not wanted.series else own


def _free_slug(wanted: NewWorkshop, series: str) -> str:
    stem = slug(wanted.acronym, longest=40) or series
    stem = f"{stem}-{wanted.year}"
    number, free = 1, stem
    while free in RESERVED or Workshop.objects.filter(slug=free).exists():
        number += 1
        free = f"{stem}-{number}"
    return free


def _take_structure(made: Workshop, after: Workshop, by: User) -> None:
    """Drafts with the skeleton of the edition before: no name, day, paper or text of it."""
    for code, content in structure_of(fields_of(after)).items():
        WorkshopBlock.objects.create(
            workshop=made,
            code=code,
            state=WorkshopBlock.State.DRAFT,
            content=content,
            changed_by=by,
        )


def request_of(workshop: Workshop) -> WorkshopRequest | None:
    """The request by which the workshop becomes public; None for one that a file brought."""
    return WorkshopRequest.objects.filter(workshop=workshop).first()


def hand_in(workshop: Workshop, *, by: User) -> WorkshopRequest:
    """Ask the moderators to make it public; what curators hand in is public at once.

    Raises NotPossible.
    """
    request = request_of(workshop)
    if request is None or request.author_id != by.pk:
        raise NotPossible(gettext("Whoever made the workshop hands it in."))
    transitions.submit(request, by=by, trusted=is_curator(by))
    request.refresh_from_db()
    if request.state == State.PENDING and is_curator(by):
        raise NotPossible(gettext("It was declined before; a moderator looks at it again."))
    return request


def withdraw(workshop: Workshop, *, by: User) -> None:
    """Take it back from the moderators, or off the site. Raises NotPossible."""
    request = request_of(workshop)
    if request is None:
        raise NotPossible(
            gettext("This workshop is a record of the survey; suggest a correction instead.")
        )
    target = State.DRAFT if request.state == State.PENDING else State.WITHDRAWN
    transitions.move(request, target, by=by)


def summary(request: WorkshopRequest) -> str:
    """A waiting workshop in the moderators' queue."""
    workshop = request.workshop
    host = f" at {workshop.host_conference}" if workshop.host_conference else ""
    return f"{workshop.name} ({workshop.year}{host})"


def texts(requests: Sequence[WorkshopRequest]) -> dict[int, str]:
    """What the moderators read of it without opening it."""
    return {request.pk: _text(request.workshop) for request in requests}


def _text(workshop: Workshop) -> str:
    parts: list[Any] = [
        workshop.name,
        f"Day: {workshop.date or 'not set'}",
        f"Place: {workshop.location or workshop.format or 'not set'}",
        f"Site: {workshop.website or 'none'}",
    ]
    overview = workshop.blocks.filter(code="overview").first()
    if overview and overview.content:
        parts.append(overview.content.get("summary") or "")
    return "\n\n".join(filter(None, parts))
