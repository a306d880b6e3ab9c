"""A network that keeps coarse features from the first layer on, so that early exits work.

Layer l and scale s hold features x[l][s]; scale 1 is the finest.  Every scale is densely connected
to its own past, and scale s > 1 also to the past of the next finer one (Huang et al. 2018, Eq. 1):

    x[l][s] = concat(x[l-1][s], down(x[l-1][s-1]), same(x[l-1][s]))

A classifier sits on the coarsest scale at the end of every block.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """A network of the paper.

    steps: layers in each block.  channels: of the finest scale after the first layer.
    growth: channels that a layer adds at the finest scale.  factors: multiple of both at each
    scale, from fine to coarse; also the bottleneck's multiple.  stem: "cifar", "imagenet" or
    "digits".  classifier_width: channels of the classifier, None for those of its input.
    """

    steps: tuple[int, ...]
    channels: int
    growth: int
    factors: tuple[int, ...]
    classes: int
    stem: str
    classifier_width: int | None = 128
    image_channels: int = 3


def growing_steps(blocks: int, base: int = 1, step: int = 1) -> tuple[int, ...]:
    """Layers per block that grow by `step`, as the released code has it: base, step + 1, ..."""
    return (base, *(step * index + 1 for index in range(1, blocks)))


IMAGENET = Shape((4,) * 5, 32, 16, (1, 2, 4, 4), 1000, "imagenet", classifier_width=None)
CIFAR100 = Shape(growing_steps(7), 16, 6, (1, 2, 4), 100, "cifar")
DIGITS = Shape((1, 1, 2, 2), 4, 6, (1, 2), 10, "digits", 16, image_channels=1)


def unit(ins: int, outs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution without bias, batch normalisation, ReLU."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outs),
        nn.ReLU(inplace=True),
    )


def bottleneck(ins: int, outs: int, factor: int, stride: int = 1) -> nn.Sequential:
    """1x1 to at most `factor` times the output, then 3x3."""
    inner = min(ins, factor * outs)
    return nn.Sequential(unit(ins, inner, 1), unit(inner, outs, 3, stride))


class FirstLayer(nn.Module):
    """All scales at once: a stem, then one strided convolution per coarser scale."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        widths = [shape.channels * factor for factor in shape.factors]
        if shape.stem == "imagenet":
            stem: nn.Module = nn.Sequential(
                nn.Conv2d(3, widths[0], 7, 2, 3),
                nn.BatchNorm2d(widths[0]),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(3, 2, 1),
            )
        else:
            stem = unit(shape.image_channels, widths[0], 3)
        rest = [unit(fine, coarse, 3, 2) for fine, coarse in pairwise(widths)]
        self.scales = nn.ModuleList([stem, *rest])

    def forward(self, images: Tensor) -> list[Tensor]:
        """images: (batch, channels, height, width).  Returns features from fine to coarse."""
        features = []
        x = images
        for scale in self.scales:
            x = scale(x)
            features.append(x)
        return features


class Layer(nn.Module):
    """One layer at the scales that are still alive; the finest are given up on the way.

    ins: channels at factor 1.  before, after: how many scales come in and go out.
    """

    def __init__(self, shape: Shape, ins: int, before: int, after: int) -> None:
        super().__init__()
        self.drops = before - after
        offset = len(shape.factors) - after
        self.same, self.down = nn.ModuleList(), nn.ModuleList()
        for scale in range(offset, len(shape.factors)):
            factor = shape.factors[scale]
            has_finer = scale > offset or self.drops > 0
            new = shape.growth * factor // (2 if has_finer else 1)
            self.same.append(bottleneck(ins * factor, new, factor))
            if has_finer:
                finer = shape.factors[scale - 1]
                self.down.append(bottleneck(ins * finer, new, finer, stride=2))

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """features: from fine to coarse.  Returns the next layer's, `drops` fewer."""
        kept = features[self.drops :]
        finer = features[: len(self.down)]
        lowered = [down(x) for down, x in zip(self.down, finer, strict=True)]
        missing: list[Tensor | None] = [None] * (len(kept) - len(lowered))
        return [
            torch.cat([x, same(x)] if low is None else [x, low, same(x)], dim=1)
            for x, low, same in zip(kept, missing + lowered, self.same, strict=True)
        ]


class Transition(nn.Module):
    """A 1x1 convolution at every scale that keeps half the channels."""

    def __init__(self, shape: Shape, ins: int, outs: int, scales: int) -> None:
        super().__init__()
        factors = shape.factors[len(shape.factors) - scales :]
        self.scales = nn.ModuleList([unit(ins * factor, outs * factor, 1) for factor in factors])

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        return [scale(x) for scale, x in zip(self.scales, features, strict=True)]


class Classifier(nn.Module):
    """Two strided convolutions, pooling, one linear layer, on the coarsest features."""

    def __init__(self, shape: Shape, ins: int) -> None:
        super().__init__()
        width = shape.classifier_width or ins
        small = shape.stem == "digits"
        self.features = nn.Sequential(
            unit(ins, width, 3, 1 if small else 2),
            unit(width, width, 3, 2),
            nn.AvgPool2d(2),
            nn.Flatten(),
        )
        self.linear = nn.Linear(width, shape.classes)

    def forward(self, features: list[Tensor]) -> Tensor:
        return self.linear(self.features(features[-1]))


class MSDNet(nn.Module):
    """Blocks with a classifier after each.

    The layers are cut into as many stretches as there are scales; each stretch after the first
    gives up its finest scale and halves the channels (lazy evaluation is not used).
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        scales, layers = len(shape.factors), sum(shape.steps)
        stretch = math.ceil(layers / scales)
        self.blocks, self.classifiers = nn.ModuleList(), nn.ModuleList()
        width, index = shape.channels, 0
        for step in shape.steps:
            parts: list[nn.Module] = [FirstLayer(shape)] if index == 0 else []
            for _ in range(step):
                before = scales - max(0, index - 1) // stretch
                after = scales - index // stretch
                parts.append(Layer(shape, width, before, after))
                width += shape.growth
                if before > after:
                    parts.append(Transition(shape, width, width // 2, after))
                    width //= 2
                index += 1
            self.blocks.append(nn.Sequential(*parts))
            self.classifiers.append(Classifier(shape, width * shape.factors[-1]))

    def forward(self, images: Tensor) -> list[Tensor]:
        """images: (batch, channels, height, width).  Returns logits (batch, classes) per exit."""
        logits = []
        x = images
        for block, classifier in zip(self.blocks, self.classifiers, strict=True):
            x = block(x)
            logits.append(classifier(x))
        return logits


def parameters_up_to(model: MSDNet, exits: int) -> int:
    """Trainable parameters used when one leaves at exit `exits`, earlier classifiers included."""
    parts: Sequence[nn.Module] = [*model.blocks[:exits], *model.classifiers[:exits]]
    return sum(parameter.numel() for part in parts for parameter in part.parameters())
