"""Bringing what was read into a workshop of the record."""

from __future__ import annotations

from django.db import transaction

from papers.curation.workshop_blocks import hold, working_copy
from papers.data_files.workshop_kind import Workshops
from papers.importers.workshop_files.changes import Change, merged
from papers.importers.workshop_files.shapes import Fields, WorkshopFiles
from papers.models import Workshop
from papers.persons import Spellings

DATA_FILE = {
    "people": ("name", "role", "affiliation", "affiliation_note", "url", "title", "key"),
    "schedule": (
        *("start", "end", "title", "speaker", "kind", "label", "link", "links", "streamed"),
        *("raw_time", "source_key", "paper"),
    ),
}
"""Fields of the lists that a data file knows; others stay with the files."""


class CannotImport(ValueError):
    """The message says what is missing."""


def preview(slug: str, read: WorkshopFiles) -> tuple[Fields, list[Change]]:
    """The fields that an import would write, and what happens to every row. Writes nothing."""
    workshop = Workshop.objects.filter(slug=slug).first()
    return merged(working_copy(workshop) if workshop else {}, read)


@transaction.atomic
def apply(slug: str, read: WorkshopFiles) -> list[Change]:
    """Write what is new; what is here stays. Raises CannotImport for a workshop not yet made.

    Of a workshop that is not public it becomes drafts.
    """
    workshop = Workshop.objects.filter(slug=slug).first()
    if workshop is None:
        raise CannotImport(
            f"There is no workshop “{slug}” here. Make it first (/workshops/new/), then import."
        )
    fields, changes = preview(slug, read)
    for name, known in DATA_FILE.items():
        if name in fields:
            fields[name] = [{k: v for k, v in row.items() if k in known} for row in fields[name]]
    if fields and workshop.is_public:
        Workshops(Spellings()).write(slug, fields)
    elif fields:
        hold(workshop, fields)
    return changes
