"""One file that holds a whole site: database, files, and a manifest with their hashes.

The database is one snapshot (pg_dump), so the site may run meanwhile. Files are never changed, only
added: what a row of the snapshot names was there before it, and is copied after it. The secret key
comes along only if asked: whoever holds it can sign sessions and links.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from kb.backup import postgres_tools
from kb.site.data_dir import keep_secret
from papers.models import Document

FORMAT = "living-survey-backup-1"
MANIFEST, DATABASE, FILES, SECRET = "manifest.json", "database.dump", "files/", "secret_key"
CHUNK = 1 << 20


class Unfit(Exception):
    """The archive or the place to restore it into will not do; the text says why."""


@dataclass(frozen=True)
class Summary:
    """What an archive holds: files beside the database, and the bytes of all."""

    files: int
    size_bytes: int
    missing: tuple[str, ...] = ()


def backup(target: Path, *, with_secret: bool = False) -> Summary:
    """Write the archive, whole or not at all. Raises Unfit when it is there already."""
    if target.exists():
        raise Unfit(f"{target} is there already; a backup overwrites nothing.")
    partial = target.with_name(f".{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            summary = _write(raw, with_secret)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return summary


def _write(raw: IO[bytes], with_secret: bool) -> Summary:
    hashes: dict[str, str] = {}
    missing: list[str] = []
    with tarfile.open(fileobj=raw, mode="w") as archive, tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DATABASE
        postgres_tools.dump(dump)
        with dump.open("rb") as file:
            hashes[DATABASE] = _add(archive, DATABASE, file, dump.stat().st_size)
        for name in _stored():
            try:
                size = default_storage.size(name)
                with default_storage.open(name, "rb") as file:
                    hashes[FILES + name] = _add(archive, FILES + name, file, size)
            except OSError:
                missing.append(name)
        if with_secret:
            secret = settings.SECRET_KEY.encode()
            hashes[SECRET] = _add(archive, SECRET, io.BytesIO(secret), len(secret))
        manifest = json.dumps(
            {
                "format": FORMAT,
                "made_at": timezone.now().isoformat(timespec="seconds"),
                "migrations": _migrations(),
                "sha256": hashes,
                "missing": missing,
            },
            indent=1,
        ).encode()
        _add(archive, MANIFEST, io.BytesIO(manifest), len(manifest))
    files = sum(name.startswith(FILES) for name in hashes)
    return Summary(files, raw.tell(), tuple(missing))


def _stored() -> Iterator[str]:
    """Names of the files that rows speak of."""
    names = (document.stored_as for document in Document.objects.order_by("pk").iterator())
    yield from dict.fromkeys(names)


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> str:
    """Put a file of `size` bytes into the archive; returns its hash."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    hashed = _Hashing(file)
    archive.addfile(entry, hashed)  # type: ignore[arg-type]
    return hashed.digest.hexdigest()


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self.digest.update(part)
        return part


def restore(source: Path) -> Summary:
    """Bring an archive into this empty site. Raises Unfit, and has changed nothing then.

    Everything is checked against the manifest before the database is touched. Tables stand as they
    were; `migrate` brings an older archive up to date afterwards.
    """
    _refuse_what_is_in_use()
    with tempfile.TemporaryDirectory(dir=settings.KB_DATA_DIR) as folder:
        manifest = _unpacked(source, Path(folder))
        postgres_tools.restore(Path(folder) / DATABASE)
        _begin_sequences_anew()
        files = [name for name in manifest["sha256"] if name.startswith(FILES)]
        for name in files:
            with (Path(folder) / name).open("rb") as file:
                _store(name.removeprefix(FILES), file)
        if SECRET in manifest["sha256"]:
            keep_secret(settings.KB_DATA_DIR, (Path(folder) / SECRET).read_text())
    return Summary(len(files), source.stat().st_size, tuple(manifest["missing"]))


def _store(name: str, file: IO[bytes]) -> None:
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, File(file))


def _refuse_what_is_in_use() -> None:
    if connection.introspection.table_names():
        raise Unfit(
            "The database holds tables already. Restore into an empty data folder: "
            "KB_DATA_DIR=/path/to/folder, or an empty database by DATABASE_URL."
        )


def _unpacked(source: Path, folder: Path) -> dict[str, Any]:
    """All members laid out in `folder`, with hashes as the manifest says. Raises Unfit."""
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise Unfit(f"{source} is no whole backup of this site ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise Unfit(f"{source} is a backup of another kind: {manifest.get('format')}.")
    for name, expected in manifest["sha256"].items():
        if not (folder / name).is_file() or _hash(folder / name) != expected:
            raise Unfit(f"{source} is damaged: {name} is not what the manifest says.")
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _begin_sequences_anew() -> None:
    """Numbers of transactions are another server's here: whoever follows them begins anew."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paperchange SET transaction = 0")
        cursor.execute("SELECT to_regclass('public_change')")
        if cursor.fetchone()[0]:
            cursor.execute("TRUNCATE public_change")
