"""Pictures and texts of PDFs that were made once, kept on disk under the hash of the file.

What is kept is derived: it may be deleted at any time. The oldest goes when there is too much.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from papers.ingest.storing import local_copy
from papers.models import Document
from papers.pdf.confined.pool import ReaderPool
from papers.pdf.limits import Budget

WIDTHS = (900, 1400)
"""Pixels of a page: for phones and lists, and for large or dense screens."""
MOST_BYTES = 512 * 2**20
_VERSION = 1  # of what is kept; a new one makes everything anew
_BUDGET = Budget(cpu_seconds=10, wall_seconds=20.0, soft_seconds=6.0)
_pools: dict[int, ReaderPool] = {}
_lock = threading.Lock()


class CannotShow(Exception):
    """The file cannot be shown; the text says why, for the reader."""


def contents(document: Document) -> dict[str, Any]:
    """Pages with sizes and words, and the outline. Raises CannotShow, FileLost."""
    kept = _place(document, "contents.json")
    if kept.is_file():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    shown = _ask(document, {"what": "contents"})
    _keep(kept, json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())
    return shown


def picture(document: Document, page: int, width: int) -> bytes:
    """A page as PNG; pages count from 1. Raises CannotShow, FileLost."""
    kept = _place(document, f"{page}-{width}.png")
    if kept.is_file():
        return kept.read_bytes()
    made = base64.b64decode(_ask(document, {"what": "page", "page": page, "width": width})["png"])
    _keep(kept, made)
    return made


_REASONS = {
    "UnreadablePdf": "The file is damaged or needs a password.",
    "MemoryError": "The page is too large to be drawn here.",
    "memory": "The page is too large to be drawn here.",
    "size": "The page is too large to be drawn here.",
    "died": "Drawing it took too long.",
    "ValueError": "There is no such page.",
}


def _ask(document: Document, wish: dict[str, Any]) -> dict[str, Any]:
    with local_copy(document) as path:
        shown = _pool().show(path, wish)
    if problem := shown.get("problem"):
        raise CannotShow(_REASONS.get(str(problem), "The file cannot be drawn here."))
    return shown


def _pool() -> ReaderPool:
    """One confined reader for each process of the site, started when first needed."""
    with _lock:
        pool = _pools.get(os.getpid())
        if pool is None:
            pool = _pools[os.getpid()] = ReaderPool(1, _BUDGET)
        return pool


def _folder() -> Path:
    return Path(settings.KB_DATA_DIR) / "derived" / f"pages-{_VERSION}"


def _place(document: Document, name: str) -> Path:
    return _folder() / document.sha256[:2] / document.sha256 / name


def _keep(place: Path, content: bytes) -> None:
    """Write it whole or not at all; a full or read-only disk costs time, not the page."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(content)
        os.replace(file.name, place)  # noqa: PTH105 (atomic, whoever comes second)
        if place.suffix == ".json":  # once a document: it walks the whole folder
            make_room()
    except OSError:
        return


def make_room(most: int = 0) -> int:
    """Delete what was made longest ago until at most `most` bytes are kept; returns how many."""
    files = [(path.stat(), path) for path in _folder().rglob("*") if path.is_file()]
    total, gone = sum(status.st_size for status, _ in files), 0
    for status, path in sorted(files, key=lambda pair: pair[0].st_mtime):
        if total <= (most or MOST_BYTES):
            break
        path.unlink(missing_ok=True)
        total -= status.st_size
        gone += status.st_size
    return gone
