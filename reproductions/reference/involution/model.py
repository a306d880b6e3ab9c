"""Involution turns convolution inside out (Li et al. 2021): kernels differ between positions and
are shared by the channels of a group, and each is generated from the pixel it belongs to.

    H_ij = W1 relu(bn(W0 x_ij))                                     Eq. 6
    y[c, i, j] = sum over u, v of H_ij[group(c), u, v] x[c, i + u, j + v]      Eq. 4
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLOCKS = {
    26: (1, 2, 4, 1),
    38: (2, 3, 5, 2),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}


class Involution(nn.Module):
    """A square neighbourhood of `size`; 16 channels share a kernel; the generator narrows by 4."""

    GROUP_CHANNELS, REDUCTION = 16, 4

    def __init__(self, channels: int, size: int, stride: int = 1) -> None:
        super().__init__()
        self.size, self.stride, self.groups = size, stride, channels // self.GROUP_CHANNELS
        hidden = channels // self.REDUCTION
        self.shrink = nn.AvgPool2d(stride, stride) if stride > 1 else nn.Identity()
        self.reduce = nn.Sequential(
            nn.Conv2d(channels, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU()
        )
        self.span = nn.Conv2d(hidden, size * size * self.groups, 1)

    def kernels(self, x: Tensor) -> Tensor:
        """Returns (batch, groups, size * size, height, width) for the output positions."""
        return self.span(self.reduce(self.shrink(x))).unflatten(1, (self.groups, -1))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width)."""
        kernels = self.kernels(x)
        height, width = kernels.shape[-2:]
        windows = F.unfold(x, self.size, padding=self.size // 2, stride=self.stride)
        windows = windows.view(
            len(x), self.groups, self.GROUP_CHANNELS, self.size**2, height, width
        )
        return torch.einsum("bgkhw,bgckhw->bgchw", kernels, windows).flatten(1, 2)

    def by_loops(self, x: Tensor) -> Tensor:
        """The definition, position by position; slow."""
        kernels = self.kernels(x)
        batch, _, _, height, width = kernels.shape
        padded = F.pad(x, (self.size // 2,) * 4)
        y = x.new_zeros(batch, x.shape[1], height, width)
        for i in range(height):
            for j in range(width):
                top, left = i * self.stride, j * self.stride
                window = padded[:, :, top : top + self.size, left : left + self.size]
                for channel in range(x.shape[1]):
                    kernel = kernels[:, channel // self.GROUP_CHANNELS, :, i, j]
                    y[:, channel, i, j] = (kernel * window[:, channel].flatten(1)).sum(1)
        return y


def unit(ins: int, outs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outs),
        nn.ReLU(inplace=True),
    )


class Bottleneck(nn.Module):
    """1x1, 7x7 involution instead of the 3x3 convolution, 1x1, and the shortcut."""

    def __init__(self, ins: int, inner: int, stride: int) -> None:
        super().__init__()
        outs = 4 * inner
        self.body = nn.Sequential(
            unit(ins, inner, 1),
            Involution(inner, 7, stride),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            unit(inner, outs, 1)[:2],
        )
        same = ins == outs and stride == 1
        self.shortcut = nn.Identity() if same else unit(ins, outs, 1, stride)[:2]

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.shortcut(x) + self.body(x))


class RedNet(nn.Module):
    """ResNet with involution in the bottlenecks and in the stem."""

    def __init__(self, depth: int, classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            unit(3, 32, 3, 2),
            Involution(32, 3),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            unit(32, 64, 3),
            nn.MaxPool2d(3, 2, 1),
        )
        blocks, ins = [], 64
        for stage, repeats in enumerate(BLOCKS[depth]):
            for index in range(repeats):
                stride = 2 if stage and index == 0 else 1
                blocks.append(Bottleneck(ins, 64 * 2**stage, stride))
                ins = 256 * 2**stage
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(ins, classes)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.blocks(self.stem(images)).mean((2, 3)))
