"""A MobileNet whose wide layers run with the leading part of their channels (Li et al. 2021).

Unlike a slimmable network, the width is chosen per image by a gate that looks at an early feature
map (Eq. 5-8); the first stages always have the same width.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHOICES = 14


def widths(choice: int) -> dict[str, int]:
    """Channels of the stages for sub-network `choice` of DS-MBNet, 0 to 13."""
    if not 0 <= choice < CHOICES:
        raise ValueError(f"choices are 0 to {CHOICES - 1}")
    return {"stem": 16, "1": 32, "2": 48, "3": 96, "4": 224 + 32 * choice, "5": 736 + 32 * choice}


class SlicedConv2d(nn.Module):
    """A convolution, 1x1 or depthwise 3x3, that uses as many channels as it is asked for."""

    def __init__(self, ins: int, outs: int, kernel: int, stride: int = 1, depthwise: bool = False):
        super().__init__()
        self.stride, self.padding, self.depthwise = stride, kernel // 2, depthwise
        groups = ins if depthwise else 1
        self.weight = nn.Conv2d(ins, outs, kernel, groups=groups, bias=False).weight

    def forward(self, x: Tensor, outs: int) -> Tensor:
        """x: (batch, any leading part of the channels, height, width)."""
        ins = x.shape[1]
        weight = self.weight[:outs] if self.depthwise else self.weight[:outs, :ins]
        groups = ins if self.depthwise else 1
        return F.conv2d(x, weight, None, self.stride, self.padding, 1, groups)


class Pair(nn.Module):
    """Depthwise 3x3 and pointwise 1x1, with a normalisation for each choice."""

    def __init__(self, ins: Sequence[int], outs: Sequence[int], stride: int) -> None:
        super().__init__()
        self.depthwise = SlicedConv2d(max(ins), max(ins), 3, stride, depthwise=True)
        self.pointwise = SlicedConv2d(max(ins), max(outs), 1)
        self.outs = list(outs)
        self.inner = nn.ModuleList(nn.BatchNorm2d(count) for count in ins)
        self.outer = nn.ModuleList(nn.BatchNorm2d(count) for count in outs)

    def forward(self, x: Tensor, choice: int) -> Tensor:
        x = F.relu(self.inner[choice](self.depthwise(x, x.shape[1])))
        return F.relu(self.outer[choice](self.pointwise(x, self.outs[choice])))


class Gate(nn.Module):
    """Two heads on pooled features: attention for the channels, scores for the choices."""

    def __init__(self, channels: int, hidden: int, choices: int) -> None:
        super().__init__()
        self.shared = nn.Linear(channels, hidden)
        self.attention, self.slimming = nn.Linear(hidden, channels), nn.Linear(hidden, choices)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (batch, channels, height, width).  Returns attended x and scores (batch, choices)."""
        hidden = F.relu(self.shared(x.mean((2, 3))))
        attention = 1 + torch.tanh(self.attention(hidden))
        return x * attention[..., None, None], self.slimming(hidden)


class DSMobileNet(nn.Module):
    """13 pairs of convolutions as in MobileNet v1, at 14 widths, and the gate before the wide ones.

    `forward(images)` lets the gate choose, one width for each image; `run(images, choice)` is a
    sub-network alone, without gate, which is what the published costs are of.
    """

    SETTING: tuple[tuple[str, int], ...] = (
        *(("1", 1), ("2", 2), ("2", 1), ("3", 2), ("3", 1), ("4", 2)),
        *(("4", 1),) * 5,
        *(("5", 2), ("5", 1)),
    )
    GATED = 5  # pairs before the gate: those whose width never changes

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        table = [widths(choice) for choice in range(CHOICES)]
        self.stem = nn.Conv2d(3, 16, 3, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        ins = [16] * CHOICES
        pairs = []
        for stage, stride in self.SETTING:
            outs = [row[stage] for row in table]
            pairs.append(Pair(ins, outs, stride))
            ins = outs
        self.pairs = nn.ModuleList(pairs)
        self.gate = Gate(96, 24, CHOICES)
        self.classifier = nn.Linear(max(ins), classes)

    def narrow(self, images: Tensor) -> Tensor:
        """The part that all images share: (batch, 96, height / 8, width / 8)."""
        x = F.relu(self.norm(self.stem(images)))
        for pair in self.pairs[: self.GATED]:
            x = pair(x, 0)
        return x

    def wide(self, x: Tensor, choice: int) -> Tensor:
        """The part whose width is chosen.  Returns logits (batch, classes)."""
        for pair in self.pairs[self.GATED :]:
            x = pair(x, choice)
        pooled = x.mean((2, 3))
        weight = self.classifier.weight[:, : pooled.shape[1]]
        return F.linear(pooled, weight, self.classifier.bias)

    def run(self, images: Tensor, choice: int) -> Tensor:
        """One sub-network for all images."""
        return self.wide(self.narrow(images), choice)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, classes) and the choice made for each image (batch,)."""
        x, scores = self.gate(self.narrow(images))
        chosen = scores.argmax(1)
        logits = x.new_zeros(len(x), self.classifier.out_features)
        for choice in chosen.unique().tolist():
            logits[chosen == choice] = self.wide(x[chosen == choice], choice)
        return logits, chosen
