"""Images with labels, their split, and the small digits of scikit-learn."""

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor


@dataclass(frozen=True)
class Images:
    """x: (n, channels, height, width) in [0, 1].  y: labels (n,)."""

    x: Tensor
    y: Tensor

    def __len__(self) -> int:
        return len(self.y)

    def first(self, count: int) -> "Images":
        """The first `count` images."""
        return Images(self.x[:count], self.y[:count])


@dataclass(frozen=True)
class Split:
    """Thresholds are chosen on `validation`; `test` is looked at once."""

    train: Images
    validation: Images
    test: Images


def held_out(train: Images, test: Images, kept: int = 5000) -> Split:
    """The last `kept` training images become the validation images."""
    return Split(
        Images(train.x[:-kept], train.y[:-kept]), Images(train.x[-kept:], train.y[-kept:]), test
    )


def digits(seed: int) -> Split:
    """1797 images of 8x8 in [0, 1]: 952 to train, 305 to choose, 540 to test; stratified."""
    pixels, labels = load_digits(return_X_y=True)
    x = torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8)
    y = torch.tensor(labels)
    rest, test = train_test_split(np.arange(len(y)), test_size=540, stratify=y, random_state=seed)
    train, validation = train_test_split(rest, test_size=305, stratify=y[rest], random_state=seed)
    return Split(*(Images(x[part], y[part]) for part in (train, validation, test)))
