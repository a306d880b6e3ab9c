"""Scenes: a digit turned, scaled and moved on an empty canvas, among pieces of other digits.

Sizes differ by a factor of three, so that no one size of filter suits all digits.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

DIGIT, SIDE = 28, 40
"""Pixels of a side of an MNIST image, and of a scene."""

TURN, SMALLEST, LARGEST = 45, 0.45, 1.35
"""Largest angle either way, in degrees; factors of the digit's size."""

PIECES, PIECE = 4, 6
"""How many squares of other digits lie about, and their side in pixels."""

INK = 0.25
"""Brightness from which a pixel belongs to the digit."""


@dataclass(frozen=True)
class Scenes:
    """images: with clutter, (n, 1, SIDE, SIDE).  digits: the same without.  scale: (n,)."""

    images: Tensor
    digits: Tensor
    scale: Tensor


def drawn(digits: Tensor, noise: torch.Generator) -> Scenes:
    """One scene of each digit (n, 1, 28, 28)."""
    count = len(digits)
    angle = math.radians(TURN) * _either_way(count, noise=noise)
    scale = SMALLEST + (LARGEST - SMALLEST) * torch.rand(count, generator=noise)
    free = 1 - scale * DIGIT / SIDE  # how far the centre may go, in half sides of the canvas
    place = free[:, None] * _either_way(count, 2, noise=noise)
    grid = F.affine_grid(_undoing(angle, scale, place), [count, 1, SIDE, SIDE], align_corners=False)
    placed = F.grid_sample(digits, grid, align_corners=False)
    images = placed.clone()
    for _ in range(PIECES):
        others = torch.randint(count, (count,), generator=noise)
        piece = _cropped(digits[others], _corners(count, DIGIT - PIECE, noise))
        _paste(images, piece, _corners(count, SIDE - PIECE, noise))
    return Scenes(images, placed, scale)


def on_digit(digits: Tensor, stride: int) -> Tensor:
    """Whether the centre of each filter lies in the box around the digit's ink; (n, h, w).

    digits: (n, 1, SIDE, SIDE), without clutter.  stride: pixels from one filter to the next.
    """
    ink = digits[:, 0] > INK
    rows, columns = (_between_first_and_last(ink.any(dim=axis)) for axis in (2, 1))
    boxes = rows[:, :, None] & columns[:, None, :]
    return boxes[:, stride // 2 :: stride, stride // 2 :: stride]


def _between_first_and_last(present: Tensor) -> Tensor:
    """(n, side): from the first True of each row to its last."""
    counted = present.int()
    return (counted.cumsum(1) > 0) & (counted.flip(1).cumsum(1).flip(1) > 0)


def _either_way(*shape: int, noise: torch.Generator) -> Tensor:
    return 2 * torch.rand(*shape, generator=noise) - 1


def _undoing(angle: Tensor, scale: Tensor, place: Tensor) -> Tensor:
    """From the scene's coordinates to the digit's, both from -1 to 1; (n, 2, 3)."""
    cos, sin = angle.cos(), angle.sin()
    turned = torch.stack((torch.stack((cos, sin), 1), torch.stack((-sin, cos), 1)), 1)
    linear = turned * (SIDE / DIGIT / scale)[:, None, None]
    return torch.cat((linear, -linear @ place[:, :, None]), dim=2)


def _corners(count: int, free: int, noise: torch.Generator) -> Tensor:
    """Upper left pixels, each from 0 to `free`; (count, 2)."""
    return torch.randint(0, free + 1, (count, 2), generator=noise)


def _window(corner: Tensor, side: int) -> Tensor:
    """Flat places of a piece from its corner on in an image of that side."""
    step = torch.arange(PIECE)
    rows, columns = corner[:, :1] + step, corner[:, 1:] + step
    return (rows[:, :, None] * side + columns[:, None, :]).flatten(1)


def _cropped(images: Tensor, corner: Tensor) -> Tensor:
    return images.flatten(1).gather(1, _window(corner, images.shape[-1]))


def _paste(canvas: Tensor, piece: Tensor, corner: Tensor) -> None:
    """Lay pieces over the canvas, the brighter pixel winning."""
    canvas.flatten(1).scatter_reduce_(1, _window(corner, SIDE), piece, "amax")
