"""CIFAR-10 and CIFAR-100 in their binary layout; the python layout is a pickle and is refused.

A record is the label (CIFAR-100: the coarse one, then the fine one) and 3072 bytes: the red plane,
the green one, the blue one, each 32x32 in row order.
"""

import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from reproductions.protocol import DataMissing

from .files import digest, named
from .images import Images, Split, held_out

PIXELS = 3 * 32 * 32


@dataclass(frozen=True)
class Layout:
    """Where the records of one of the two lie.  md5: of the archive as distributed."""

    what: str
    archive: str
    md5: str
    folder: str
    train: Sequence[str]
    test: str
    labels: int
    classes: int
    pickled: str


CIFAR10 = Layout(
    what="CIFAR-10",
    archive="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    folder="cifar-10-batches-bin",
    train=tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
    test="test_batch.bin",
    labels=1,
    classes=10,
    pickled="cifar-10-batches-py",
)
CIFAR100 = Layout(
    what="CIFAR-100",
    archive="cifar-100-binary.tar.gz",
    md5="03b5dce01913d631647c71ecec9e9cb8",
    folder="cifar-100-binary",
    train=("train.bin",),
    test="test.bin",
    labels=2,
    classes=100,
    pickled="cifar-100-python",
)


def cifar10(folder: Path | None) -> Split:
    """45 000 colour images of 32x32 to train, 5000 to choose, 10 000 to test.

    Raises DataMissing.
    """
    return _split(CIFAR10, folder)


def cifar100(folder: Path | None) -> Split:
    """As CIFAR-10, with the hundred fine labels; raises DataMissing."""
    return _split(CIFAR100, folder)


def _split(layout: Layout, folder: Path | None) -> Split:
    files = _files(layout, folder)
    train = _images(b"".join(files[:-1]), layout, count=50_000)
    return held_out(train, _images(files[-1], layout, count=10_000))


def _files(layout: Layout, folder: Path | None) -> list[bytes]:
    """The training files, then the test file: from the archive, or from its unpacked folder."""
    names = [*layout.train, layout.test]
    for archive in named(layout.archive, folder):
        if digest(archive.read_bytes()) != layout.md5:
            raise DataMissing(f"{layout.what}: {layout.archive} is there, and is another file")
        with tarfile.open(archive) as members:
            files = [members.extractfile(f"{layout.folder}/{name}") for name in names]
            return [member.read() for member in files if member is not None]
    for place in named(layout.folder, folder):
        if all((place / name).is_file() for name in names):
            return [(place / name).read_bytes() for name in names]
    layout_wanted = f"{layout.archive}, or {layout.folder}/ with {', '.join(names)}"
    if any(named(layout.pickled, folder)):
        raise DataMissing(
            f"{layout.what}: {layout.pickled} holds pickles, which run the code of whoever made "
            f"them and are not opened; bring the binary layout: {layout_wanted}"
        )
    raise DataMissing(f"{layout.what}: {layout_wanted}")


def _images(content: bytes, layout: Layout, *, count: int) -> Images:
    """Records to images.  What an unpacked folder holds is known by its size and its balance."""
    size = layout.labels + PIXELS
    if len(content) != count * size:
        raise DataMissing(f"{layout.what}: {count} records of {size} bytes, not {len(content)}")
    records = np.frombuffer(content, np.uint8).reshape(count, size)
    labels = records[:, layout.labels - 1].astype(np.int64)
    each = np.bincount(labels, minlength=layout.classes)
    if len(each) != layout.classes or (each != count // layout.classes).any():
        raise DataMissing(f"{layout.what}: every class has {count // layout.classes} images")
    pixels = torch.from_numpy(records[:, layout.labels :].copy())
    return Images(pixels.view(count, 3, 32, 32).float() / 255, torch.from_numpy(labels))
