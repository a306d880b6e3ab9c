"""Deformable convolution (Dai et al. 2017) and its modulated form (Zhu et al. 2019).

    y(p0) = sum_n w(p_n) x(p0 + p_n)                    convolution over the grid R, equation (1)
    y(p0) = sum_n w(p_n) x(p0 + p_n + Dp_n)             deformable convolution, equation (2)
    x(p) = sum_q G(q, p) x(q)                           at fractional places, equation (3)
    G(q, p) = g(q_x, p_x) g(q_y, p_y),  g(a, b) = max(0, 1 - |a - b|)        equation (4)
    y(p) = sum_k w_k x(p + p_k + Dp_k) Dm_k             modulated, equation (1) of Zhu et al.

The offsets Dp_n, and the scalars Dm_k, come out of a convolution of the same size over the same
features (section 2.1); its weights begin at 0, so Dp = 0 and Dm = sigmoid(0) = 1/2.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 10
STEM = (8, 16)  # channels of the two layers that halve the image
LAST = 32


class DeformableConv2d(nn.Conv2d):
    """A convolution whose samples may lie anywhere; stride 1, and as large out as in."""

    def __init__(
        self, ins: int, outs: int, kernel: int = 3, dilation: int = 1, *, modulated: bool = False
    ) -> None:
        around = dilation * (kernel // 2)
        super().__init__(ins, outs, kernel, padding=around, dilation=dilation, bias=False)
        self.samples, self.modulated = kernel**2, modulated
        fields = (3 if modulated else 2) * self.samples
        self.fields = nn.Conv2d(ins, fields, kernel, padding=around, dilation=dilation)
        for values in self.fields.parameters():
            nn.init.zeros_(values)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, ins, height, width).  Returns (batch, outs, height, width)."""
        offsets, modulation = self.predicted(x)
        seen = bilinear(x, self.places(offsets)) * modulation[:, None]
        return torch.einsum("ocn,bcnhw->bohw", self.weight.flatten(2), seen)  # (2)

    def predicted(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Dp, rows and columns in pixels, (batch, samples, height, width, 2), and Dm.

        Dm: (batch, samples, height, width), all 1 without modulation.
        """
        fields = self.fields(x)
        offsets = fields[:, : 2 * self.samples].unflatten(1, (self.samples, 2)).movedim(2, -1)
        if self.modulated:
            return offsets, fields[:, 2 * self.samples :].sigmoid()
        return offsets, torch.ones_like(offsets[..., 0])

    def places(self, offsets: Tensor) -> Tensor:
        """p0 + p_n + Dp_n, rows and columns in pixels; of the offsets' shape."""
        height, width = offsets.shape[2:4]
        p0 = _grid(torch.arange(height), torch.arange(width)).to(offsets)
        return p0 + self.regular_grid().to(offsets)[:, None, None] + offsets

    def regular_grid(self) -> Tensor:
        """R: p_n for each sample, {(-1, -1), (-1, 0), ..., (1, 1)} at dilation 1; (samples, 2)."""
        steps = torch.arange(self.kernel_size[0]) - self.kernel_size[0] // 2
        return _grid(steps, steps).flatten(0, 1) * self.dilation[0]


def _grid(rows: Tensor, columns: Tensor) -> Tensor:
    return torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1)


def bilinear(x: Tensor, p: Tensor) -> Tensor:
    """x(p) by equations (3) and (4), zero outside of the map.

    x: (batch, channels, height, width).  p: (batch, samples, h, w, 2), rows and columns in pixels.
    Returns (batch, channels, samples, h, w).
    """
    size = torch.tensor(x.shape[2:]).to(p)
    across = ((2 * p + 1) / size - 1).flip(-1)  # -1 to 1 over the map, columns first
    seen = F.grid_sample(x, across.flatten(1, 2), align_corners=False)
    return seen.unflatten(2, p.shape[1:3])


def effective_dilation(places: Tensor) -> Tensor:
    """Mean distance of neighbouring samples of each filter, section 4.1; (batch, h, w).

    places: (batch, samples, h, w, 2); 1 for a plain filter.
    """
    side = round(places.shape[1] ** 0.5)
    square = places.unflatten(1, (side, side))
    between = [square.diff(dim=axis).norm(dim=-1).flatten(1, 2) for axis in (1, 2)]
    return torch.cat(between, dim=1).mean(dim=1)


class Network(nn.Sequential):
    """Two layers of stride 2, two layers that look around, the mean over the map, the scores."""

    def __init__(self, first: nn.Conv2d, second: nn.Conv2d) -> None:
        stem = (nn.Conv2d(1, STEM[0], 3, 2, 1), nn.Conv2d(*STEM, 3, 2, 1))
        layers: Sequence[nn.Conv2d] = (*stem, first, second)
        super().__init__(
            *(part for layer in layers for part in _normalised(layer)),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(LAST, CLASSES),
        )


def _normalised(layer: nn.Conv2d) -> tuple[nn.Module, ...]:
    return layer, nn.BatchNorm2d(layer.out_channels), nn.ReLU()


def plain(between: int, dilation: int = 1) -> Network:
    """Regular convolutions, `between` channels from the first to the second."""
    return Network(
        nn.Conv2d(STEM[1], between, 3, padding=dilation, dilation=dilation, bias=False),
        nn.Conv2d(between, LAST, 3, padding=dilation, dilation=dilation, bias=False),
    )


def deformable(between: int, *, modulated: bool = False) -> Network:
    """The same with deformable convolutions."""
    return Network(
        DeformableConv2d(STEM[1], between, modulated=modulated),
        DeformableConv2d(between, LAST, modulated=modulated),
    )
