"""MobileNets whose channels are a fraction of the full ones (Yu and Huang 2019, Section 3).

A universally slimmable network runs at any width; at width w it is a MobileNet of that width, so
what it costs there is counted on one.  MobileNet v1: Howard et al. 2017, Table 1; v2: Sandler et
al. 2018, Table 2.  Normalisation costs nothing under the convention used and is kept for shape.
"""

import torch.nn.functional as F
from torch import Tensor, nn


def divisible(channels: float, divisor: int = 8) -> int:
    """Nearest multiple of `divisor`, at least one of them and at least 90% of `channels`."""
    nearest = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * channels else nearest


def layer(ins: int, outs: int, kernel: int, stride: int = 1, depthwise: bool = False) -> nn.Module:
    """Convolution and normalisation; the caller activates."""
    groups = ins if depthwise else 1
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outs),
    )


class Pair(nn.Module):
    """MobileNet v1: depthwise 3x3, then 1x1."""

    def __init__(self, ins: int, outs: int, stride: int) -> None:
        super().__init__()
        self.depthwise = layer(ins, ins, 3, stride, depthwise=True)
        self.pointwise = layer(ins, outs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.pointwise(F.relu(self.depthwise(x))))


class Inverted(nn.Module):
    """MobileNet v2: 1x1 to `expansion` times the channels, depthwise 3x3, linear 1x1."""

    def __init__(self, ins: int, outs: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = ins * expansion
        self.expand = layer(ins, inner, 1) if expansion > 1 else None
        self.depthwise = layer(inner, inner, 3, stride, depthwise=True)
        self.project = layer(inner, outs, 1)
        self.adds = stride == 1 and ins == outs

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu6(self.expand(x)) if self.expand is not None else x
        out = self.project(F.relu6(self.depthwise(inner)))
        return x + out if self.adds else out


class MobileNet(nn.Module):
    """Features, average pooling, classifier of 1000 classes; what both versions share."""

    def __init__(self, features: nn.Sequential, channels: int) -> None:
        super().__init__()
        self.features = features
        self.classifier = nn.Linear(channels, 1000)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, 1000)."""
        x = self.features(images)
        return self.classifier(F.avg_pool2d(x, x.shape[-2:]).flatten(1))


V1 = (  # channels, stride of the 13 pairs
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1),) * 5,
    *((1024, 2), (1024, 1)),
)
V2 = (  # expansion, channels, blocks, stride
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def mobilenet_v1(width: float) -> MobileNet:
    """All channels scaled, the stem's as well."""
    ins = divisible(32 * width)
    blocks: list[nn.Module] = [layer(3, ins, 3, 2), nn.ReLU()]
    for channels, stride in V1:
        outs = divisible(channels * width)
        blocks.append(Pair(ins, outs, stride))
        ins = outs
    return MobileNet(nn.Sequential(*blocks), ins)


def mobilenet_v2(width: float) -> MobileNet:
    """All channels scaled but the last 1280, which stay."""
    ins = divisible(32 * width)
    blocks: list[nn.Module] = [layer(3, ins, 3, 2), nn.ReLU6()]
    for expansion, channels, count, stride in V2:
        outs = divisible(channels * width)
        for index in range(count):
            blocks.append(Inverted(ins, outs, 1 if index else stride, expansion))
            ins = outs
    blocks += [layer(ins, 1280, 1), nn.ReLU6()]
    return MobileNet(nn.Sequential(*blocks), 1280)
