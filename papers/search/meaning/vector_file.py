"""Vectors of papers in files of this machine, mapped into memory and shared by its processes.

    <KB_INDEX_DIR>/vectors/current    name of the generation that readers use
    <KB_INDEX_DIR>/vectors/v-…/       of one encoder, both files only ever appended to:
        papers     a record a paper: of which text its vectors are, where they stand, their checksum
        vectors    float16, (1 + passages, dimensions) of each paper, that of the whole first

A search compares some hundred papers, by half a megabyte of vectors, which took longer to come out
of PostgreSQL than to be compared. PostgreSQL stays what is true: a search asks it of which text
each paper's vectors are, and takes from here only those of that text that agree with their
checksum. What is not here comes from there, and the follower adds it when it next looks.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import threading
import time
import uuid
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from papers.models import PaperEmbedding
from papers.search.meaning import encoder

HASH_CHARACTERS = 16  # of the hash of a text: 64 bits tell two texts of one paper apart
LOOK_AGAIN_SECONDS = 5.0  # at files that grow
BATCH = 500
_RECORD = np.dtype(
    [("paper", "<i8"), ("text", f"S{HASH_CHARACTERS}"), ("first", "<i8"), ("rows", "<i4"),
     ("checksum", "<u4")]
)  # fmt: skip
_HALF = np.dtype("<f2")

Vector = NDArray[np.float32]


def home() -> Path:
    """The folder of all generations."""
    return Path(settings.KB_INDEX_DIR) / "vectors"


class VectorFile:
    """One state of the files; papers are known by the places of their records.

    Raises OSError or ValueError if there is nothing to read.
    """

    def __init__(self, folder: Path, dimensions: int) -> None:
        self.folder, self.dimensions, self.opened_at = folder, dimensions, time.monotonic()
        self._maps = {name: _mapped(folder / name) for name in ("papers", "vectors")}
        self.sizes = {name: len(mapped) for name, mapped in self._maps.items()}
        count = self.sizes["papers"] // _RECORD.itemsize
        records = np.frombuffer(self._maps["papers"], _RECORD, count)
        rows = self.sizes["vectors"] // (dimensions * _HALF.itemsize)
        whole = records[records["first"] + records["rows"] <= rows]  # a writer may have been killed
        newest = whole[np.argsort(whole["paper"], kind="stable")]
        last = np.append(newest["paper"][1:] != newest["paper"][:-1], True)[: len(newest)]
        self.records = newest[last]
        self._papers = np.ascontiguousarray(self.records["paper"])
        self.vectors = np.frombuffer(self._maps["vectors"], _HALF, rows * dimensions)
        self.vectors = self.vectors.reshape(rows, dimensions)
        self._sound = np.zeros(len(self.records), np.int8)  # 1: agrees with its checksum, -1: not

    def is_as_opened(self) -> bool:
        """Whether the files are at least as long as when they were mapped: shorter ones must not
        be read."""
        try:
            return all(
                (self.folder / name).stat().st_size >= size for name, size in self.sizes.items()
            )
        except OSError:
            return False

    def has_grown(self) -> bool:
        """Whether there are records that this does not know."""
        return (self.folder / "papers").stat().st_size > self.sizes["papers"]

    def places(self, texts: Mapping[int, str]) -> dict[int, int]:
        """For those papers whose vectors are here and of the same text, where their records are.

        texts: by paper id, the beginning of the hash of its text.
        """
        if not texts or not len(self._papers):
            return {}
        ids = np.fromiter(texts.keys(), np.int64, len(texts))
        wanted = np.array(list(texts.values()), f"S{HASH_CHARACTERS}")
        at = np.minimum(np.searchsorted(self._papers, ids), len(self._papers) - 1)
        same = (self._papers[at] == ids) & (self.records["text"][at] == wanted)
        for place in at[same & (self._sound[at] == 0)]:
            self._sound[place] = 1 if self._agrees(int(place)) else -1
        same &= self._sound[at] == 1
        return dict(zip(ids[same].tolist(), at[same].tolist(), strict=True))

    def _agrees(self, place: int) -> bool:
        record = self.records[place]
        first = int(record["first"])
        rows = self.vectors[first : first + int(record["rows"])]
        return zlib.crc32(rows.data) == int(record["checksum"])

    def cosines(self, vector: Vector, places: Collection[int]) -> list[float]:
        """Cosine of the whole of each paper, as PostgreSQL has it: with the question in halves."""
        question = vector.astype(_HALF).astype(np.float32)
        first = self.records["first"][np.fromiter(places, np.int64, len(places))]
        wholes = self.vectors[first].astype(np.float32)
        lengths = np.sqrt(np.einsum("ij,ij->i", wholes, wholes) * (question @ question))
        return ((wholes @ question) / lengths).tolist()  # type: ignore[no-any-return]

    def best_passages(self, vector: Vector, places: Collection[int]) -> list[float | None]:
        """Cosine of the best passage of each paper; None for a paper without any."""
        records = self.records[np.fromiter(places, np.int64, len(places))]
        counts = records["rows"].astype(np.int64) - 1
        starts = np.cumsum(counts) - counts
        rows = np.repeat(records["first"] + 1 - starts, counts) + np.arange(int(counts.sum()))
        best: list[float | None] = [None] * len(records)
        having = np.flatnonzero(counts)
        if len(having):
            cosines = self.vectors[rows].astype(np.float32) @ vector
            highest = np.maximum.reduceat(cosines, starts[having]).tolist()
            for place, cosine in zip(having.tolist(), highest, strict=True):
                best[place] = cosine
        return best


def _mapped(file: Path) -> Any:
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


# --- the files of this process ---

_file: VectorFile | None = None
_lock = threading.Lock()


def vector_file(dimensions: int) -> VectorFile | None:
    """The files of the chosen encoder as they are now; None while there are none to trust."""
    global _file
    with _lock:
        try:
            folder = home() / (home() / "current").read_text().strip()
            if not _is_of_chosen(folder):
                _file = None
            elif not (_file and _is_level(_file, folder, dimensions)):
                _file = None  # also if it cannot be opened
                _file = VectorFile(folder, dimensions)
        except (OSError, ValueError):
            _file = None
        return _file


def _is_level(opened: VectorFile, folder: Path, dimensions: int) -> bool:
    """Whether what is open is what lies there, or grew only a moment ago."""
    return (
        (opened.folder, opened.dimensions) == (folder, dimensions)
        and opened.is_as_opened()
        and (time.monotonic() < opened.opened_at + LOOK_AGAIN_SECONDS or not opened.has_grown())
    )


def forget() -> None:
    """Open the files again when they are next asked for."""
    global _file
    with _lock:
        _file = None


def _is_of_chosen(folder: Path) -> bool:
    return folder.name.startswith(f"v-{_slug()}-")  # then dimensions, then a number


def _slug() -> str:
    """Stands for the chosen encoder in names of folders."""
    return hashlib.sha256(encoder.chosen().encode()).hexdigest()[:12]


# --- writing; by whoever holds the index's writer lock ---

_written_of: tuple[str, object] | None = None


def fill(*, most: int | None = None, anew: bool = False) -> int:
    """Add the vectors that are not here yet; returns of how many papers.

    most: of so many papers at a time. anew: look even if no vector was written since this process
    last looked. Where more than half of the files is of former texts they are written again. The
    caller holds the writer lock.
    """
    global _written_of
    state = (str(home()), _writes())
    if state == _written_of and not anew and (home() / "current").is_file():
        return 0
    texts = _texts()
    folder, known = _present()
    missing = [pk for pk, text in texts.items() if known.get(pk) != text.encode()]
    dead = _records(folder) - (len(texts) - len(missing)) if folder else 0
    if folder is None or dead > max(len(texts), BATCH):
        folder, missing = None, list(texts)
    added = missing[:most]
    for batch in _batches(added):
        folder = folder or _new_folder(len(as_array(batch[0].vector)))
        _append(folder, batch)
    if folder and _current() != folder:
        _make_current(folder)
    _written_of = state if len(added) == len(missing) else None
    return len(added)


def _new_folder(dimensions: int) -> Path:
    folder = home() / f"v-{_slug()}-{dimensions}-{uuid.uuid4().hex[:12]}"
    folder.mkdir(parents=True)
    return folder


def _writes() -> object:
    """Changes whenever vectors are written, as far as PostgreSQL counts; None if it does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relid = %s::regclass",
            [PaperEmbedding._meta.db_table],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _texts() -> dict[int, str]:
    """Of which text the vectors of each paper are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper_id, left(text_hash, %s) FROM papers_paperembedding WHERE encoder = %s",
            [HASH_CHARACTERS, encoder.chosen()],
        )
        return dict(cursor.fetchall())


def _present() -> tuple[Path | None, dict[int, bytes]]:
    """The generation in use, and of which text it has each paper; None where there is none."""
    folder = _current()
    if folder is None or not _is_of_chosen(folder):
        return None, {}
    try:
        opened = VectorFile(folder, int(folder.name.split("-")[2]))
    except (OSError, ValueError, IndexError):
        return None, {}
    return folder, dict(zip(opened.records["paper"].tolist(), opened.records["text"], strict=True))


def _current() -> Path | None:
    try:
        return home() / (home() / "current").read_text().strip()
    except OSError:
        return None


def _records(folder: Path) -> int:
    return (folder / "papers").stat().st_size // _RECORD.itemsize


def _batches(paper_ids: list[int]) -> Iterator[list[PaperEmbedding]]:
    rows = PaperEmbedding.objects.filter(encoder=encoder.chosen())
    for start in range(0, len(paper_ids), BATCH):
        batch = list(rows.filter(paper__in=paper_ids[start : start + BATCH]).order_by("paper"))
        if batch:  # not all deleted meanwhile
            yield batch


def _append(folder: Path, rows: Iterable[PaperEmbedding]) -> None:
    """Vectors first, then the records that speak of them, each file from a whole row on."""
    with (folder / "vectors").open("ab") as vectors, (folder / "papers").open("ab") as papers:
        for row in rows:
            whole = as_array(row.vector).astype(_HALF).tobytes()
            block = whole + bytes(row.passages or b"")
            _pad(vectors, len(whole))
            record = (
                row.paper_id, row.text_hash[:HASH_CHARACTERS].encode(),
                vectors.tell() // len(whole), len(block) // len(whole), zlib.crc32(block),
            )  # fmt: skip
            vectors.write(block)
            _pad(papers, _RECORD.itemsize)
            papers.write(np.array(record, _RECORD).tobytes())
        vectors.flush()  # before the records, which are flushed when the file is closed
        os.fsync(vectors.fileno())


def as_array(stored: Any) -> Vector:
    """(dimensions,) of a vector as it comes from the database, which depends on its driver."""
    return np.asarray(stored.to_list() if hasattr(stored, "to_list") else stored, np.float32)


def _pad(file: Any, size: int) -> None:
    """Go on at a multiple of `size`: a writer that was killed may have left part of a row."""
    left = file.tell() % size
    if left:
        file.write(bytes(size - left))


def _make_current(folder: Path) -> None:
    pointer = home() / f"current-{os.getpid()}"
    pointer.write_text(folder.name)
    pointer.replace(home() / "current")
    for old in home().glob("v-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
