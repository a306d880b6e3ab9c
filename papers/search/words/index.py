"""The index on disk: generations beside each other, one of them current, all checked.

    <KB_INDEX_DIR>/current          name of the generation that readers use
    <KB_INDEX_DIR>/writer.lock      held by the one process that writes
    <KB_INDEX_DIR>/g-…/             files of tantivy, and follow.json (how far it has followed)

A rebuild writes a new generation beside the old one and switches by one atomic rename.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.conf import settings
from tantivy import Index

from papers.models import Paper
from papers.search.words import changes
from papers.search.words.entries import all_entries, entries
from papers.search.words.schema import document, fingerprint, prepare, schema, shape

_PARTS = ("idx", "pos", "term", "fast", "fieldnorm", "store")
_FOOTER_BYTES = 8
_FOOTER_MAGIC = 1337

# By how much a time may lie ahead that this machine has written a moment ago.
CLOCK_SECONDS = 1.0
WRITER_BYTES = 64_000_000
# A rebuild takes more, 5 kB a paper: what is written at once is one segment, and every question
# is put to each segment by itself.
MOST_BUILD_BYTES, BUILD_SHARE = 640_000_000, 1 / 16  # of the machine's memory
AT_ONCE = 500

Progress = Callable[[int, int], None]


class Unusable(Exception):
    """There is no index to answer from; the text says why."""


def home() -> Path:
    """The folder of the index."""
    return Path(settings.KB_INDEX_DIR)


@contextmanager
def writer_lock(*, wait: bool = False) -> Iterator[bool]:
    """Be the one writer on this machine. Yields False at once if another is, unless `wait`."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "writer.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def current_folder() -> Path:
    """The generation in use. Raises Unusable if there is none."""
    try:
        name = (home() / "current").read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable("there is no index yet") from error
    folder = home() / Path(name).name
    if not name.startswith("g-") or not folder.is_dir():
        raise Unusable("the index folder is gone")
    return folder


def new_folder() -> Path:
    """An empty generation, not yet in use."""
    folder = home() / f"g-{uuid.uuid4().hex[:12]}"
    folder.mkdir(parents=True)
    return folder


def make_current(folder: Path) -> None:
    """Switch every reader to this generation, then remove the others."""
    pointer = home() / f"current-{os.getpid()}"
    pointer.write_text(folder.name)
    pointer.replace(home() / "current")
    for old in home().glob("g-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def create(folder: Path) -> Index:
    """A new, empty index in the folder."""
    return prepare(Index(schema(), path=str(folder)))


def open_index(folder: Path) -> Index:
    """The index in the folder. Raises Unusable if it is damaged or written by other code."""
    check(folder)
    try:
        return prepare(Index.open(str(folder)))
    except Exception as error:
        raise Unusable(f"the index cannot be opened ({error})") from error


# --- how far it has followed ---


def read_follow(folder: Path) -> dict[str, object]:
    """What was last written by write_follow; empty if nothing readable was."""
    try:
        kept = json.loads((folder / "follow.json").read_text())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_follow(folder: Path, state: dict[str, object]) -> None:
    """Say, atomically, how far the index has followed the change sequence."""
    part = folder / f"follow-{os.getpid()}"
    part.write_text(json.dumps({**state, "fingerprint": fingerprint(), "shape": shape()}))
    part.replace(folder / "follow.json")


def is_filled_by_this_code(folder: Path) -> bool:
    """Whether this code would read the same of each paper into the index."""
    return read_follow(folder).get("fingerprint") == fingerprint()


# --- damage ---


def segment_files(folder: Path) -> dict[str, int]:
    """Sizes of the files that the index consists of now. Raises Unusable if it says nonsense."""
    try:
        segments = json.loads((folder / "meta.json").read_text())["segments"]
        sizes = {}
        for segment in segments:
            stem = str(segment["segment_id"]).replace("-", "")
            names = [f"{stem}.{part}" for part in _PARTS]
            if segment["deletes"]:
                names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
            sizes.update({name: (folder / name).stat().st_size for name in names})
        return sizes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable("the index is damaged (its list of files)") from error


def deleted(folder: Path) -> int:
    """How many papers left the index without its having been written anew.

    Raises Unusable if it says nonsense.
    """
    try:
        segments = json.loads((folder / "meta.json").read_text())["segments"]
        return sum(
            segment["deletes"]["num_deleted_docs"] for segment in segments if segment["deletes"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable("the index is damaged (its list of files)") from error


_checked: dict[tuple[str, str], int] = {}


def check(folder: Path) -> None:
    """Compare every file with its own checksum, each file once a process.

    Index files never change once written. Mapping a shortened one into memory would kill the
    process at the first read, hence the look beforehand. Raises Unusable, also when the index has
    other fields than this code asks for.
    """
    if read_follow(folder).get("shape") != shape():
        raise Unusable("the index was written by another version")
    for name, size in segment_files(folder).items():
        if _checked.get((str(folder), name)) == size:
            continue
        if not _sound(folder / name):
            raise Unusable(f"the index is damaged ({name.rsplit('.', 1)[-1]} file)")
        _checked[str(folder), name] = size


def _sound(path: Path) -> bool:
    """Whether the checksum in the footer that tantivy writes fits the rest of the file."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    length = int.from_bytes(content[-8:-4], "little")
    if (
        int.from_bytes(content[-4:], "little") != _FOOTER_MAGIC
        or length > len(content) - _FOOTER_BYTES
    ):
        return False
    try:
        footer = json.loads(content[-_FOOTER_BYTES - length : -_FOOTER_BYTES])
        return zlib.crc32(memoryview(content)[: -_FOOTER_BYTES - length]) == footer["crc"]  # type: ignore[no-any-return]
    except (ValueError, KeyError, TypeError):
        return False


# --- writing: from nothing, and by following changes ---


def rebuild_index(progress: Progress | None = None) -> int:
    """Write a new index beside the old one and switch to it; waits for another writer.

    progress(done, total) is called after each batch. Returns the number of papers.
    """
    with writer_lock(wait=True):
        return build_beside(progress)


def build_beside(progress: Progress | None = None) -> int:
    """The same, for a caller that holds the writer lock."""
    target = new_folder()
    try:
        position = changes.now()
        total, done = Paper.objects.count(), 0
        index = create(target)
        writer = index.writer(heap_size=_build_bytes(), num_threads=1)
        for batch in all_entries():
            for entry in batch:
                writer.add_document(document(entry))
            done += len(batch)
            if progress:
                progress(done, total)
        writer.commit()
        writer.wait_merging_threads()
        write_follow(target, position.to_json())
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    make_current(target)
    return done


def _build_bytes() -> int:
    """Memory that a rebuild may take; the smallest machine builds as it follows."""
    share = int(psutil.virtual_memory().total * BUILD_SHARE)
    return max(WRITER_BYTES, min(share, MOST_BUILD_BYTES))


def catch_up(progress: Progress | None = None) -> int:
    """Apply what changed, or rebuild where following is impossible. Holds the writer lock.

    Returns the number of papers written.
    """
    try:
        where = current_folder()
        check(where)
        position = changes.Position.from_json(read_follow(where))
        if position is None:
            raise Unusable("the index does not say how far it has followed")
        if not is_filled_by_this_code(where):
            return build_beside(progress)  # meanwhile it answers as its writer read the papers
        pending = changes.since(position)
        if pending.is_everything:
            return build_beside(progress)
        if pending.paper_ids:
            _apply(open_index(where), pending.paper_ids)
    except (Unusable, changes.Lost):
        return build_beside(progress)
    write_follow(where, pending.after.to_json())
    return len(pending.paper_ids)


def has_drifted(where: Path) -> bool:
    """Whether the index holds another number of papers than the database, though it caught up."""
    return open_index(where).searcher().num_docs != Paper.objects.count()


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
    """Seconds since the index last looked at the change sequence; None if it never did, or by a
    clock that was set back since then: such a look would count as the newest for as long."""
    position = changes.Position.from_json(read_follow(where))
    behind = None if position is None else time.time() - position.at
    return None if behind is None or behind < -CLOCK_SECONDS else max(behind, 0.0)
