"""The generated tasks of the paper (section 4.1 and 4.2)."""

import torch
from torch import Tensor


def adding(batch: int, length: int, noise: torch.Generator) -> tuple[Tensor, Tensor]:
    """Add the two marked numbers: x (batch, length, 2) and the sum (batch, 1).

    Values are uniform in (-0.5, 0.5); one marker lies in the first tenth, one in the second half.
    The variance of the sum is 1/6.
    """
    values = torch.rand(batch, length, generator=noise) - 0.5
    early = torch.randint(0, max(1, length // 10), (batch,), generator=noise)
    late = torch.randint(length // 2, length, (batch,), generator=noise)
    rows = torch.arange(batch)
    marks = torch.zeros(batch, length)
    marks[rows, early] = 1
    marks[rows, late] = 1
    return torch.stack([values, marks], dim=2), (values * marks).sum(dim=1, keepdim=True)


def frequency(
    batch: int, length: int, period: float, noise: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Does a sine wave have a period of 5 to 6 ms?  x (batch, length, 1), label (batch,).

    period: sampling period in ms.  Half of the waves do; the others have periods uniform in
    (0, 100) ms outside that interval, as the released code draws them (the text says 1 to 100).
    Phases are drawn the way the code does: uniform in (0, period of the wave), in radians.
    """
    inside = batch // 2
    drawn = torch.rand(batch, generator=noise)
    wave = torch.where(torch.arange(batch) < inside, 5 + drawn, 99 * drawn)
    wave = torch.where((torch.arange(batch) >= inside) & (wave > 5), wave + 1, wave)  # (batch,)
    wave = wave.clamp(min=1e-3)
    phase = torch.rand(batch, generator=noise) * wave
    time = period * torch.arange(length)  # (length,) in ms
    x = torch.cos(2 * torch.pi * time / wave[:, None] + phase[:, None])
    return x[:, :, None], (torch.arange(batch) >= inside).long()
