"""Taking files into a workshop: sent and read, looked at, then kept as drafts of its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from papers.curation.workshop_blocks import may_edit
from papers.importers.workshop_files.changes import Change
from papers.importers.workshop_files.folder import (
    NotAWorkshop,
    is_known,
    read_files,
    read_upload,
    unpacked,
)
from papers.importers.workshop_files.report import from_kept, kept
from papers.importers.workshop_files.shapes import WorkshopFiles
from papers.importers.workshop_files.writing import PARTS, apply, preview
from papers.models import Workshop, WorkshopImport

MOST_BYTES = 10_000_000
KEPT_DAYS = 30
TITLES = {
    "details": "Facts",
    "people": "People",
    "papers": "Accepted papers",
    "schedule": "Programme",
    "dates": "Dates",
    "news": "News",
    "sponsors": "Sponsors",
}


@dataclass(frozen=True)
class Looked:
    """What an import would do: the changes by part, and what was read."""

    read: WorkshopFiles
    changes: list[Change]

    @property
    def by_part(self) -> list[tuple[str, str, list[Change]]]:
        return [
            (part, TITLES[part], [change for change in self.changes if change.part == part])
            for part in PARTS
            if any(change.part == part for change in self.changes)
        ]

    @property
    def counts(self) -> dict[str, int]:
        statuses = [change.status for change in self.changes]
        return {status: statuses.count(status) for status in ("new", "changed", "same", "conflict")}


def start(workshop: Workshop, files: dict[str, bytes], *, by: User) -> WorkshopImport:
    """Read what was sent and keep it to be looked at. Raises NotPossible."""
    _require(workshop, by)
    read = read_sent(files)
    old = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    WorkshopImport.objects.filter(workshop=workshop, made_at__lt=old).delete()
    return WorkshopImport.objects.create(
        workshop=workshop, by=by, name=", ".join(sorted(files))[:200], read=kept(read)
    )


def read_sent(files: dict[str, bytes]) -> WorkshopFiles:
    """The workshop that files, ZIPs among them, tell together. Raises NotPossible."""
    if not files:
        raise NotPossible(gettext("Choose a file, a ZIP or a folder, or paste a text."))
    if sum(map(len, files.values())) > MOST_BYTES:
        raise NotPossible(
            gettext("All files together may have {value} MB.").format(value=MOST_BYTES // 1000000)
        )
    try:
        if len(files) == 1:
            ((name, content),) = files.items()
            read = read_upload(name, content)
        else:
            read = read_files(_all(files))
    except NotAWorkshop as problem:
        raise NotPossible(str(problem)) from problem
    if read.is_empty and not read.details and not read.drafts:
        raise NotPossible(_nothing(read))
    return read


def _all(files: dict[str, bytes]) -> dict[str, bytes]:
    whole: dict[str, bytes] = {}
    for name, content in files.items():
        if name.lower().endswith(".zip"):
            whole |= unpacked(content)
        elif is_known(name):
            whole[name] = content
    if not whole:
        raise NotAWorkshop(gettext("None of the files is of a kind that is read here."))
    return whole


def _nothing(read: WorkshopFiles) -> str:
    why = "; ".join(dict.fromkeys(f"{problem.file}: {problem.why}" for problem in read.told[:3]))
    return f"{gettext('Nothing of a workshop was found in it.')} {why}".strip()


def look(sent: WorkshopImport) -> Looked:
    """What taking it in would do now."""
    return looked_at(sent.workshop, from_kept(sent.read))


def looked_at(workshop: Workshop, read: WorkshopFiles) -> Looked:
    return Looked(read, preview(workshop.slug, read)[1])


@transaction.atomic
def take(
    sent: WorkshopImport,
    *,
    by: User,
    parts: Collection[str],
    drafts: Collection[int],
    theirs: Collection[str] = (),
) -> list[Change]:
    """Keep the chosen parts as drafts. A second time changes nothing. Raises NotPossible.

    theirs: keys of the conflicts in which what was sent replaces what is here.
    """
    _require(sent.workshop, by)
    changes = apply(
        sent.workshop.slug,
        from_kept(sent.read),
        parts=parts,
        drafts=drafts,
        theirs=theirs,
        by=by,
    )
    sent.applied_at = timezone.now()
    sent.save(update_fields=["applied_at"])
    return changes


def _require(workshop: Workshop, by: User) -> None:
    if not may_edit(workshop, by):
        raise NotPossible(gettext("Only organisers take files into a workshop."))
