"""ResNets with efficient channel attention, and RedNet, each giving features at four scales.

ECA: Wang et al. 2020, Section 3.  Involution and RedNet: Li et al. 2021, Sections 3 and 4.1.
As in the detectors that the papers train, the stem and the first stage are frozen.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (256, 512, 1024, 2048)  # channels of the four scales


def unit(ins: int, outs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outs),
        nn.ReLU(),
    )


class ChannelAttention(nn.Module):
    """A one-dimensional convolution over the channels' means scales the channels (Eq. 9)."""

    def __init__(self, size: int = 3) -> None:
        super().__init__()
        self.mix = nn.Conv1d(1, 1, size, padding=size // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean((2, 3)).unsqueeze(1)  # (batch, 1, channels)
        return x * torch.sigmoid(self.mix(means))[:, 0, :, None, None]


class Involution(nn.Module):
    """A kernel for each position, made from the pixel there, shared by 16 channels (Eq. 4, 6)."""

    SHARING, REDUCTION = 16, 4

    def __init__(self, channels: int, size: int = 7, stride: int = 1) -> None:
        super().__init__()
        self.size, self.stride = size, stride
        self.groups, hidden = channels // self.SHARING, channels // self.REDUCTION
        self.reduce = unit(channels, hidden, 1)
        self.span = nn.Conv2d(hidden, size * size * self.groups, 1)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width); at stride 2 kernels come from 2x2 means."""
        seen = F.avg_pool2d(x, self.stride) if self.stride > 1 else x
        kernels = self.span(self.reduce(seen))
        height, width = kernels.shape[-2:]
        kernels = kernels.view(len(x), self.groups, self.size**2, height, width)
        windows = F.unfold(x, self.size, padding=self.size // 2, stride=self.stride)
        windows = windows.view(len(x), self.groups, self.SHARING, self.size**2, height, width)
        return torch.einsum("bgkhw,bgckhw->bgchw", kernels, windows).flatten(1, 2)


class Bottleneck(nn.Module):
    """1x1, then 3x3 or 7x7 involution, 1x1, attention if any, and the shortcut."""

    def __init__(self, ins: int, width: int, stride: int, kind: str) -> None:
        super().__init__()
        outs = 4 * width
        if kind == "rednet":
            middle = nn.Sequential(Involution(width, 7, stride), nn.BatchNorm2d(width), nn.ReLU())
        else:
            middle = unit(width, width, 3, stride)
        self.body = nn.Sequential(unit(ins, width, 1), middle, unit(width, outs, 1)[:2])
        self.attention = ChannelAttention() if kind == "eca" else nn.Identity()
        same = ins == outs and stride == 1
        self.shortcut = nn.Identity() if same else unit(ins, outs, 1, stride)[:2]

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.attention(self.body(x)) + self.shortcut(x))


class Backbone(nn.Module):
    """kind: "plain", "eca" or "rednet"; counts: blocks of the four stages."""

    def __init__(self, kind: str, counts: Sequence[int] = (3, 4, 6, 3)) -> None:
        super().__init__()
        self.stem = (
            nn.Sequential(
                unit(3, 32, 3, 2),
                Involution(32, 3),
                nn.BatchNorm2d(32),
                nn.ReLU(),
                unit(32, 64, 3),
                nn.MaxPool2d(3, 2, 1),
            )
            if kind == "rednet"
            else nn.Sequential(unit(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1))
        )
        ins, stages = 64, []
        for stage, count in enumerate(counts):
            width, blocks = 64 * 2**stage, []
            for index in range(count):
                blocks.append(Bottleneck(ins, width, 2 if stage and not index else 1, kind))
                ins = 4 * width
            stages.append(nn.Sequential(*blocks))
        self.stages = nn.ModuleList(stages)
        for frozen in (self.stem, self.stages[0]):
            frozen.requires_grad_(False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """images: (batch, 3, height, width).  Features at strides 4, 8, 16 and 32."""
        x, scales = self.stem(images), []
        for stage in self.stages:
            x = stage(x)
            scales.append(x)
        return scales
