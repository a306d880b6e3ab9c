"""Jittered MNIST: every digit somewhere on 36x36 pixels, at one of 9x9 places (section 4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.datasets import Images

SHIFTS = 9  # -4 .. 4 pixels, both ways


@dataclass(frozen=True)
class Jittered:
    """pixels: bytes (n, 36 * 36).  places: row * 9 + column of the translation, (n,).

    labels: (n,).
    """

    pixels: Tensor
    places: Tensor
    labels: Tensor

    def batches(self, order: Tensor, size: int, device: str) -> Iterator[tuple[Tensor, Tensor]]:
        """Images (batch, 36 * 36) in [0, 1] and labels (batch,), in that order."""
        for part in order.split(size):
            yield self.pixels[part].to(device).float() / 255, self.labels[part].to(device)


def jittered(images: Images, generator: torch.Generator) -> Jittered:
    """Each image once, translated by up to 4 pixels, all places equally likely."""
    digits = (images.x[:, 0] * 255).round().byte()  # (n, 28, 28)
    places = torch.randint(SHIFTS * SHIFTS, (len(digits),), generator=generator)
    height, width = digits.shape[1], digits.shape[2]
    pixels = digits.new_zeros(len(digits), height + SHIFTS - 1, width + SHIFTS - 1)
    for place in range(SHIFTS * SHIFTS):
        down, right = divmod(place, SHIFTS)
        chosen = (places == place).nonzero().flatten()
        pixels[chosen, down : down + height, right : right + width] = digits[chosen]
    return Jittered(pixels.flatten(start_dim=1), places, images.y)
