"""What deformable convolution adds to ResNet-50 and ResNet-101, counted on the meta device.

As the papers use them for detection: the pooling and the last layer are taken away, and the last
block keeps the resolution of the one before, with dilation 2 instead (section 2.3).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reproductions.protocol.cost import parameter_count, trace

from .model import DeformableConv2d

COUNTED = "mac:conv-fc"
WIDTHS = (64, 128, 256, 512)
DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
KERNEL = 9

SAMPLER_PRODUCTS = 4
"""Of a sample in one channel: four neighbours, each times its weight (equation 3)."""


@dataclass(frozen=True)
class Cost:
    """macs: of convolutions on one image.  sampling: products of the sampler, beside them."""

    params: int
    macs: int
    sampling: int


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 and the shortcut, batch normalisation behind each (He et al. 2016)."""

    def __init__(self, ins: int, width: int, stride: int, dilation: int) -> None:
        super().__init__()
        outs = 4 * width
        self.reduce = normalised(nn.Conv2d(ins, width, 1, stride, bias=False))
        self.look = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.expand = normalised(nn.Conv2d(width, outs, 1, bias=False))
        self.norm = nn.BatchNorm2d(width)
        self.fields: nn.Module | None = None  # of Dp, and of Dm
        changes = ins != outs or stride > 1
        shortcut = nn.Conv2d(ins, outs, 1, stride, bias=False) if changes else None
        self.shortcut = normalised(shortcut) if shortcut else nn.Identity()

    def deform(self, *, modulated: bool) -> None:
        """Add what a deformable convolution has beside the plain one."""
        plain = self.look
        deformable = DeformableConv2d(
            plain.in_channels, plain.out_channels, 3, plain.dilation[0], modulated=modulated
        )
        self.fields = deformable.fields

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width).  Samples are counted apart: `Body.sampling`."""
        seen = torch.relu(self.reduce(x))
        if self.fields is not None:
            self.fields(seen)
        looked = torch.relu(self.norm(self.look(seen)))
        return torch.relu(self.expand(looked) + self.shortcut(x))


def normalised(layer: nn.Conv2d) -> nn.Sequential:
    """A convolution and batch normalisation."""
    return nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels))


class Body(nn.Sequential):
    """The convolutional layers of a ResNet; `blocks` from the first to the last."""

    def __init__(self, depth: int) -> None:
        stem = normalised(nn.Conv2d(3, 64, 7, 2, 3, bias=False))
        blocks, ins = [], 64
        for stage, (count, width) in enumerate(zip(DEPTHS[depth], WIDTHS, strict=True)):
            dilation = 2 if width == WIDTHS[-1] else 1
            for index in range(count):
                halves = stage > 0 and index == 0 and dilation == 1
                blocks.append(Bottleneck(ins, width, 2 if halves else 1, dilation))
                ins = 4 * width
        super().__init__(*stem, nn.ReLU(), nn.MaxPool2d(3, 2, 1), *blocks)
        self.blocks = blocks


def of(depth: int, layers: int = 0, *, modulated: bool = False, side: int = 224) -> Cost:
    """The last `layers` 3x3 convolutions deformable, on side x side pixels."""
    with torch.device("meta"):
        body, image = Body(depth), torch.empty(1, 3, side, side)
        deformable = body.blocks[len(body.blocks) - layers :]
        for block in deformable:
            block.deform(modulated=modulated)
        macs = trace(body.eval(), image).under(COUNTED)
    widths = [block.look.in_channels for block in deformable]
    sampling = sum(width * KERNEL * positions(width, side) for width in widths) * SAMPLER_PRODUCTS
    return Cost(parameter_count(body), macs, sampling)


def positions(width: int, side: int) -> int:
    """Of the 3x3 filters of that many channels; strides are 4, 8, 16, and 16 again."""
    stride = min(WIDTHS.index(width) + 2, 4)
    return (side >> stride) ** 2


def layers_of(depth: int, *stages: int) -> int:
    """How many 3x3 convolutions the stages conv2 to conv5 have, named by their numbers."""
    return sum(DEPTHS[depth][stage - 2] for stage in stages)
