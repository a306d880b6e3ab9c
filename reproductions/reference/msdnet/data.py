"""Images: the digits of scikit-learn, or CIFAR-10 in its binary version from ``--data``."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from reproductions.protocol import DataMissing

NOISE = 0.25


@dataclass(frozen=True)
class Split:
    """images (n, channels, height, width), labels (n,)."""

    images: Tensor
    labels: Tensor


def digits(seed: int) -> tuple[Split, Split, Split]:
    """Train, validation and test digits, 1x8x8: 50, 20 and 30 per cent by chance.

    Pixels lie in 0..1 before Gaussian noise of NOISE is added, once, to every image: clean digits
    are so easy that the first exit already gets everything and there is nothing to trade.
    """
    from sklearn.datasets import load_digits  # a real data set that needs no download

    pixels, targets = load_digits(return_X_y=True)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(targets), generator=generator)
    images = torch.tensor(pixels, dtype=torch.float32)[order].view(-1, 1, 8, 8) / 16
    images = images + NOISE * torch.randn(images.shape, generator=generator)
    labels = torch.tensor(targets)[order]
    ends = (0, int(0.5 * len(labels)), int(0.7 * len(labels)), len(labels))
    first, second, third = (
        Split(images[start:end], labels[start:end]) for start, end in pairwise(ends)
    )
    return first, second, third


RECORD = 1 + 3 * 32 * 32
MEAN = torch.tensor([0.4914, 0.4824, 0.4467]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.2471, 0.2435, 0.2616]).view(1, 3, 1, 1)


def cifar10(folder: Path | None) -> tuple[Split, Split, Split]:
    """45,000 training, 5,000 validation and 10,000 test images, 3x32x32, standardised.

    Expects ``cifar-10-batches-bin/data_batch_1.bin`` to ``_5.bin`` and ``test_batch.bin``.
    Raises DataMissing if they are not there.
    """
    home = folder / "cifar-10-batches-bin" if folder else None
    names = [f"data_batch_{index}.bin" for index in range(1, 6)]
    if home is None or not all((home / name).is_file() for name in (*names, "test_batch.bin")):
        raise DataMissing(
            "CIFAR-10, binary version: --data DIR with DIR/cifar-10-batches-bin/data_batch_*.bin"
        )
    training = [_read(home / name) for name in names]
    images = torch.cat([split.images for split in training])
    labels = torch.cat([split.labels for split in training])
    cut = len(labels) * 9 // 10
    return (
        Split(images[:cut], labels[:cut]),
        Split(images[cut:], labels[cut:]),
        _read(home / "test_batch.bin"),
    )


def _read(path: Path) -> Split:
    records = np.fromfile(path, dtype=np.uint8).reshape(-1, RECORD)
    images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32)) / 255
    return Split((images - MEAN) / DEVIATION, torch.from_numpy(records[:, 0].astype(np.int64)))
