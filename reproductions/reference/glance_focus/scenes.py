"""Cluttered scenes: one digit somewhere on a canvas, among fragments of other digits."""

from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.datasets import Images

CANVAS, DIGIT, FRAGMENT, FRAGMENTS = 24, 8, 4, 4


@dataclass(frozen=True)
class Scenes:
    """x: (n, 1, 24, 24).  y: the digit, (n,).  corner: row and column where it begins, (n, 2)."""

    x: Tensor
    y: Tensor
    corner: Tensor


def cluttered(images: Images, noise: torch.Generator) -> Scenes:
    """One scene of each 8x8 image; the fragments are 4x4 cuts of other images of the same set."""
    n = len(images)
    x = torch.zeros(n, 1, CANVAS, CANVAS)
    for _ in range(FRAGMENTS):
        source = torch.randint(0, n, (n,), generator=noise)
        cut = torch.randint(0, DIGIT - FRAGMENT + 1, (n, 2), generator=noise)
        place = torch.randint(0, CANVAS - FRAGMENT + 1, (n, 2), generator=noise)
        paste(x, cropped(images.x[source], cut, FRAGMENT), place)
    corner = torch.randint(0, CANVAS - DIGIT + 1, (n, 2), generator=noise)
    paste(x, images.x, corner)
    return Scenes(x, images.y, corner)


def window(corner: Tensor, size: int, width: int) -> Tensor:
    """Flat places of a size x size window in an image of that width; (n, size * size)."""
    step = torch.arange(size, device=corner.device)
    rows = corner[:, :1] + step  # (n, size)
    columns = corner[:, 1:] + step
    return (rows[:, :, None] * width + columns[:, None, :]).flatten(1)


def cropped(images: Tensor, corner: Tensor, size: int) -> Tensor:
    """Windows of the images (n, 1, height, width) with whole-pixel corners; (n, 1, size, size)."""
    places = window(corner, size, images.shape[-1])
    return images.flatten(1).gather(1, places).view(-1, 1, size, size)


def paste(canvas: Tensor, pieces: Tensor, corner: Tensor) -> None:
    """Lay pieces over the canvas, the brighter pixel winning."""
    places = window(corner, pieces.shape[-1], canvas.shape[-1])
    canvas.flatten(1).scatter_reduce_(1, places, pieces.flatten(1), "amax")
