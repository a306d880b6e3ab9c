"""The networks the layers are put into: ResNet, ResNeXt, MobileNet v1 and v2, EfficientNet-B0.

`Conv` makes a convolution without bias from (ins, outs, kernel, stride, groups); the backbones
call it wherever the papers put a dynamic one.
"""

import math
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .model import CondRouting, MixedConv2d, SelectiveKernel, SqueezeExcitation

Conv = Callable[[int, int, int, int, int], nn.Module]
BLOCKS = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def static(ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Module:
    """An ordinary convolution."""
    return nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False)


def unit(
    conv: nn.Module, outs: int, activation: Callable[[], nn.Module] | None = nn.ReLU
) -> nn.Sequential:
    """A convolution, batch normalisation and, unless None, an activation."""
    return nn.Sequential(conv, nn.BatchNorm2d(outs), *([activation()] if activation else []))


class Routed(nn.Module):
    """A convolution with a routing of its own, for networks without blocks of three."""

    def __init__(
        self, ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1, count: int = 8
    ) -> None:
        super().__init__()
        self.routing = CondRouting(ins, count)
        self.convolution = MixedConv2d(ins, outs, kernel, stride, groups, count)

    def forward(self, x: Tensor) -> Tensor:
        return self.convolution(x, self.routing(x))


class RoutedLinear(nn.Module):
    """A classifier of which each image has its own mixture of eight."""

    def __init__(self, ins: int, outs: int) -> None:
        super().__init__()
        self.routed = Routed(ins, outs, 1)
        self.bias = nn.Parameter(torch.zeros(outs))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, ins)."""
        return self.routed(x[..., None, None]).flatten(1) + self.bias


# --- ResNet and ResNeXt --------------------------------------------------------------------------


class ResidualBlock(nn.Module):
    """relu(shortcut(x) + attention(body(x)))."""

    def __init__(self, body: nn.Module, shortcut: nn.Module, attention: nn.Module) -> None:
        super().__init__()
        self.body, self.shortcut, self.attention = body, shortcut, attention

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.shortcut(x) + self.attention(self.body(x)))


class ResNet(nn.Module):
    """ResNet-18, -50, -101 or -152 for 224x224 images.

    early_stride: stride on the first 1x1 convolution of a bottleneck (the original) instead of on
    the 3x3.  conv: makes the convolutions of the blocks from number `first` on; with `first` above
    0 the classifier is conditionally parametrised too.  shortcuts: makes those on the shortcuts.
    The stem stays static.  attention: made from the channels of a block.  width, groups: of the 3x3
    in a bottleneck, 64 and 1 for ResNet, 128 and 32 for ResNeXt 32x4d.  selective: SK units instead
    of the 3x3.
    """

    def __init__(
        self,
        depth: int,
        conv: Conv = static,
        shortcuts: Conv = static,
        first: int = 0,
        attention: Callable[[int], nn.Module] = lambda channels: nn.Identity(),
        early_stride: bool = False,
        width: int = 64,
        groups: int = 1,
        selective: bool = False,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(unit(static(3, 64, 7, 2), 64), nn.MaxPool2d(3, 2, 1))
        expansion = 1 if depth == 18 else 4
        blocks: list[nn.Module] = []
        ins = 64
        for stage, repeats in enumerate(BLOCKS[depth]):
            for index in range(repeats):
                stride = 2 if stage and index == 0 else 1
                inner, outs = width * 2**stage, 64 * expansion * 2**stage
                make = conv if len(blocks) >= first else static
                if depth == 18:
                    body = self.basic(make, ins, outs, stride)
                elif selective:
                    body = self.with_selective_kernel(ins, inner, outs, stride)
                else:
                    body = self.bottleneck(make, ins, inner, outs, stride, groups, early_stride)
                same = ins == outs and stride == 1
                shortcut = (
                    nn.Identity()
                    if same
                    else unit(shortcuts(ins, outs, 1, stride, 1), outs, activation=None)
                )
                blocks.append(ResidualBlock(body, shortcut, attention(outs)))
                ins = outs
        self.blocks = nn.Sequential(*blocks)
        self.classifier = RoutedLinear(ins, 1000) if first else nn.Linear(ins, 1000)

    @staticmethod
    def basic(conv: Conv, ins: int, outs: int, stride: int) -> nn.Module:
        return nn.Sequential(
            unit(conv(ins, outs, 3, stride, 1), outs),
            unit(conv(outs, outs, 3, 1, 1), outs, activation=None),
        )

    @staticmethod
    def bottleneck(
        conv: Conv, ins: int, inner: int, outs: int, stride: int, groups: int, early: bool
    ) -> nn.Module:
        first, second = (stride, 1) if early else (1, stride)
        return nn.Sequential(
            unit(conv(ins, inner, 1, first, 1), inner),
            unit(conv(inner, inner, 3, second, groups), inner),
            unit(conv(inner, outs, 1, 1, 1), outs, activation=None),
        )

    @staticmethod
    def with_selective_kernel(ins: int, inner: int, outs: int, stride: int) -> nn.Module:
        return nn.Sequential(
            unit(static(ins, inner, 1), inner),
            SelectiveKernel(inner, stride),
            unit(static(inner, outs, 1), outs, activation=None),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.blocks(self.stem(images)).mean((2, 3)))


# --- MobileNet -----------------------------------------------------------------------------------


def make_divisible(channels: float, divisor: int = 8) -> int:
    """Nearest multiple of `divisor`, at most 10% below."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class InvertedResidual(nn.Module):
    """Expand, depthwise, attend, project; `attention` is made from the output channels."""

    def __init__(
        self,
        ins: int,
        outs: int,
        stride: int,
        expansion: int,
        conv: Conv,
        attention: Callable[[int], nn.Module],
    ) -> None:
        super().__init__()
        wide = ins * expansion
        layers = [unit(conv(ins, wide, 1, 1, 1), wide, nn.ReLU6)] if expansion != 1 else []
        layers += [
            unit(conv(wide, wide, 3, stride, wide), wide, nn.ReLU6),
            unit(conv(wide, outs, 1, 1, 1), outs, activation=None),
        ]
        self.body = nn.Sequential(*layers)
        self.attention = attention(outs)
        self.residual = stride == 1 and ins == outs

    def forward(self, x: Tensor) -> Tensor:
        y = self.attention(self.body(x))
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """Sandler et al. 2018.  conv: every convolution from block `first` on, the last one too.

    With `first` above 0 the classifier is conditionally parametrised as well (CondConv).
    """

    SETTING = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )

    def __init__(
        self,
        width: float = 1.0,
        conv: Conv = static,
        first: int = 0,
        attention: Callable[[int], nn.Module] = lambda channels: nn.Identity(),
    ) -> None:
        super().__init__()
        ins = make_divisible(32 * width)
        layers: list[nn.Module] = [unit(static(3, ins, 3, 2), ins, nn.ReLU6)]
        for expansion, channels, repeats, stride in self.SETTING:
            outs = make_divisible(channels * width)
            for index in range(repeats):
                step = stride if index == 0 else 1
                make = conv if len(layers) > first else static
                layers.append(InvertedResidual(ins, outs, step, expansion, make, attention))
                ins = outs
        layers.append(unit(conv(ins, 1280, 1, 1, 1), 1280, nn.ReLU6))
        self.features = nn.Sequential(*layers)
        self.classifier = RoutedLinear(1280, 1000) if first else nn.Linear(1280, 1000)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(images).mean((2, 3)))


# --- EfficientNet-B0 with conditionally parametrised blocks --------------------------------------


class MBConv(nn.Module):
    """Expand, depthwise, SE, project; with `experts`, one routing serves all three convolutions."""

    def __init__(
        self, ins: int, outs: int, kernel: int, stride: int, expansion: int, experts: int
    ) -> None:
        super().__init__()
        wide = ins * expansion
        self.routing = CondRouting(ins, experts) if experts else None
        make = partial(MixedConv2d, count=experts) if experts else static
        self.expand = make(ins, wide, 1, 1, 1) if expansion != 1 else None
        self.depthwise = make(wide, wide, kernel, stride, wide)
        self.project = make(wide, outs, 1, 1, 1)
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for channels in (wide, wide, outs))
        if expansion == 1:
            self.norms[0] = nn.Identity()
        self.attention = SqueezeExcitation(wide, max(1, ins // 4), nn.SiLU)
        self.residual = stride == 1 and ins == outs

    def forward(self, x: Tensor) -> Tensor:
        mixture = () if self.routing is None else (self.routing(x),)
        y = x
        if self.expand is not None:
            y = F.silu(self.norms[0](self.expand(y, *mixture)))
        y = self.attention(F.silu(self.norms[1](self.depthwise(y, *mixture))))
        y = self.norms[2](self.project(y, *mixture))
        return x + y if self.residual else y


class EfficientNetB0(nn.Module):
    """Tan & Le 2019.  experts: kernels a convolution in the last three stages, 0 for none.

    depth: multiple of the repeats of every stage, rounded up.
    """

    SETTING = (  # expansion, channels, repeats, stride, kernel
        (1, 16, 1, 1, 3),
        (6, 24, 2, 2, 3),
        (6, 40, 2, 2, 5),
        (6, 80, 3, 2, 3),
        (6, 112, 3, 1, 5),
        (6, 192, 4, 2, 5),
        (6, 320, 1, 1, 3),
    )

    def __init__(self, experts: int = 0, depth: float = 1.0) -> None:
        super().__init__()
        layers: list[nn.Module] = [unit(static(3, 32, 3, 2), 32, nn.SiLU)]
        ins = 32
        for stage, (expansion, outs, repeats, stride, kernel) in enumerate(self.SETTING):
            for index in range(math.ceil(repeats * depth)):
                step = stride if index == 0 else 1
                count = experts if stage >= 4 else 0
                layers.append(MBConv(ins, outs, kernel, step, expansion, count))
                ins = outs
        layers.append(unit(static(ins, 1280, 1), 1280, nn.SiLU))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(1280, 1000)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(images).mean((2, 3)))


class MobileNetV1(nn.Module):
    """Howard et al. 2017; the last `routed` pairs and the classifier become CondConv."""

    SETTING: tuple[tuple[int, int], ...] = (
        *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
        *((512, 1),) * 5,
        *((1024, 2), (1024, 1)),
    )

    def __init__(self, routed: int = 0) -> None:
        super().__init__()
        layers: list[nn.Module] = [unit(static(3, 32, 3, 2), 32)]
        ins = 32
        for index, (outs, stride) in enumerate(self.SETTING):
            make: Conv = Routed if index >= len(self.SETTING) - routed else static
            layers.append(unit(make(ins, ins, 3, stride, ins), ins))
            layers.append(unit(make(ins, outs, 1, 1, 1), outs))
            ins = outs
        self.features = nn.Sequential(*layers)
        self.classifier = RoutedLinear(ins, 1000) if routed else nn.Linear(ins, 1000)

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(images).mean((2, 3)))
