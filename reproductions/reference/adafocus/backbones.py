"""The networks that look at frames: MobileNetV2, ResNet-50 and X3D, each without classifier.

MobileNetV2: Sandler et al. 2018, Table 2.  ResNet-50: He et al. 2016, Table 1, with the stride on
the 3x3 convolution.  X3D: Feichtenhofer 2020, Table 1 and Section 3.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def convolution(ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Module:
    """A convolution without bias that keeps the size at stride 1, and its normalisation."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outs),
    )


class InvertedResidual(nn.Module):
    """Expand 1x1, depthwise 3x3, project 1x1; a shortcut where the shape stays (Table 1)."""

    def __init__(self, ins: int, outs: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = ins * expansion
        self.expand = convolution(ins, inner, 1) if expansion > 1 else None
        self.depthwise = convolution(inner, inner, 3, stride, groups=inner)
        self.project = convolution(inner, outs, 1)
        self.keeps_shape = stride == 1 and ins == outs

    def forward(self, x: Tensor) -> Tensor:
        inner = x if self.expand is None else F.relu6(self.expand(x))
        out = self.project(F.relu6(self.depthwise(inner)))
        return x + out if self.keeps_shape else out


class MobileNetV2(nn.Module):
    """Images (batch, 3, height, width) to features (batch, 1280, height / 32, width / 32)."""

    STAGES = (  # expansion, channels, blocks, stride: Table 2
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    WIDTH = 1280

    def __init__(self) -> None:
        super().__init__()
        self.stem = convolution(3, 32, 3, 2)
        blocks, ins = [], 32
        for expansion, outs, count, stride in self.STAGES:
            for index in range(count):
                blocks.append(InvertedResidual(ins, outs, 1 if index else stride, expansion))
                ins = outs
        self.blocks = nn.Sequential(*blocks)
        self.last = convolution(ins, self.WIDTH, 1)

    def forward(self, images: Tensor) -> Tensor:
        return F.relu6(self.last(self.blocks(F.relu6(self.stem(images)))))


class Bottleneck(nn.Module):
    """1x1, 3x3 (with the stride), 1x1 to four times the width, beside a shortcut."""

    def __init__(self, ins: int, width: int, stride: int) -> None:
        super().__init__()
        outs = 4 * width
        self.reduce = convolution(ins, width, 1)
        self.spatial = convolution(width, width, 3, stride)
        self.restore = convolution(width, outs, 1)
        self.shortcut = None if ins == outs else convolution(ins, outs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        out = self.restore(F.relu(self.spatial(F.relu(self.reduce(x)))))
        return F.relu(out + (x if self.shortcut is None else self.shortcut(x)))


class ResNet50(nn.Module):
    """Images (batch, 3, height, width) to features (batch, 2048, height / 32, width / 32)."""

    STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))  # width, blocks
    WIDTH = 2048

    def __init__(self) -> None:
        super().__init__()
        self.stem = convolution(3, 64, 7, 2)
        blocks, ins = [], 64
        for stage, (width, count) in enumerate(self.STAGES):
            for index in range(count):
                blocks.append(Bottleneck(ins, width, 2 if stage and not index else 1))
                ins = 4 * width
        self.blocks = nn.Sequential(*blocks)

    def forward(self, images: Tensor) -> Tensor:
        return self.blocks(F.max_pool2d(F.relu(self.stem(images)), 3, 2, 1))


def rounded(width: float, divisor: int = 8) -> int:
    """The multiple of `divisor` nearest to a width, but no less than nine tenths of it."""
    nearest = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * width else nearest


class X3DBlock(nn.Module):
    """1x1x1 expand, depthwise 3x3x3, squeeze-excitation in every other block, 1x1x1 project."""

    def __init__(self, ins: int, outs: int, stride: int, squeezes: bool) -> None:
        super().__init__()
        inner = int(2.25 * outs)  # bottleneck factor of Table 1
        narrow = rounded(inner / 16)
        self.expand = nn.Conv3d(ins, inner, 1, bias=False)
        self.depthwise = nn.Conv3d(
            inner, inner, 3, (1, stride, stride), 1, groups=inner, bias=False
        )
        self.project = nn.Conv3d(inner, outs, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm3d(width) for width in (inner, inner, outs))
        self.squeeze = nn.Conv3d(inner, narrow, 1) if squeezes else None
        self.excite = nn.Conv3d(narrow, inner, 1) if squeezes else None
        changes = stride > 1 or ins != outs
        self.shortcut = (
            nn.Conv3d(ins, outs, 1, (1, stride, stride), bias=False) if changes else None
        )

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu(self.norms[0](self.expand(x)))
        inner = self.norms[1](self.depthwise(inner))
        if self.squeeze is not None and self.excite is not None:
            pooled = inner.mean((2, 3, 4), keepdim=True)
            inner = inner * torch.sigmoid(self.excite(F.relu(self.squeeze(pooled))))
        out = self.norms[2](self.project(F.silu(inner)))
        return F.relu(out + (x if self.shortcut is None else self.shortcut(x)))


class X3D(nn.Module):
    """A clip (batch, 3, frames, height, width) to (batch, 432, frames, height / 32, width / 32).

    depth: the factor on the blocks of a stage, 2.2 for X3D-S and X3D-M, 5 for X3D-L.
    """

    STAGES = ((24, 1), (48, 2), (96, 5), (192, 3))  # channels, blocks at depth 1
    WIDTH = 432
    HIDDEN = 2048  # of the classifier

    def __init__(self, depth: float, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv3d(3, 24, (1, 3, 3), (1, 2, 2), (0, 1, 1), bias=False)
        self.stem_time = nn.Conv3d(24, 24, (5, 1, 1), 1, (2, 0, 0), groups=24, bias=False)
        self.stem_norm = nn.BatchNorm3d(24)
        blocks, ins = [], 24
        for outs, count in self.STAGES:
            for index in range(math.ceil(depth * count)):
                stride = 1 if index else 2
                blocks.append(X3DBlock(ins, outs, stride, squeezes=index % 2 == 0))
                ins = outs
        self.blocks = nn.Sequential(*blocks)
        self.last = nn.Conv3d(ins, self.WIDTH, 1, bias=False)
        self.last_norm = nn.BatchNorm3d(self.WIDTH)
        self.hidden = nn.Linear(self.WIDTH, self.HIDDEN, bias=False)
        self.classifier = nn.Linear(self.HIDDEN, classes)

    def features(self, clip: Tensor) -> Tensor:
        """What stands before pooling."""
        x = F.relu(self.stem_norm(self.stem_time(self.stem(clip))))
        return F.relu(self.last_norm(self.last(self.blocks(x))))

    def classify(self, features: Tensor) -> Tensor:
        """Logits (batch, classes) from pooled features (batch, 432)."""
        return self.classifier(F.relu(self.hidden(features)))
