"""MNIST and Fashion-MNIST: four IDX files each, under the same four names.

magic   2 zero bytes, the type (8: unsigned bytes), the number of dimensions
sizes   one big-endian 32-bit integer a dimension
values  in C order
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from reproductions.protocol import DataMissing

from .files import all_checked
from .images import Images, Split, held_out

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"

MNIST: Mapping[str, str] = {
    TRAIN_IMAGES: "6bbc9ace898e44ae57da46a324031adb",
    TRAIN_LABELS: "a25bea736e30d166cdddb491f175f624",
    TEST_IMAGES: "2646ac647ad5339dbf082846283269ea",
    TEST_LABELS: "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 of the unpacked files."""

FASHION_MNIST: Mapping[str, str] = {
    TRAIN_IMAGES: "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    TRAIN_LABELS: "9018921c3c673c538a1fc5bad174d6f9",
    TEST_IMAGES: "8181f5470baa50b63fa0f6fddb340f0a",
    TEST_LABELS: "15d484375f8d13e6eb1aabb0c3f46965",
}
"""MD5 of the unpacked files of the Debian package dataset-fashion-mnist."""


def mnist(folder: Path | None) -> Split:
    """MNIST (LeCun and Cortes): 55 000 images of 28x28 to train, 5000 to choose, 10 000 to test.

    Raises DataMissing.
    """
    return _split(all_checked(MNIST, folder, what="MNIST"))


def fashion_mnist(folder: Path | None) -> Split:
    """Fashion-MNIST (Zalando, MIT licence), split as MNIST.  Raises DataMissing."""
    return _split(all_checked(FASHION_MNIST, folder, what="Fashion-MNIST"))


def _split(files: Mapping[str, bytes]) -> Split:
    train, test = (
        Images(
            torch.from_numpy(read_idx(files[images]))[:, None].float() / 255,
            torch.from_numpy(read_idx(files[labels])).long(),
        )
        for images, labels in ((TRAIN_IMAGES, TRAIN_LABELS), (TEST_IMAGES, TEST_LABELS))
    )
    return held_out(train, test)


def read_idx(content: bytes) -> np.ndarray:
    """The array of an IDX file of unsigned bytes.  Raises DataMissing when it is none."""
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DataMissing("an IDX file of unsigned bytes begins with 00 00 08")
    dimensions = content[3]
    shape = tuple(int(size) for size in np.frombuffer(content, ">i4", dimensions, 4))
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
    if values.size != int(np.prod(shape)):
        raise DataMissing(f"an IDX file promises {shape} and holds {values.size} values")
    return values.reshape(shape).copy()
