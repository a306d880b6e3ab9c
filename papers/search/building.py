"""Writing the index: from nothing, and by following changes. One writer a machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tantivy import Index

from papers.models import Paper
from papers.search import changes, folder
from papers.search.entries import all_entries, entries
from papers.search.schema import document

WRITER_BYTES = 64_000_000
AT_ONCE = 500

Progress = Callable[[int, int], None]


def rebuild_index(progress: Progress | None = None) -> int:
    """Write a new index beside the old one and switch to it; waits for another writer.

    progress(done, total) is called after each batch. Returns the number of papers.
    """
    with folder.writer_lock(wait=True):
        return build_beside(progress)


def build_beside(progress: Progress | None = None) -> int:
    """The same, for a caller that holds the writer lock."""
    target = folder.new_folder()
    try:
        position = changes.now()
        total, done = Paper.objects.count(), 0
        index = folder.create(target)
        writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for batch in all_entries():
            for entry in batch:
                writer.add_document(document(entry))
            done += len(batch)
            if progress:
                progress(done, total)
        writer.commit()
        writer.wait_merging_threads()
        folder.write_follow(target, position.to_json())
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    folder.make_current(target)
    return done


def catch_up(progress: Progress | None = None) -> int:
    """Apply what changed, or rebuild where following is impossible. Holds the writer lock.

    Returns the number of papers written.
    """
    try:
        where = folder.current_folder()
        folder.check(where)
        position = changes.Position.from_json(folder.read_follow(where))
        if position is None:
            raise folder.Unusable("the index does not say how far it has followed")
        pending = changes.since(position)
        if pending.is_everything:
            return build_beside(progress)
        if pending.paper_ids:
            _apply(folder.open_index(where), pending.paper_ids)
    except (folder.Unusable, changes.Lost):
        return build_beside(progress)
    folder.write_follow(where, pending.after.to_json())
    return len(pending.paper_ids)


def has_drifted(where: Path) -> bool:
    """Whether the index holds another number of papers than the database, though it caught up."""
    return folder.open_index(where).searcher().num_docs != Paper.objects.count()


def _apply(index: Index, paper_ids: tuple[int, ...]) -> None:
    """Write the papers as they are now; those that are gone leave the index."""
    writer = index.writer(heap_size=WRITER_BYTES, num_threads=1)
    try:
        for start in range(0, len(paper_ids), AT_ONCE):
            batch = paper_ids[start : start + AT_ONCE]
            for paper_id in batch:
                writer.delete_documents_by_term("paper_id", paper_id)
            for entry in entries(batch):
                writer.add_document(document(entry))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def seconds_behind(where: Path) -> float | None:
    """Seconds since the index last looked at the change sequence; None if it never did."""
    position = changes.Position.from_json(folder.read_follow(where))
    return None if position is None else max(time.time() - position.at, 0.0)
