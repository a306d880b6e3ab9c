"""Taking in a PDF: what it is called is its content, so the same bytes are one document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import is_curator
from papers.ingest.leasing import TASK
from papers.ingest.storing import store
from papers.ingest.trust import is_trusted
from papers.models import Document, ImportBatch, Upload
from papers.pdf.limits import Budget
from papers.pdf.text_cleaning import clean_text
from work.tell import tell_of

DAY = timedelta(hours=24)


def left_today(user: User | None) -> int | None:
    """How many more an account may send now. None: no limit, as for curators and the operator.

    Requests that arrive at the same moment may pass it by a few.
    """
    if user is None or is_curator(user):
        return None
    return max(0, settings.KB_DAILY_UPLOADS - len(_sent(user)))


def free_again_at(user: User | None) -> datetime:
    """When the account may send the next one, given that it has none left."""
    sent = sorted(_sent(user))[-settings.KB_DAILY_UPLOADS :]
    return (sent[0] if sent else timezone.now()) + DAY


def _sent(user: User | None) -> list[datetime]:
    """When each file and each imported work of the last day came. A file sent again is one."""
    since = timezone.now() - DAY
    sent = list(Upload.objects.filter(by=user, at__gte=since).values_list("at", flat=True))
    for batch in ImportBatch.objects.filter(by=user, applied_at__gte=since):
        sent += [batch.applied_at or since] * len(batch.results)
    return sent


CHUNK = 1 << 20
_PDF_MARK = b"%PDF-"
_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "an RTF text"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"<", "a web page or XML"),
)


class Refused(ValueError):
    """The bytes are not taken in. `code` is for programs, the text for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class DailyLimitReached(Refused):
    """The account has sent as much as it may in a day. `seconds`: until it may send again."""

    def __init__(self, user: User | None) -> None:
        again = free_again_at(user)
        self.seconds = max(1, round((again - timezone.now()).total_seconds()))
        super().__init__(
            "daily-limit",
            f"An account may send {settings.KB_DAILY_UPLOADS} in 24 hours, and you have. Send the "
            f"rest after {again:%H:%M} UTC, or ask a curator to send them.",
        )


@dataclass(frozen=True)
class Received:
    """The document of these bytes, and whether this call made it."""

    document: Document
    is_new: bool


def largest_bytes() -> int:
    """The largest file that is taken in."""
    return min(settings.KB_UPLOAD_MEGABYTES * 2**20, Budget().file_bytes)


def too_large() -> Refused:
    """What to say of a file above the limit."""
    megabytes = largest_bytes() // 2**20
    return Refused(
        "too-large",
        f"The file is larger than {megabytes} MB. Print it to a smaller PDF, or enter the paper by "
        "DOI or arXiv id.",
    )


def receive(
    content: IO[bytes],
    *,
    name: str,
    by: User | None = None,
    via: str = Upload.Via.COMMAND,
    licence: str = "",
    send: bool = True,
) -> Received:
    """Store a PDF and queue it for reading, or return the document that has these bytes already.

    content: seekable. by: the sender's account, None for the operator of this machine.
    send: tell the queue; False when the caller reads the document itself.
    Raises Refused for what cannot be a PDF, or is one too many for a day. Equal bytes sent at the
    same moment wait for the first of them at the unique index, and all get its document.
    """
    sha256, size = _measured(content)
    plain = plain_name(name)
    if left_today(by) == 0 and not Upload.objects.filter(document__sha256=sha256, by=by).exists():
        raise DailyLimitReached(by)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                sha256=sha256,
                size_bytes=size,
                name=plain,
                sent_at=timezone.now(),
                **_licence(licence, by),
            )
            store(document, content)
            Upload.objects.create(
                document=document, by=by, via=via, name=plain, is_trusted=is_trusted(by)
            )
            if send:
                transaction.on_commit(partial(tell_of, Document, TASK, document.pk))
    except IntegrityError:
        document = Document.objects.get(sha256=sha256)
        _note_again(document, content, by=by, via=via, name=plain, licence=licence, send=send)
        return Received(document, False)
    return Received(document, True)


def _licence(licence: str, by: User | None) -> dict[str, Any]:
    """What a document says of its licence: a claim, until a curator or the operator says it."""
    if not licence or not is_trusted(by):
        return {"licence": licence, "licence_by": by if licence else None}
    return {
        "licence": licence,
        "licence_by": by,
        "licence_confirmed_by": by,
        "licence_confirmed_at": timezone.now(),
    }


def _measured(content: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size. Raises Refused."""
    content.seek(0)
    head = content.read(1024)
    if not head:
        raise Refused("empty", "The file is empty. Download it again and upload that.")
    if _PDF_MARK not in head:
        kind = next((what for mark, what in _OTHER_KINDS if head.startswith(mark)), "")
        complaint = f"This is {kind}, not a PDF." if kind else "The file is not a PDF."
        raise Refused("not-a-pdf", f"{complaint} Upload the paper as PDF.")
    digest, size = hashlib.sha256(head), len(head)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > largest_bytes():
            raise too_large()
    return digest.hexdigest(), size


def plain_name(name: str) -> str:
    """The file's own name without folders, control characters and excess."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return " ".join(clean_text(last).split())[-255:] or "document.pdf"


def _note_again(
    document: Document,
    content: IO[bytes],
    *,
    by: User | None,
    via: str,
    name: str,
    licence: str,
    send: bool,
) -> None:
    """The same bytes came again: share the document, note the licence, bring back a lost file.

    Nobody's word about a licence replaces another's; a curator's or the operator's confirms it.
    What waited of a file that a trusted sender sends as well is matched again, and is public.
    """
    trusted = is_trusted(by)
    upload, _ = Upload.objects.get_or_create(
        document=document, by=by, defaults={"via": via, "name": name, "is_trusted": trusted}
    )
    if licence:
        unsaid = Q(licence="") | Q(licence_confirmed_at=None) if trusted else Q(licence="")
        Document.objects.filter(unsaid, pk=document.pk).update(**_licence(licence, by))
    if trusted and not upload.is_trusted:
        Upload.objects.filter(pk=upload.pk).update(is_trusted=True)
    if trusted:
        waits = (Document.Effect.WAITING, Document.Effect.OFFERED)
        again = Document.objects.filter(pk=document.pk, state=Document.State.DONE, effect__in=waits)
        if again.update(state=Document.State.QUEUED, attempts=0, failures=0) and send:
            transaction.on_commit(partial(tell_of, Document, TASK, document.pk))
    document.refresh_from_db()
    if document.outcome != Document.Outcome.LOST:
        return
    store(document, content)
    lost = Document.objects.filter(pk=document.pk, outcome=Document.Outcome.LOST)
    anew = {"outcome": "", "message": "", "warnings": [], "attempts": 0, "failures": 0}
    if lost.update(state=Document.State.QUEUED, **anew):
        document.refresh_from_db()
        if send:
            transaction.on_commit(partial(tell_of, Document, TASK, document.pk))
