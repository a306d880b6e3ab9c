"""Generated videos: a digit drifts over a noisy canvas, and in many frames it cannot be seen."""

from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.datasets import Images

SIZE = 12
VISIBLE = 0.4
"""Share of frames that show the digit; one at least does."""


@dataclass(frozen=True)
class Videos:
    """frames: (n, time, 1, 12, 12).  y: digits, (n,).  visible: whether shown, (n, time)."""

    frames: Tensor
    y: Tensor
    visible: Tensor


def drifting_digits(images: Images, time: int, noise: torch.Generator) -> Videos:
    """One video of each 8x8 digit: it moves by at most a pixel a frame and turns at the border.

    Frames that do not show it hold noise alone, about as bright as the digit is.
    """
    n = len(images)
    visible = torch.rand(n, time, generator=noise) < VISIBLE
    visible[torch.arange(n), torch.randint(0, time, (n,), generator=noise)] = True
    frames = torch.rand(n, time, 1, SIZE, SIZE, generator=noise) * 0.5
    room = SIZE - images.x.shape[-1]
    place = torch.randint(0, room + 1, (n, 2), generator=noise)
    pace = torch.randint(-1, 2, (n, 2), generator=noise)
    for t in range(time):
        for row in visible[:, t].nonzero().flatten().tolist():
            top, left = place[row].tolist()
            spot = frames[row, t, 0, top : top + 8, left : left + 8]
            spot.copy_((0.5 * spot + images.x[row, 0]).clamp(max=1))
        place = place + pace
        outside = (place < 0) | (place > room)
        pace = torch.where(outside, -pace, pace)
        place = place.clamp(0, room)
    return Videos(frames, images.y, visible)
