"""Distorted MNIST (Appendix A.4): digits rotated (R), or rotated, scaled and moved (RTS).

R      28x28, turned by an angle drawn from -90 to 90 degrees
RTS    42x42, turned by -45 to 45 degrees, scaled by 0.7 to 1.2, at a place drawn so that the
       scaled 28x28 frame lies within the image
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

DIGIT = 28
"""Pixels of a side of an MNIST image."""


@dataclass(frozen=True)
class Distortion:
    """side: of the image that comes out, in pixels.  turn: largest angle either way, in degrees.

    scale: smallest and largest factor.  moves: whether the digit is placed anew.
    """

    name: str
    side: int
    turn: float
    scale: tuple[float, float] = (1.0, 1.0)
    moves: bool = False


R = Distortion("R", side=DIGIT, turn=90)
RTS = Distortion("RTS", side=42, turn=45, scale=(0.7, 1.2), moves=True)
DISTORTIONS = (R, RTS)


@dataclass(frozen=True)
class Pose:
    """How each digit was distorted.

    angle: in radians, (n,).  scale: (n,).  place: of the digit's centre, x and y from -1 to 1
    across the image, (n, 2).
    """

    angle: Tensor
    scale: Tensor
    place: Tensor


def drawn(distortion: Distortion, count: int, noise: torch.Generator) -> Pose:
    """As many poses, all equally likely."""
    low, high = distortion.scale
    angle = math.radians(distortion.turn) * _either_way(count, noise=noise)
    scale = low + (high - low) * torch.rand(count, generator=noise)
    free = 1 - scale * DIGIT / distortion.side if distortion.moves else torch.zeros(count)
    return Pose(angle, scale, free[:, None] * _either_way(count, 2, noise=noise))


def _either_way(*shape: int, noise: torch.Generator) -> Tensor:
    return 2 * torch.rand(*shape, generator=noise) - 1


def undoing(distortion: Distortion, pose: Pose) -> Tensor:
    """From the distorted image's coordinates to the digit's, both from -1 to 1; (n, 2, 3).

    What `F.affine_grid` takes: for each pixel of the distorted image, where in the digit it lies.
    """
    cos, sin = pose.angle.cos(), pose.angle.sin()
    turned = torch.stack((torch.stack((cos, sin), 1), torch.stack((-sin, cos), 1)), 1)
    linear = turned * (distortion.side / DIGIT / pose.scale)[:, None, None]  # (n, 2, 2)
    return torch.cat((linear, -linear @ pose.place[:, :, None]), dim=2)


def distorted(digits: Tensor, distortion: Distortion, pose: Pose) -> Tensor:
    """Digits (n, 1, 28, 28) in those poses; (n, 1, side, side)."""
    size = [len(digits), 1, distortion.side, distortion.side]
    grid = F.affine_grid(undoing(distortion, pose), size, align_corners=False)
    return F.grid_sample(digits, grid, align_corners=False)
