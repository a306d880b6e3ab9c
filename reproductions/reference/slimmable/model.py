"""Networks that run at several widths with one set of weights.

Every layer holds the weights of the widest network; at width w it uses their leading channels.
Only batch normalisation is private to each width, because the statistics of a channel depend on
how many channels feed it (Yu et al. 2019, section 3).
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def make_divisible(channels: float, divisor: int = 8) -> int:
    """Nearest multiple of `divisor`, never below it and never more than 10% below `channels`."""
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class SlimmableConv2d(nn.Module):
    """A convolution without bias that uses the leading channels of its weight.

    ins, outs: channels at each switch.  groups: 1, a fixed number (slicing then happens inside
    each group), or "depthwise" (as many groups as channels).
    """

    def __init__(
        self,
        ins: Sequence[int],
        outs: Sequence[int],
        kernel: int,
        stride: int = 1,
        groups: int | str = 1,
    ) -> None:
        super().__init__()
        self.ins, self.outs, self.groups = list(ins), list(outs), groups
        self.stride, self.padding, self.switch = stride, kernel // 2, 0
        full_groups = max(ins) if groups == "depthwise" else int(groups)
        self.weight = nn.Conv2d(
            max(ins), max(outs), kernel, groups=full_groups, bias=False
        ).weight  # (max out, max in / groups, kernel, kernel)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, ins[switch], height, width)."""
        inside, outside = self.ins[self.switch], self.outs[self.switch]
        if self.groups == "depthwise":
            weight, groups = self.weight[:outside], inside
        else:
            groups = int(self.groups)
            weight = self.weight.unflatten(0, (groups, -1))  # (groups, out/groups, in/groups, k, k)
            weight = weight[:, : outside // groups, : inside // groups].flatten(0, 1)
        return F.conv2d(x, weight, stride=self.stride, padding=self.padding, groups=groups)


class SwitchableBatchNorm2d(nn.Module):
    """One batch normalisation for each switch."""

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.BatchNorm2d(count) for count in channels])
        self.switch = 0

    def forward(self, x: Tensor) -> Tensor:
        return self.norms[self.switch](x)


class SlimmableLinear(nn.Module):
    """The classifier: all outputs, the leading inputs."""

    def __init__(self, ins: Sequence[int], outputs: int) -> None:
        super().__init__()
        self.ins, self.switch = list(ins), 0
        full = nn.Linear(max(ins), outputs)
        self.weight, self.bias = full.weight, full.bias  # (outputs, max in), (outputs,)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, ins[switch])."""
        return F.linear(x, self.weight[:, : self.ins[self.switch]], self.bias)


def unit(
    ins: Sequence[int],
    outs: Sequence[int],
    kernel: int,
    stride: int = 1,
    groups: int | str = 1,
    activation: Callable[[], nn.Module] | None = nn.ReLU,
) -> nn.Sequential:
    """Convolution, batch normalisation and, unless None, an activation."""
    layers: list[nn.Module] = [
        SlimmableConv2d(ins, outs, kernel, stride, groups),
        SwitchableBatchNorm2d(outs),
    ]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class SlimmableNetwork(nn.Module):
    """Features, global average pooling, classifier; `use(width)` chooses the switch."""

    widths: Sequence[float]
    features: nn.Module
    classifier: SlimmableLinear

    def use(self, width: float) -> "SlimmableNetwork":
        """Run at this width from now on; ValueError if it is not one of `widths`."""
        switch = list(self.widths).index(width)
        for module in self.modules():
            if isinstance(module, SlimmableConv2d | SwitchableBatchNorm2d | SlimmableLinear):
                module.switch = switch
        return self

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, height, width).  Returns logits (batch, classes)."""
        x = self.features(images)
        x = F.avg_pool2d(x, x.shape[-2:]).flatten(1)  # (batch, channels)
        return self.classifier(x)


class MobileNetV1(SlimmableNetwork):
    """Howard et al. 2017: 13 pairs of a depthwise and a pointwise convolution."""

    SETTING: tuple[tuple[int, int], ...] = (
        *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
        *((512, 1),) * 5,
        *((1024, 2), (1024, 1)),
    )

    def __init__(self, widths: Sequence[float], classes: int = 1000) -> None:
        super().__init__()
        self.widths = list(widths)
        channels = [make_divisible(32 * width) for width in widths]
        layers = [unit([3] * len(widths), channels, 3, 2)]
        for count, stride in self.SETTING:
            outs = [make_divisible(count * width) for width in widths]
            layers += [unit(channels, channels, 3, stride, "depthwise"), unit(channels, outs, 1)]
            channels = outs
        self.features = nn.Sequential(*layers)
        self.classifier = SlimmableLinear(channels, classes)


class InvertedResidual(nn.Module):
    """Sandler et al. 2018: expand, depthwise, project; identity if shapes allow."""

    def __init__(
        self, ins: Sequence[int], outs: Sequence[int], stride: int, expansion: int
    ) -> None:
        super().__init__()
        wide = [count * expansion for count in ins]
        layers = [unit(ins, wide, 1, activation=nn.ReLU6)] if expansion != 1 else []
        layers += [
            unit(wide, wide, 3, stride, "depthwise", nn.ReLU6),
            unit(wide, outs, 1, activation=None),
        ]
        self.body = nn.Sequential(*layers)
        self.residual = stride == 1 and list(ins) == list(outs)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class MobileNetV2(SlimmableNetwork):
    """Sandler et al. 2018; the last 1280 channels keep their number at every width up to 1."""

    SETTING = (  # expansion, channels, repeats, stride
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )

    def __init__(self, widths: Sequence[float], classes: int = 1000) -> None:
        super().__init__()
        self.widths = list(widths)
        channels = [make_divisible(32 * width) for width in widths]
        layers: list[nn.Module] = [unit([3] * len(widths), channels, 3, 2, activation=nn.ReLU6)]
        for expansion, count, repeats, stride in self.SETTING:
            outs = [make_divisible(count * width) for width in widths]
            for index in range(repeats):
                step = stride if index == 0 else 1
                layers.append(InvertedResidual(channels, outs, step, expansion))
                channels = outs
        last = [1280] * len(widths)
        layers.append(unit(channels, last, 1, activation=nn.ReLU6))
        self.features = nn.Sequential(*layers)
        self.classifier = SlimmableLinear(last, classes)


class Bottleneck(nn.Module):
    """He et al. 2016 with stride on the 3x3 convolution (the variant often called v1.5)."""

    def __init__(self, ins: Sequence[int], outs: Sequence[int], stride: int) -> None:
        super().__init__()
        middle = [count // 4 for count in outs]
        self.body = nn.Sequential(
            unit(ins, middle, 1),
            unit(middle, middle, 3, stride),
            unit(middle, outs, 1, activation=None),
        )
        same = stride == 1 and list(ins) == list(outs)
        self.shortcut = nn.Identity() if same else unit(ins, outs, 1, stride, activation=None)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.shortcut(x) + self.body(x))


class ResNet50(SlimmableNetwork):
    """50 layers in stages of 3, 4, 6 and 3 bottlenecks."""

    def __init__(self, widths: Sequence[float], classes: int = 1000) -> None:
        super().__init__()
        self.widths = list(widths)
        channels = [int(64 * width) for width in widths]
        layers: list[nn.Module] = [
            unit([3] * len(widths), channels, 7, 2),
            nn.MaxPool2d(3, stride=2, padding=1),
        ]
        for stage, blocks in enumerate((3, 4, 6, 3)):
            outs = [int(256 * 2**stage * width) for width in widths]
            for index in range(blocks):
                layers.append(Bottleneck(channels, outs, 2 if stage and index == 0 else 1))
                channels = outs
        self.features = nn.Sequential(*layers)
        self.classifier = SlimmableLinear(channels, classes)


class ShuffleUnit(nn.Module):
    """Zhang et al. 2018, 3 groups: grouped 1x1, shuffle, depthwise 3x3, grouped 1x1.

    With stride 2 the input, average-pooled, is put beside the result instead of added to it.
    """

    GROUPS = 3

    def __init__(
        self, ins: Sequence[int], outs: Sequence[int], stride: int, first_groups: int
    ) -> None:
        super().__init__()
        self.stride = stride
        middle = [count // 4 for count in outs]
        new = [out - old for out, old in zip(outs, ins, strict=True)] if stride == 2 else outs
        self.reduce = unit(ins, middle, 1, groups=first_groups)
        self.depthwise = unit(middle, middle, 3, stride, "depthwise", activation=None)
        self.expand = unit(middle, new, 1, groups=self.GROUPS, activation=None)

    def forward(self, x: Tensor) -> Tensor:
        y = self.reduce(x)  # (batch, middle, height, width)
        y = y.unflatten(1, (self.GROUPS, -1)).transpose(1, 2).flatten(1, 2)
        y = self.expand(self.depthwise(y))
        if self.stride == 1:
            return F.relu(x + y)
        pooled = F.avg_pool2d(x, 3, stride=2, padding=1)
        return torch.cat([F.relu(y), pooled], dim=1)  # (batch, outs, height / 2, width / 2)


class ShuffleNet(SlimmableNetwork):
    """ShuffleNet v1 with 3 groups; the stem is slimmed with the rest (12, 24, 48 channels)."""

    def __init__(self, widths: Sequence[float], classes: int = 1000) -> None:
        super().__init__()
        self.widths = list(widths)
        channels = [int(24 * width) for width in widths]
        layers: list[nn.Module] = [
            unit([3] * len(widths), channels, 3, 2),
            nn.MaxPool2d(3, stride=2),  # not padded: 112 -> 55, as in the released code
        ]
        for count, blocks in ((240, 4), (480, 8), (960, 4)):
            outs = [int(count * width) for width in widths]
            for index in range(blocks):
                first_groups = 1 if count == 240 and index == 0 else ShuffleUnit.GROUPS
                stride = 2 if index == 0 else 1
                layers.append(ShuffleUnit(channels, outs, stride, first_groups))
                channels = outs
        self.features = nn.Sequential(*layers)
        self.classifier = SlimmableLinear(channels, classes)
