"""This process's open index: one searcher, renewed when the files on disk are."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from tantivy import Index, Searcher

from papers.search import folder


@dataclass(frozen=True)
class View:
    """One state of the index; answers from it agree with each other."""

    index: Index
    searcher: Searcher
    where: Path
    stamp: tuple[int, int]
    sizes: dict[str, int]


_view: View | None = None
_owner = 0
_lock = threading.Lock()


def view() -> View:
    """The newest state of the index. Raises folder.Unusable if there is none to trust.

    Costs some file stats: a file that is shorter than it was when mapped must not be read.
    """
    global _view, _owner
    with _lock:
        try:
            where = folder.current_folder()
            fresh = _view if _owner == os.getpid() and _view and _view.where == where else None
            _view = _renewed(fresh, where)
        except folder.Unusable:
            _view = None
            raise
        _owner = os.getpid()
        return _view


def forget() -> None:
    """Close the searcher; the next view opens the index again."""
    global _view
    with _lock:
        _view = None


def _renewed(old: View | None, where: Path) -> View:
    stamp = _stamp(where)
    if old and old.stamp == stamp and _unchanged(old):
        return old
    for _ in range(3):  # the writer may tidy files away between two looks
        stamp = _stamp(where)
        try:
            sizes = folder.segment_files(where)
            index = folder.open_index(where)
            index.config_reader("manual")
            index.reload()
            return View(index, index.searcher(), where, stamp, sizes)
        except folder.Unusable:
            if _stamp(where) == stamp:
                raise
    raise folder.Unusable("the index is being written faster than it can be read")


def _stamp(where: Path) -> tuple[int, int]:
    try:
        found = (where / "meta.json").stat()
    except OSError as error:
        raise folder.Unusable("the index folder is gone") from error
    return found.st_mtime_ns, found.st_ino


def _unchanged(old: View) -> bool:
    try:
        return all((old.where / name).stat().st_size == size for name, size in old.sizes.items())
    except OSError:
        return False
