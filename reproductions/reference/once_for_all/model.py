"""One network that holds many: kernels, expansions and depths are chosen, weights are shared.

Section 3 of Cai et al. 2020.  A sub-network takes the leading channels, the first blocks of each
stage and the centre of each kernel; nothing is copied and nothing trained again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Block = tuple[int, int]
"""Kernel (3, 5 or 7) and expansion (3, 4 or 6) of one block."""


@dataclass(frozen=True)
class Stage:
    """Blocks of one width: the first has the stride and no shortcut."""

    width: int
    stride: int
    attends: bool
    activation: str


@dataclass(frozen=True)
class Space:
    """What all sub-networks of a supernet have in common.

    stem: channels of the first convolution.  first: width of the block that never changes.
    final, mixed: channels of the last 1x1 convolutions, before and after pooling; final None
        where there is but one, before pooling.
    """

    stem: int
    first: int
    stages: tuple[Stage, ...]
    final: int | None
    mixed: int
    activation: str
    first_activation: str


def _mobile(*widths: int) -> tuple[Stage, ...]:
    """The five stages of MobileNet v3."""
    strides, attends = (2, 2, 2, 1, 2), (False, True, False, True, True)
    activations = ("relu", "relu", "hardswish", "hardswish", "hardswish")
    return tuple(map(Stage, widths, strides, attends, activations))


def _proxyless(*widths: int) -> tuple[Stage, ...]:
    strides = (2, 2, 2, 1, 2, 1)
    return tuple(
        Stage(width, stride, False, "relu6") for width, stride in zip(widths, strides, strict=True)
    )


SPACES = {
    "mobilenet-v3-1.0": Space(
        16, 16, _mobile(24, 40, 80, 112, 160), 960, 1280, "hardswish", "relu"
    ),
    "mobilenet-v3-1.2": Space(
        24, 24, _mobile(32, 48, 96, 136, 192), 1152, 1536, "hardswish", "relu"
    ),
    "proxyless-1.3": Space(
        40, 24, _proxyless(32, 56, 104, 128, 248, 416), None, 1664, "relu6", "relu6"
    ),
}


@dataclass(frozen=True)
class Setting:
    """One sub-network: a list of blocks for each stage of its space, and the size of its images."""

    space: str
    image_size: int
    stages: tuple[tuple[Block, ...], ...]


def divisible(channels: float, by: int = 8) -> int:
    """The nearest multiple, but never below nine tenths of what was asked for."""
    nearest = max(by, int(channels + by / 2) // by * by)
    return nearest + by if nearest < 0.9 * channels else nearest


def subnets(depths: Sequence[int], kernels: int, expansions: int, stages: int) -> int:
    """How many sub-networks there are: a choice of blocks in each unit, section 3.1."""
    choices = kernels * expansions
    return int(sum(choices**depth for depth in depths) ** stages)


class ElasticKernel(nn.Module):
    """Depthwise weights whose centre serves the smaller kernels, through a matrix of each layer.

    The matrices, 25x25 and 9x9, are shared by the channels: 706 values a layer (section 3.3).
    """

    def __init__(self, channels: int, largest: int = 7) -> None:
        super().__init__()
        self.weight = nn.Conv2d(channels, channels, largest, groups=channels, bias=False).weight
        smaller = range(largest - 2, 2, -2)
        self.matrices = nn.ParameterDict({str(size): torch.eye(size * size) for size in smaller})

    def kernels(self, channels: int, size: int) -> Tensor:
        """Weights (channels, 1, size, size), each size from the centre of the next larger."""
        weight = self.weight[:channels]
        for smaller in range(weight.shape[-1] - 2, size - 1, -2):
            centre = weight[..., 1:-1, 1:-1].flatten(2)  # (channels, 1, smaller * smaller)
            weight = (centre @ self.matrices[str(smaller)].T).unflatten(2, (smaller, smaller))
        return weight


class Excitation(nn.Module):
    """Squeeze and excitation with a quarter of the channels, rounded to a multiple of eight."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = divisible(channels // 4)
        self.reduce, self.expand = nn.Conv2d(channels, hidden, 1), nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, a leading part of the channels, height, width)."""
        channels = x.shape[1]
        hidden = divisible(channels // 4)
        squeezed = F.conv2d(
            x.mean((2, 3), keepdim=True),
            self.reduce.weight[:hidden, :channels],
            self.reduce.bias[:hidden],  # type: ignore[index]
        )
        scale = F.conv2d(
            F.relu(squeezed),
            self.expand.weight[:channels, :hidden],
            self.expand.bias[:channels],  # type: ignore[index]
        )
        return x * F.hardsigmoid(scale)


def normalised(x: Tensor, norm: nn.BatchNorm2d) -> Tensor:
    """By the leading part of the stored statistics; nothing here is trained."""
    count = x.shape[1]
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None and variance is not None
    return F.batch_norm(
        x, mean[:count], variance[:count], norm.weight[:count], norm.bias[:count], eps=norm.eps
    )


class ElasticBlock(nn.Module):
    """Expand by 1x1, filter each channel, project by 1x1; kernel and expansion are chosen."""

    def __init__(self, ins: int, stage: Stage, stride: int, expansion: int, kernel: int) -> None:
        super().__init__()
        widest = divisible(ins * expansion)
        self.ins, self.stride = ins, stride
        self.activation = getattr(F, stage.activation)
        self.expand = nn.Conv2d(ins, widest, 1, bias=False) if expansion > 1 else None
        self.expand_norm = nn.BatchNorm2d(widest) if expansion > 1 else None
        self.filter, self.filter_norm = ElasticKernel(widest, kernel), nn.BatchNorm2d(widest)
        self.excitation = Excitation(widest) if stage.attends else None
        self.project = nn.Conv2d(widest, stage.width, 1, bias=False)
        self.project_norm = nn.BatchNorm2d(stage.width)
        self.has_shortcut = stride == 1 and ins == stage.width

    def forward(self, x: Tensor, block: Block) -> Tensor:
        """x: (batch, ins, height, width)."""
        kernel, expansion = block
        channels, inner = divisible(self.ins * expansion), x
        if self.expand is not None and self.expand_norm is not None:
            inner = F.conv2d(x, self.expand.weight[:channels])
            inner = self.activation(normalised(inner, self.expand_norm))
        weight = self.filter.kernels(channels, kernel)
        inner = F.conv2d(inner, weight, None, self.stride, kernel // 2, groups=channels)
        inner = self.activation(normalised(inner, self.filter_norm))
        if self.excitation is not None:
            inner = self.excitation(inner)
        inner = F.conv2d(inner, self.project.weight[:, :channels])
        inner = normalised(inner, self.project_norm)
        return x + inner if self.has_shortcut else inner


class OnceForAll(nn.Module):
    """A network whose stages have up to `depths` blocks, each of the size in `blocks` or smaller.

    depths, blocks: the largest; those of a single sub-network make it a plain network.
    """

    def __init__(
        self,
        space: Space,
        depths: Sequence[int],
        blocks: Sequence[Sequence[Block]],
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.activation = getattr(F, space.activation)
        self.stem = nn.Conv2d(3, space.stem, 3, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(space.stem)
        first = Stage(space.first, 1, False, space.first_activation)
        self.first = ElasticBlock(space.stem, first, 1, 1, 3)
        ins, stages = space.first, []
        for stage, depth, largest in zip(space.stages, depths, blocks, strict=True):
            made = nn.ModuleList()
            for place in range(depth):
                kernel, expansion = largest[place]
                stride = stage.stride if place == 0 else 1
                made.append(ElasticBlock(ins, stage, stride, expansion, kernel))
                ins = stage.width
            stages.append(made)
        self.stages = nn.ModuleList(stages)
        last = space.final or space.mixed
        self.final = nn.Conv2d(ins, last, 1, bias=False)
        self.final_norm = nn.BatchNorm2d(last)
        self.mix = nn.Conv2d(last, space.mixed, 1, bias=False) if space.final else None
        self.classifier = nn.Linear(space.mixed, classes)

    @classmethod
    def supernet(cls, space: Space, classes: int = 1000) -> "OnceForAll":
        """All sub-networks at once: four blocks a stage, but one in a sixth."""
        last = [1] if len(space.stages) == 6 else []
        depths = [4, 4, 4, 4, 4, *last]
        return cls(space, depths, [[(7, 6)] * depth for depth in depths], classes)

    @classmethod
    def alone(cls, setting: Setting, classes: int = 1000) -> "OnceForAll":
        """One sub-network by itself, as it is deployed: no larger kernel, no unused channel."""
        depths = [len(stage) for stage in setting.stages]
        return cls(SPACES[setting.space], depths, setting.stages, classes)

    def forward(self, images: Tensor, stages: Sequence[Sequence[Block]]) -> Tensor:
        """images: (batch, 3, size, size), any size.  Returns logits (batch, classes)."""
        x = self.activation(self.stem_norm(self.stem(images)))
        x = self.first(x, (3, 1))
        for made, blocks in zip(self.stages, stages, strict=True):
            for place, block in enumerate(blocks):  # the first blocks of the stage
                x = made[place](x, block)  # type: ignore[index]
        x = self.activation(self.final_norm(self.final(x))).mean((2, 3), keepdim=True)
        if self.mix is not None:
            x = self.activation(self.mix(x))
        return self.classifier(x.flatten(1))


@torch.no_grad()
def extracted(supernet: OnceForAll, setting: Setting) -> OnceForAll:
    """The sub-network with weights of its own, copied out of the supernet; in evaluation mode."""
    alone = OnceForAll.alone(setting, supernet.classifier.out_features).eval()
    for unit, blocks in enumerate(setting.stages):
        for place, (kernel, _) in enumerate(blocks):
            source = supernet.get_submodule(f"stages.{unit}.{place}.filter")
            own = alone.get_submodule(f"stages.{unit}.{place}.filter")
            assert isinstance(source, ElasticKernel) and isinstance(own, ElasticKernel)
            own.weight.copy_(source.kernels(own.weight.shape[0], kernel))
    shared = supernet.state_dict()
    for name, value in alone.state_dict().items():
        if ".filter." in name and name.startswith("stages."):
            continue  # transformed above
        value.copy_(shared[name][tuple(slice(size) for size in value.shape)])
    return alone


def deployed_parameters(network: OnceForAll) -> int:
    """Trainable values of a network alone; the matrices between kernels are not deployed."""
    return sum(
        value.numel()
        for name, value in network.named_parameters()
        if ".filter.matrices." not in name
    )
