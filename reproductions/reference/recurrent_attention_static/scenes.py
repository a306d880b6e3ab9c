"""Scenes made of digits: one somewhere on an empty canvas, with or without clutter (section 4.1).

Made anew for every epoch, so that hardly any scene is seen twice: "the effective training set is
the number of digits times that of places".
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.datasets import Images

DIGIT, PIECE = 28, 8
CHUNK = 2000
"""Scenes made at a time; of 100 x 100 pixels they take 80 MB."""


@dataclass(frozen=True)
class Task:
    """Digits as they are (`side` 28), or laid on side x side pixels among `pieces` of others."""

    name: str
    side: int
    pieces: int = 0

    def scenes(self, digits: Images, noise: torch.Generator) -> Tensor:
        """One scene of each digit; (n, 1, side, side)."""
        if self.side == DIGIT:
            return digits.x
        canvas = torch.zeros(len(digits), 1, self.side, self.side)
        paste(canvas, digits.x, corners(len(digits), self.side - DIGIT, noise))
        for _ in range(self.pieces):
            others = digits.x[torch.randint(len(digits), (len(digits),), generator=noise)]
            piece = cropped(others, corners(len(digits), DIGIT - PIECE, noise), PIECE)
            paste(canvas, piece, corners(len(digits), self.side - PIECE, noise))
        return canvas

    def batches(
        self, digits: Images, size: int, noise: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Every digit once, in random order, each in a scene of its own, and the labels."""
        for chunk in torch.randperm(len(digits), generator=noise).split(CHUNK):
            some = Images(digits.x[chunk], digits.y[chunk])
            scenes = self.scenes(some, noise)
            yield from zip(scenes.split(size), some.y.split(size), strict=True)


def corners(count: int, free: int, noise: torch.Generator) -> Tensor:
    """Upper left pixels, each from 0 to `free`; (count, 2)."""
    return torch.randint(0, free + 1, (count, 2), generator=noise)


def window(corner: Tensor, reach: int, side: int) -> Tensor:
    """Flat places of reach x reach pixels from a corner on in an image of that side."""
    step = torch.arange(reach)
    rows, columns = corner[:, :1] + step, corner[:, 1:] + step
    return (rows[:, :, None] * side + columns[:, None, :]).flatten(1)


def cropped(images: Tensor, corner: Tensor, reach: int) -> Tensor:
    """A square of each image (n, 1, side, side); (n, 1, reach, reach)."""
    places = window(corner, reach, images.shape[-1])
    return images.flatten(1).gather(1, places).view(-1, 1, reach, reach)


def paste(canvas: Tensor, pieces: Tensor, corner: Tensor) -> None:
    """Lay pieces over the canvas, the brighter pixel winning."""
    places = window(corner, pieces.shape[-1], canvas.shape[-1])
    canvas.flatten(1).scatter_reduce_(1, places, pieces.flatten(1), "amax")
