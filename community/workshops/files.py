"""Pictures, papers and posters of a workshop: checked, kept, told who may have them."""

from __future__ import annotations

import hashlib
import re
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_moderator
from papers.curation.workshop_blocks import amend, may_edit, working_copy
from papers.models import AuthorLink, Workshop, WorkshopFile
from papers.names import slug as slug_of
from papers.workshops.blocks import BLOCKS
from papers.workshops.pictures import NotAPicture, picture

Kind = WorkshopFile.Kind
MOST_FILES = 600
LARGEST = {Kind.PHOTO: 12, Kind.LOGO: 4, Kind.PDF: 30, Kind.POSTER: 30}
"""Megabytes."""
PICTURES = (Kind.PHOTO, Kind.LOGO)
SIDES = {Kind.PHOTO: 800, Kind.LOGO: 800, Kind.POSTER: 3000}
"""Points along the longer side that are kept: twice what pages show; posters are read."""


def keep(
    workshop: Workshop,
    kind: str,
    content: IO[bytes],
    *,
    called: str,
    by: User | None = None,
    link: AuthorLink | None = None,
) -> WorkshopFile:
    """Check a file and keep it, not public yet. The same bytes twice are one file.

    called: whose photo or which paper; it makes the file's name. Raises NotPossible.
    """
    most = LARGEST[Kind(kind)] * 1_000_000
    data = content.read(most + 1)
    if len(data) > most:
        raise NotPossible(
            gettext("The file is larger than {value} MB. Make it smaller.").format(
                value=most // 1000000
            )
        )
    data, facts = _checked(kind, data)
    digest = hashlib.sha256(data).hexdigest()
    known = workshop.files.filter(kind=kind, sha256=digest, link=link).first()
    if known is not None:
        return known
    if workshop.files.count() >= MOST_FILES:
        raise NotPossible(
            gettext("A workshop has at most {most_files} files.").format(most_files=MOST_FILES)
        )
    suffix = facts.pop("suffix")
    name = f"{slug_of(called, longest=40) or kind}-{digest[:12]}.{suffix}"
    if workshop.files.filter(name=name).exists():
        name = f"{kind}-{name}"[:80] if link is None else f"{link.pk}-{name}"[:80]
    row = WorkshopFile(
        workshop=workshop,
        kind=kind,
        name=name,
        sha256=digest,
        size_bytes=len(data),
        by=by,
        link=link,
        **facts,
    )
    if not default_storage.exists(row.stored_as):
        default_storage.save(row.stored_as, ContentFile(data))
    row.save()
    return row


def _checked(kind: str, data: bytes) -> tuple[bytes, dict[str, Any]]:
    """The bytes to keep, and what they are; decided by the bytes, never by a name."""
    if data.startswith(b"%PDF-") and kind not in PICTURES:
        if b"%%EOF" not in data[-2048:]:
            raise NotPossible(gettext("The PDF is cut off. Send it again."))
        return data, {"media_type": "application/pdf", "suffix": "pdf"}
    if kind == Kind.PDF:
        raise NotPossible(gettext("This is no PDF. Send the paper as PDF."))
    try:
        read = picture(data, SIDES[Kind(kind)])
    except NotAPicture as problem:
        more = gettext("A poster may be a PDF as well.") if kind == Kind.POSTER else ""
        raise NotPossible(f"{problem} {more}".strip()) from problem
    facts = {"media_type": read.media_type, "suffix": read.suffix}
    return read.content, facts | {"width": read.width, "height": read.height}


def may_have(file: WorkshopFile, user: Visitor) -> bool:
    """Everybody, while the public page leads to it; else those who edit or confirm the workshop."""
    waits = file.workshop.state == Workshop.State.WAITING
    return is_public(file) or may_edit(file.workshop, user) or (waits and is_moderator(user))


def is_public(file: WorkshopFile) -> bool:
    workshop, path = file.workshop, file.get_absolute_url()
    if not workshop.is_public:
        return False
    if file.kind == Kind.PHOTO:
        return workshop.roles.filter(photo=path).exists()
    if file.kind == Kind.LOGO:
        return any(isinstance(s, dict) and s.get("logo") == path for s in workshop.sponsors)
    return workshop.accepted.filter(**{file.kind: path}).exists()


@transaction.atomic
def show_paper_file(file: WorkshopFile, *, by: User) -> None:
    """Lead from the accepted paper to a file that its author sent. Raises NotPossible."""
    if not may_edit(file.workshop, by) or file.link is None:
        raise NotPossible(gettext("Only organisers accept files."))
    entries = [dict(e) for e in working_copy(file.workshop)["accepted_papers"]]
    for entry in entries:
        if str(entry.get("id") or "") == file.link.number:
            entry[file.kind] = file.get_absolute_url()
            break
    else:
        raise NotPossible(gettext("This paper is not in the list any more."))
    amend(file.workshop, BLOCKS["papers"], {"accepted_papers": entries}, by=by)
    WorkshopFile.objects.filter(pk=file.pk).update(settled_at=timezone.now())


def refuse(file: WorkshopFile, *, by: User) -> None:
    """Take away a file that was sent. Raises NotPossible."""
    if not may_edit(file.workshop, by):
        raise NotPossible(gettext("Only organisers refuse files."))
    forget(file)


def forget(file: WorkshopFile) -> None:
    """Delete the row, and the bytes when no other row has them."""
    stored = file.stored_as
    file.delete()
    if not WorkshopFile.objects.filter(sha256=file.sha256).exists():
        transaction.on_commit(lambda: default_storage.delete(stored))


def name_of(path: str) -> str:
    """The name in the address of a file of ours; "" for others."""
    match = re.fullmatch(r"/workshops/[\w-]+/files/([\w.-]+)", path)
    return match[1] if match else ""
