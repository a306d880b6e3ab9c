"""The files of documents, in whatever storage the site uses, found by the hash of their bytes."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from papers.models import Document


class FileLost(Exception):
    """The storage has no whole copy of a document's file."""


def store(document: Document, content: IO[bytes]) -> None:
    """Make sure that the storage holds the document's bytes, whole and on disk.

    A torn file left by a crash has another size and is written anew. A file whose row never came
    to be does no harm: its name says what it is, and the next upload of these bytes finds it.
    """
    name = document.stored_as
    if default_storage.exists(name):
        if default_storage.size(name) == document.size_bytes:
            return
        default_storage.delete(name)
    content.seek(0)
    try:
        saved = default_storage.save(name, File(content))
    except OSError:  # the disk is full, say: half a file helps nobody
        with contextlib.suppress(OSError):
            default_storage.delete(name)
        raise
    if saved != name:  # somebody stored the same bytes in the same moment
        default_storage.delete(saved)
        return
    with contextlib.suppress(NotImplementedError):  # only local storage has paths
        _settle(Path(default_storage.path(name)))


def _settle(path: Path) -> None:
    """Wait until file and folder are on disk: the row must not outlive the bytes."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_file(document: Document) -> File:
    """The stored bytes. Raises FileLost."""
    try:
        return default_storage.open(document.stored_as, "rb")
    except OSError as problem:
        raise FileLost(document.stored_as) from problem


@contextlib.contextmanager
def local_copy(document: Document) -> Iterator[Path]:
    """A path on this machine with the document's bytes; fetched when the storage is elsewhere.

    Raises FileLost when the storage has no such file, or one of another size.
    """
    try:
        path = Path(default_storage.path(document.stored_as))
    except NotImplementedError:
        with _fetched(document) as path:
            yield path
        return
    try:
        whole = path.stat().st_size == document.size_bytes
    except OSError as problem:
        raise FileLost(document.stored_as) from problem
    if not whole:
        raise FileLost(document.stored_as)
    yield path


@contextlib.contextmanager
def _fetched(document: Document) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="document-", suffix=".pdf") as target:
        with open_file(document) as source:
            shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        if Path(target.name).stat().st_size != document.size_bytes:
            raise FileLost(document.stored_as)
        yield Path(target.name)
