"""All that is public in one folder, for anybody to mirror: JSON Lines and citation formats.

`tables/` holds the rows as `public_rows` tells them, a line each; `formats/` the papers as
reference managers read them; `manifest.json` what there is, with hashes and licences.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from kb.backup.public_rows import RULES, People, told
from papers.formats.registry import FORMATS
from papers.models import Paper

FORMAT = "living-survey-dump-1"
MANIFEST, ACCOUNTS = "manifest.json", "accounts.jsonl"
FOLDER = "dumps"
KEPT = 7
A_PART = 500
LICENCES = {
    gettext_noop("records, numbers, topics, people, venues, workshops, methods"): "CC0-1.0",
    gettext_noop("abstracts"): gettext_noop(
        "of their authors and publishers; here as facts about the papers"
    ),
    gettext_noop("reviews, answers, talks"): gettext_noop(
        "of those who wrote or gave them; to be shown unchanged"
    ),
    gettext_noop("lists"): gettext_noop("the licence that each list names"),
}


def dump(folder: Path) -> dict[str, Any]:
    """Write the dump as of one moment into a new folder; returns its manifest.

    Raises FileExistsError where something is there already.
    """
    folder.mkdir(parents=True)
    files: dict[str, dict[str, Any]] = {}
    with _one_moment():
        people = People()
        for label in RULES:
            name = f"tables/{label}.jsonl"
            files[name] = _written(folder / name, _lines(told(label, people)))
        files[ACCOUNTS] = _written(folder / ACCOUNTS, _lines(people.rows))
        for suffix in FORMATS:
            name = f"formats/papers.{suffix}"
            files[name] = _written(folder / name, _citations(suffix))
    manifest = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "site": settings.KB_SITE_URL,
        "licences": LICENCES,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
    return manifest


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees the database as of its beginning, however long it takes."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _written(path: Path, parts: Iterable[bytes]) -> dict[str, Any]:
    """Write a file; returns its hash, size and number of lines."""
    path.parent.mkdir(exist_ok=True)
    digest, size, lines = hashlib.sha256(), 0, 0
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
            lines += part.count(b"\n")
    return {"sha256": digest.hexdigest(), "bytes": size, "lines": lines}


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, default=_plain, ensure_ascii=False).encode() + b"\n"


def _plain(value: object) -> str:
    """Moments, numbers and keys as texts that read back exactly."""
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _citations(suffix: str) -> Iterator[bytes]:
    papers = Paper.objects.visible_to(None).order_by("key").for_export()
    for part in FORMATS[suffix].stream(papers.iterator(chunk_size=A_PART), settings.KB_SITE_URL):
        yield part if isinstance(part, bytes) else part.encode()


# --- every night ---


def make_nightly() -> str:
    """Put today's dump where all web nodes find it, drop those beyond a week; returns its date."""
    date = f"{timezone.now():%Y-%m-%d}"
    with tempfile.TemporaryDirectory(dir=settings.KB_DATA_DIR) as scratch:
        folder = Path(scratch) / date
        manifest = dump(folder)
        # The manifest comes last: a dump without one is not there yet.
        for name in [*manifest["files"], MANIFEST]:
            place = f"{FOLDER}/{date}/{name}"
            if default_storage.exists(place):
                default_storage.delete(place)
            with (folder / name).open("rb") as file:
                default_storage.save(place, File(file))
        shutil.rmtree(folder, ignore_errors=True)
    for old in dates()[KEPT:]:
        _forget(old)
    return date


def dates() -> list[str]:
    """Dates of the whole dumps that are kept, the newest first."""
    with contextlib.suppress(FileNotFoundError):
        folders = default_storage.listdir(FOLDER)[0]
        whole = [name for name in folders if default_storage.exists(f"{FOLDER}/{name}/{MANIFEST}")]
        return sorted(whole, reverse=True)
    return []


def manifest_of(date: str) -> dict[str, Any] | None:
    """What a kept dump holds; None when there is no such."""
    if date not in dates():
        return None
    with default_storage.open(f"{FOLDER}/{date}/{MANIFEST}") as file:
        manifest: dict[str, Any] = json.load(file)
    return manifest


def _forget(date: str) -> None:
    manifest = manifest_of(date) or {"files": {}}
    for name in [MANIFEST, *manifest["files"]]:
        default_storage.delete(f"{FOLDER}/{date}/{name}")
    for folder in (f"{FOLDER}/{date}/tables", f"{FOLDER}/{date}/formats", f"{FOLDER}/{date}"):
        with contextlib.suppress(OSError):
            default_storage.delete(folder)
