"""Named versions of a programme, and ways in that are told only while they are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from papers.curation.workshop_blocks import (
    amend,
    may_edit,
    note_change,
    with_names,
    working_copy,
)
from papers.models import AttendLink, ProgrammeVersion, Workshop, WorkshopBlock
from papers.names import tidy
from papers.workshops.blocks import BLOCKS
from papers.workshops.versions import Difference, differences, moved_before, summary

MOST_VERSIONS, MOST_LINKS = 60, 80


@dataclass(frozen=True)
class Compared:
    """A version and how the programme went on from it: to the next version, or to now."""

    version: ProgrammeVersion
    after: list[Difference]

    @property
    def summary(self) -> str:
        return summary(self.after)


def versions(workshop: Workshop) -> list[Compared]:
    """Newest first, each with what changed after it."""
    later = working_copy(workshop)["schedule"]
    compared = []
    for version in workshop.versions.select_related("made_by"):
        compared.append(Compared(version, differences(version.schedule, later)))
        later = version.schedule
    return compared


@transaction.atomic
def name_version(workshop: Workshop, name: str, *, by: User, tell: bool = False) -> str:
    """Keep the programme as it is now under a name; returns what changed since the last one.

    tell: readers who follow the workshop hear of it, where the programme is public. Raises
    NotPossible.
    """
    _require(workshop, by)
    name = tidy(name)[:80]
    if not name:
        raise NotPossible(gettext("Give the version a name, such as 1.0 or “as announced”."))
    if workshop.versions.count() >= MOST_VERSIONS:
        raise NotPossible(
            gettext("A programme has at most {most_versions} versions. Delete one.").format(
                most_versions=MOST_VERSIONS
            )
        )
    schedule = working_copy(workshop)["schedule"]
    last = workshop.versions.first()
    changes = differences(last.schedule, schedule) if last else []
    words = summary(changes) if last else f"{len(schedule)} entries"
    try:
        with transaction.atomic():
            ProgrammeVersion.objects.create(
                workshop=workshop, name=name, schedule=schedule, made_by=by
            )
    except IntegrityError as problem:
        raise NotPossible(
            gettext("There is a version “{name}” already.").format(name=name)
        ) from problem
    waits = WorkshopBlock.objects.filter(workshop=workshop, code="programme").exclude(content=None)
    if tell and workshop.is_public and not waits.exists():
        note_change(workshop, "programme", f"Programme {name}: {words}.")
    return words


def bring_back(workshop: Workshop, pk: int, *, by: User) -> None:
    """Put the programme of a version in place of the one that is here. Raises NotPossible."""
    _require(workshop, by)
    version = workshop.versions.filter(pk=pk).first()
    if version is None:
        raise NotPossible(gettext("There is no such version."))
    amend(workshop, BLOCKS["programme"], {"schedule": with_names(_all(version))["schedule"]}, by=by)


def _all(version: ProgrammeVersion) -> dict[str, list[dict[str, object]]]:
    return {"schedule": list(version.schedule)}


def forget_version(workshop: Workshop, pk: int, *, by: User) -> None:
    _require(workshop, by)
    workshop.versions.filter(pk=pk).delete()


def move(workshop: Workshop, code: str, before: str, *, by: User) -> None:
    """Put an entry before another one of its day and room, or at the end. Raises NotPossible."""
    _require(workshop, by)
    schedule = working_copy(workshop)["schedule"]
    moved = moved_before(schedule, code, before)
    if moved == schedule:
        raise NotPossible(gettext("It cannot go there: entries move within their day and room."))
    moved.sort(key=lambda entry: (entry.get("day") or "", entry.get("start") or "99"))
    amend(workshop, BLOCKS["programme"], {"schedule": moved}, by=by)


def add_link(
    workshop: Workshop,
    *,
    label: str,
    url: str,
    entry: str,
    show_from: dt.datetime | None,
    hide_after: dt.datetime | None,
    by: User,
) -> AttendLink:
    """A way in between two moments. Raises NotPossible."""
    _require(workshop, by)
    if urlsplit(url).scheme not in ("http", "https") or len(url) > 500 or not urlsplit(url).netloc:
        raise NotPossible(gettext("The address begins with https:// and has at most 500 letters."))
    if show_from is None or hide_after is None:
        raise NotPossible(gettext("Say from when to when it is told, as 2027-07-23 09:00."))
    if hide_after <= show_from:
        raise NotPossible(gettext("It ends before it begins."))
    if workshop.attend_links.count() >= MOST_LINKS:
        raise NotPossible(
            gettext("A workshop has at most {most_links} such links.").format(most_links=MOST_LINKS)
        )
    codes = {item["code"] for item in working_copy(workshop)["schedule"]}
    return AttendLink.objects.create(
        workshop=workshop,
        label=tidy(label)[:80] or "Join",
        url=url,
        entry=entry if entry in codes else "",
        show_from=show_from,
        hide_after=hide_after,
    )


def remove_link(workshop: Workshop, pk: int, *, by: User) -> None:
    _require(workshop, by)
    workshop.attend_links.filter(pk=pk).delete()


def open_links(workshop: Workshop, moment: dt.datetime | None = None) -> list[AttendLink]:
    """The ways in that are told at this moment."""
    moment = moment or timezone.now()
    return list(workshop.attend_links.filter(show_from__lte=moment, hide_after__gt=moment))


def by_entry(links: Iterable[AttendLink]) -> dict[str, list[AttendLink]]:
    """Ways in by the code of the entry; "" for the whole day."""
    sorted_links: dict[str, list[AttendLink]] = {}
    for link in links:
        sorted_links.setdefault(link.entry, []).append(link)
    return sorted_links


def _require(workshop: Workshop, by: User) -> None:
    if not may_edit(workshop, by):
        raise NotPossible(gettext("Only organisers do this."))
