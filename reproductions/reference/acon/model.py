"""ACON activations (Ma et al. 2021, Section 3), and the networks that the paper puts them into.

ShuffleNetV2: Ma et al. 2018, Table 5.  ResNets: He et al. 2016, Table 1, stride on the first 1x1.
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class AconC(nn.Module):
    """(p1 - p2) x sigmoid(beta (p1 - p2) x) + p2 x, with three numbers a channel (Eq. 6).

    beta = 0 gives a straight line, a large beta the larger of p1 x and p2 x.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.p1 = nn.Parameter(torch.randn(1, channels, 1, 1))
        self.p2 = nn.Parameter(torch.randn(1, channels, 1, 1))
        self.beta = nn.Parameter(torch.ones(1, channels, 1, 1))

    def switch(self, x: Tensor) -> Tensor:
        """How decidedly each channel activates: (1 or batch, channels, 1, 1)."""
        return self.beta

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width)."""
        difference = (self.p1 - self.p2) * x
        return difference * torch.sigmoid(self.switch(x) * difference) + self.p2 * x


class MetaAcon(AconC):
    """beta comes from the input: mean over positions, two 1x1 convolutions, sigmoid (Eq. 11)."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__(channels)
        del self.beta
        inner = max(reduction, channels // reduction)
        self.squeeze = nn.Conv2d(channels, inner, 1)
        self.squeeze_norm = nn.BatchNorm2d(inner)
        self.excite = nn.Conv2d(inner, channels, 1)
        self.excite_norm = nn.BatchNorm2d(channels)

    def switch(self, x: Tensor) -> Tensor:
        inner = self.squeeze_norm(self.squeeze(x.mean((2, 3), keepdim=True)))
        return torch.sigmoid(self.excite_norm(self.excite(inner)))


class ReLU(nn.Module):
    """An activation without parameters; made for a number of channels like the others."""

    def __init__(self, channels: int) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


class Swish(ReLU):
    """x sigmoid(x), which is ACON-C with p1 = beta = 1 and p2 = 0."""

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(x)


Activation = Callable[[int], nn.Module]


def normed(ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Module:
    """Convolution without bias and batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outs),
    )


class ShuffleBlock(nn.Module):
    """Half of the channels pass, half go through 1x1, depthwise 3x3, 1x1 (ShuffleNetV2, Fig. 3).

    At stride 2 all channels go both ways.
    """

    def __init__(self, ins: int, outs: int, stride: int, activation: Activation) -> None:
        super().__init__()
        self.stride = stride
        inner, passed = outs // 2, ins if stride == 2 else ins // 2
        branch = ins if stride == 2 else ins // 2
        self.main = nn.Sequential(
            normed(branch, inner, 1),
            activation(inner),
            normed(inner, inner, 3, stride, groups=inner),
            normed(inner, outs - passed, 1),
            activation(outs - passed),
        )
        self.beside = (
            nn.Sequential(normed(ins, ins, 3, 2, groups=ins), normed(ins, ins, 1), activation(ins))
            if stride == 2
            else nn.Identity()
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 2:
            return torch.cat([self.beside(x), self.main(x)], dim=1)
        passed, worked = x[:, ::2], x[:, 1::2]  # the shuffle of the block before
        return torch.cat([passed, self.main(worked)], dim=1)


class ShuffleNetV2(nn.Module):
    """channels: of the three stages, (48, 96, 192) at 0.5x and (176, 352, 704) at 1.5x."""

    def __init__(self, channels: Sequence[int], activation: Activation) -> None:
        super().__init__()
        blocks, ins = [], 24
        for outs, count in zip(channels, (4, 8, 4), strict=True):
            for index in range(count):
                blocks.append(ShuffleBlock(ins, outs, 1 if index else 2, activation))
                ins = outs
        self.stem = nn.Sequential(normed(3, 24, 3, 2), activation(24), nn.MaxPool2d(3, 2, 1))
        self.blocks = nn.Sequential(*blocks)
        self.last = nn.Sequential(normed(ins, 1024, 1), activation(1024))
        self.classifier = nn.Linear(1024, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        return self.classifier(self.last(self.blocks(self.stem(images))).mean((2, 3)))


class Bottleneck(nn.Module):
    """1x1 with the stride, 3x3, 1x1; the activation in question follows the 3x3 alone (4.1)."""

    def __init__(self, ins: int, width: int, stride: int, activation: Activation) -> None:
        super().__init__()
        outs = 4 * width
        self.reduce = normed(ins, width, 1, stride)
        self.spatial = nn.Sequential(normed(width, width, 3), activation(width))
        self.restore = normed(width, outs, 1)
        self.shortcut = nn.Identity() if ins == outs else normed(ins, outs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        out = self.restore(self.spatial(F.relu(self.reduce(x))))
        return F.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    """counts: blocks of the four stages, (3, 4, 6, 3) for 50 layers."""

    def __init__(self, counts: Sequence[int], activation: Activation) -> None:
        super().__init__()
        blocks, ins = [], 64
        for stage, count in enumerate(counts):
            width = 64 * 2**stage
            for index in range(count):
                stride = 2 if stage and not index else 1
                blocks.append(Bottleneck(ins, width, stride, activation))
                ins = 4 * width
        self.stem = nn.Sequential(normed(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(ins, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        return self.classifier(self.blocks(self.stem(images)).mean((2, 3)))
