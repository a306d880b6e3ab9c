"""The three data sets: digits from scikit-learn; MNIST and CIFAR-10 from files you bring."""

import gzip
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor

from reproductions.protocol import DataMissing


@dataclass(frozen=True)
class Images:
    """Images (n, channels, height, width) and labels (n,)."""

    x: Tensor
    y: Tensor


@dataclass(frozen=True)
class Split:
    """Thresholds are chosen on `validation`; `test` is looked at once."""

    train: Images
    validation: Images
    test: Images


def digits(seed: int) -> Split:
    """1797 images of 8x8 in [0, 1]: 952 to train, 305 to choose, 540 to test; stratified."""
    pixels, labels = load_digits(return_X_y=True)
    x = torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8)
    y = torch.tensor(labels)
    rest, test = train_test_split(np.arange(len(y)), test_size=540, stratify=y, random_state=seed)
    train, validation = train_test_split(rest, test_size=305, stratify=y[rest], random_state=seed)
    return Split(*(Images(x[part], y[part]) for part in (train, validation, test)))


def mnist(folder: Path | None) -> Split:
    """MNIST as distributed (four idx files, packed or not), in ``folder`` or below it.

    The last 5000 training images choose the threshold.  Raises DataMissing.
    """
    wanted = "MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte and the two t10k files"
    parts = []
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        found = sorted(folder.rglob(f"{name}-ubyte*")) if folder else []
        if not found:
            raise DataMissing(wanted)
        parts.append(_idx(found[0]))
    images = [torch.tensor(part, dtype=torch.float32)[:, None] / 255 for part in parts[::2]]
    labels = [torch.tensor(part, dtype=torch.long) for part in parts[1::2]]
    return _held_out(Images(images[0], labels[0]), Images(images[1], labels[1]))


def cifar10(folder: Path | None) -> Split:
    """CIFAR-10 in its Python layout (``cifar-10-batches-py/data_batch_1`` ...), standardised.

    The last 5000 training images choose the threshold.  Raises DataMissing.
    """
    found = sorted(folder.rglob("cifar-10-batches-py")) if folder else []
    if not found:
        raise DataMissing("CIFAR-10: cifar-10-batches-py/ with data_batch_1..5 and test_batch")
    names = [f"data_batch_{number}" for number in range(1, 6)]
    train = [_cifar_batch(found[0] / name) for name in names]
    x = torch.cat([batch.x for batch in train])
    test = _cifar_batch(found[0] / "test_batch")
    mean, scale = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    labels = torch.cat([batch.y for batch in train])
    return _held_out(
        Images((x - mean) / scale, labels),
        Images((test.x - mean) / scale, test.y),
    )


def _held_out(train: Images, test: Images, kept: int = 5000) -> Split:
    return Split(
        Images(train.x[:-kept], train.y[:-kept]), Images(train.x[-kept:], train.y[-kept:]), test
    )


def _idx(path: Path) -> np.ndarray:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">i4", count=dimensions, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape).copy()


def _cifar_batch(path: Path) -> Images:
    with path.open("rb") as file:
        batch = pickle.load(file, encoding="bytes")  # noqa: S301 - the reader's own data set
    x = torch.tensor(batch[b"data"], dtype=torch.float32).view(-1, 3, 32, 32) / 255
    return Images(x, torch.tensor(batch[b"labels"]))
