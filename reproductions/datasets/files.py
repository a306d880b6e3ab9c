"""Finding the files of a data set, and telling them from others of the same name."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from reproductions.protocol import DataMissing

PACKAGED = (Path("/usr/share/datasets"),)
"""Where packages of the system put data sets."""

DEPTH = 3
"""How many folders below the given one are looked at; real data sets have millions of files."""


def places(folder: Path | None) -> list[Path]:
    """The reader's folder first, then what packages ship; only those that exist."""
    given = [folder] if folder is not None else []
    return [place for place in (*given, *PACKAGED) if place.is_dir()]


def named(name: str, folder: Path | None) -> Iterator[Path]:
    """Files or folders of that name in the places, shallow ones first."""
    for place in places(folder):
        for depth in range(DEPTH):
            yield from sorted(place.glob("*/" * depth + name))


def unpacked(path: Path) -> bytes:
    """The content of a file, gunzipped where its name ends in ``.gz``."""
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


def checked(name: str, md5: str, folder: Path | None, *, what: str) -> bytes:
    """The unpacked content of the file of that name, or name.gz, whose MD5 is `md5`.

    what: the data set in words, for the sentence.  Raises DataMissing when no such file is there,
    and says so when one is there with other content.
    """
    others = 0
    for path in (*named(name, folder), *named(f"{name}.gz", folder)):
        content = unpacked(path)
        if digest(content) == md5:
            return content
        others += 1
    if others:
        raise DataMissing(f"{what}: {name} is there, with other content than that of {what}")
    raise DataMissing(f"{what}: {name} (packed or not) in the folder of data, or below it")


def all_checked(sums: Mapping[str, str], folder: Path | None, *, what: str) -> dict[str, bytes]:
    """The content of several files by name; see :func:`checked`."""
    return {name: checked(name, md5, folder, what=what) for name, md5 in sums.items()}


def digest(content: bytes) -> str:
    """MD5, the digest under which the old data sets are known; it guards against mix-ups."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
