"""ResNet, MobileNetV2, ConvNeXt and dual path networks, as their papers have them.

ResNet: He et al. 2016, Table 1, with the stride on the 3x3.  MobileNetV2: Sandler et al. 2018,
Table 2.  ConvNeXt: Liu et al. 2022, Section 2.  Dual path networks: Chen et al. 2017, Table 1.
ECA: Wang et al. 2020, Section 3: a convolution over the channels' means scales the channels.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def unit(ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution without bias and batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outs),
    )


class ChannelAttention(nn.Module):
    """ECA with a window of `size` channels."""

    def __init__(self, size: int = 3) -> None:
        super().__init__()
        self.mix = nn.Conv1d(1, 1, size, padding=size // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        means = F.adaptive_avg_pool2d(x, 1).flatten(2).transpose(1, 2)  # (batch, 1, channels)
        return x * torch.sigmoid(self.mix(means)).transpose(1, 2).unsqueeze(-1)


class Residual(nn.Module):
    """Two 3x3 layers, or 1x1, 3x3, 1x1 to four times the width, beside a shortcut."""

    def __init__(self, ins: int, width: int, stride: int, deep: bool, attention: bool) -> None:
        super().__init__()
        outs = 4 * width if deep else width
        layers = (
            [unit(ins, width, 1), nn.ReLU(), unit(width, width, 3, stride), nn.ReLU()]
            if deep
            else [unit(ins, width, 3, stride), nn.ReLU()]
        )
        layers.append(unit(width, outs, 1) if deep else unit(width, outs, 3))
        if attention:
            layers.append(ChannelAttention())
        self.body = nn.Sequential(*layers)
        same = ins == outs and stride == 1
        self.shortcut = nn.Identity() if same else unit(ins, outs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class ResNet(nn.Module):
    """counts: blocks of the four stages; deep: with bottlenecks."""

    def __init__(self, counts: Sequence[int], deep: bool, attention: bool = False) -> None:
        super().__init__()
        blocks, ins = [], 64
        for stage, count in enumerate(counts):
            width = 64 * 2**stage
            for index in range(count):
                stride = 2 if stage and not index else 1
                blocks.append(Residual(ins, width, stride, deep, attention))
                ins = 4 * width if deep else width
        self.stem = nn.Sequential(unit(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.blocks, self.classifier = nn.Sequential(*blocks), nn.Linear(ins, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        return self.classifier(self.blocks(self.stem(images)).mean((2, 3)))


class Inverted(nn.Module):
    """1x1 to `expansion` times the channels, depthwise 3x3, linear 1x1, attention if any."""

    def __init__(self, ins: int, outs: int, stride: int, expansion: int, attention: bool) -> None:
        super().__init__()
        inner = ins * expansion
        layers: list[nn.Module] = [unit(ins, inner, 1), nn.ReLU6()] if expansion > 1 else []
        layers += [unit(inner, inner, 3, stride, inner), nn.ReLU6(), unit(inner, outs, 1)]
        if attention:
            layers.append(ChannelAttention())
        self.body, self.adds = nn.Sequential(*layers), stride == 1 and ins == outs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.adds else self.body(x)


class MobileNetV2(nn.Module):
    """width: the factor on all channels but the last 1280."""

    STAGES = (  # expansion, channels, blocks, stride
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )

    def __init__(self, width: float = 1.0, attention: bool = False) -> None:
        super().__init__()
        ins = int(32 * width)
        blocks: list[nn.Module] = [unit(3, ins, 3, 2), nn.ReLU6()]
        for expansion, channels, count, stride in self.STAGES:
            outs = max(8, int(channels * width + 4) // 8 * 8)
            for index in range(count):
                blocks.append(Inverted(ins, outs, 1 if index else stride, expansion, attention))
                ins = outs
        self.blocks = nn.Sequential(*blocks, unit(ins, 1280, 1), nn.ReLU6())
        self.classifier = nn.Linear(1280, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        return self.classifier(self.blocks(images).mean((2, 3)))


class LastNorm(nn.LayerNorm):
    """Layer normalisation over the channels of (batch, channels, height, width)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    """Depthwise 7x7, normalisation, 1x1 to four times the width and back, a scale a channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.spatial = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = LastNorm(width)
        self.up, self.down = nn.Conv2d(width, 4 * width, 1), nn.Conv2d(4 * width, width, 1)
        self.scale = nn.Parameter(torch.ones(width, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.scale * self.down(F.gelu(self.up(self.norm(self.spatial(x)))))


class ConvNeXt(nn.Module):
    """ConvNeXt-T: 3, 3, 9, 3 blocks of 96 to 768 channels."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, 96, 4, 4), LastNorm(96)]
        for stage, count in enumerate((3, 3, 9, 3)):
            width = 96 * 2**stage
            if stage:
                layers += [LastNorm(width // 2), nn.Conv2d(width // 2, width, 2, 2)]
            layers += [ConvNeXtBlock(width) for _ in range(count)]
        self.layers, self.norm = nn.Sequential(*layers), nn.LayerNorm(768)
        self.classifier = nn.Linear(768, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        return self.classifier(self.norm(self.layers(images).mean((2, 3))))


def before(ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Normalisation and ReLU in front of a convolution without bias."""
    return nn.Sequential(
        nn.BatchNorm2d(ins),
        nn.ReLU(),
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
    )


class DualPath(nn.Module):
    """`added` channels are summed with the block's, `grown` new ones are put beside the rest.

    opens: the first block of a stage, whose input is projected.
    """

    def __init__(
        self, ins: int, inner: int, added: int, grown: int, groups: int, stride: int, opens: bool
    ) -> None:
        super().__init__()
        self.added = added
        self.project = before(ins, added + 2 * grown, 1, stride) if opens else nn.Identity()
        self.body = nn.Sequential(
            before(ins, inner, 1),
            before(inner, inner, 3, stride, groups),
            before(inner, added + grown, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        kept, new = self.project(x), self.body(x)
        total = kept[:, : self.added] + new[:, : self.added]
        return torch.cat([total, kept[:, self.added :], new[:, self.added :]], dim=1)


class DualPathNetwork(nn.Module):
    """stem: channels of the first convolution; width: of the 3x3 layers in the first stage."""

    def __init__(
        self, stem: int, width: int, groups: int, counts: Sequence[int], grown: Sequence[int]
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(unit(3, stem, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        blocks, ins = [], stem
        for stage, (count, more) in enumerate(zip(counts, grown, strict=True)):
            added, inner = 256 * 2**stage, width * 2**stage
            for index in range(count):
                stride = 2 if stage and not index else 1
                blocks.append(DualPath(ins, inner, added, more, groups, stride, not index))
                ins = ins + more if index else added + 3 * more
        self.blocks = nn.Sequential(*blocks)
        self.norm, self.classifier = nn.BatchNorm2d(ins), nn.Linear(ins, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        x = F.relu(self.norm(self.blocks(self.stem(images))))
        return self.classifier(x.mean((2, 3)))
