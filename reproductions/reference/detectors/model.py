"""Necks and heads of Faster R-CNN, Mask R-CNN and RetinaNet on feature pyramids.

Pyramid: Lin et al. 2017a, Section 3.  Faster R-CNN: Ren et al. 2015; Mask R-CNN: He et al. 2017,
Fig. 4 right; RetinaNet: Lin et al. 2017b, Section 4.  Li et al. 2021 put involution into the 3x3
convolutions of the neck, of the region proposals and of the mask head.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .backbones import WIDTHS, Backbone, Involution

CLASSES = 80  # of COCO


def spatial(channels: int, involution: bool) -> nn.Module:
    """What looks at a neighbourhood: 3x3 convolution, or 7x7 involution."""
    return Involution(channels) if involution else nn.Conv2d(channels, channels, 3, padding=1)


class Pyramid(nn.Module):
    """1x1 on each scale, sums from coarse to fine, a spatial layer on each.

    coarser: "pool" adds one scale by taking every other pixel; "convolve" leaves the finest scale
    out and adds two by 3x3 convolutions with stride 2, as RetinaNet does.
    """

    def __init__(self, coarser: str, involution: bool = False) -> None:
        super().__init__()
        self.used = WIDTHS if coarser == "pool" else WIDTHS[1:]
        self.lateral = nn.ModuleList(nn.Conv2d(width, 256, 1) for width in self.used)
        self.smooth = nn.ModuleList(spatial(256, involution) for _ in self.used)
        ins = () if coarser == "pool" else (WIDTHS[-1], 256)
        self.extra = nn.ModuleList(nn.Conv2d(width, 256, 3, 2, 1) for width in ins)

    def forward(self, scales: Sequence[Tensor]) -> list[Tensor]:
        """scales: features at strides 4 to 32.  Returns five maps of 256 channels."""
        used = scales[-len(self.used) :]
        maps = [layer(x) for layer, x in zip(self.lateral, used, strict=True)]
        for index in range(len(maps) - 1, 0, -1):
            size = maps[index - 1].shape[-2:]
            maps[index - 1] = maps[index - 1] + F.interpolate(maps[index], size=size)
        out = [layer(x) for layer, x in zip(self.smooth, maps, strict=True)]
        x = used[-1]
        for layer in self.extra:
            x = layer(x)
            out.append(x)
        return out if self.extra else [*out, out[-1][:, :, ::2, ::2]]


class Proposals(nn.Module):
    """Three anchors a position: is there something, and where."""

    def __init__(self, involution: bool = False) -> None:
        super().__init__()
        self.look = spatial(256, involution)
        self.score, self.box = nn.Conv2d(256, 3, 1), nn.Conv2d(256, 12, 1)

    def forward(self, maps: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
        """Scores (batch, 3, height, width) and boxes (batch, 12, height, width) by scale."""
        seen = [F.relu(self.look(x)) for x in maps]
        return [(self.score(x), self.box(x)) for x in seen]


class Boxes(nn.Module):
    """Two linear layers on 7x7 regions; class, background included, and a box for each."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(256 * 49, 1024), nn.Linear(1024, 1024)
        self.name, self.box = nn.Linear(1024, CLASSES + 1), nn.Linear(1024, 4 * CLASSES)

    def forward(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        """regions: (count, 256, 7, 7)."""
        x = F.relu(self.second(F.relu(self.first(regions.flatten(1)))))
        return self.name(x), self.box(x)


class Masks(nn.Module):
    """Four spatial layers on 14x14 regions, twice the size, a mask for each class."""

    def __init__(self, involution: bool = False) -> None:
        super().__init__()
        self.layers = nn.ModuleList(spatial(256, involution) for _ in range(4))
        self.enlarge = nn.ConvTranspose2d(256, 256, 2, 2)
        self.mask = nn.Conv2d(256, CLASSES, 1)

    def forward(self, regions: Tensor) -> Tensor:
        """regions: (count, 256, 14, 14).  Returns (count, 80, 28, 28)."""
        for layer in self.layers:
            regions = F.relu(layer(regions))
        return self.mask(F.relu(self.enlarge(regions)))


class TwoStage(nn.Module):
    """Faster R-CNN; with masks, Mask R-CNN.  neck, head: whether involution stands there."""

    def __init__(
        self, backbone: Backbone, masks: bool, neck: bool = False, head: bool = False
    ) -> None:
        super().__init__()
        self.backbone, self.pyramid = backbone, Pyramid("pool", neck)
        self.proposals, self.boxes = Proposals(head), Boxes()
        self.masks = Masks(head) if masks else None

    def forward(self, images: Tensor, regions: Tensor, masked: Tensor) -> list[Tensor]:
        """images: (batch, 3, height, width); regions: (count, 256, 7, 7) pooled from the maps,
        masked: (count, 256, 14, 14) those of them that get a mask."""
        found = self.proposals(self.pyramid(self.backbone(images)))
        out = [*(part for pair in found for part in pair), *self.boxes(regions)]
        return out if self.masks is None else [*out, self.masks(masked)]


class RetinaNet(nn.Module):
    """Nine anchors a position; two towers of four convolutions, shared by all scales."""

    def __init__(self, backbone: Backbone, neck: bool = False) -> None:
        super().__init__()
        self.backbone, self.pyramid = backbone, Pyramid("convolve", neck)
        self.naming, self.placing = (
            nn.ModuleList(nn.Conv2d(256, 256, 3, padding=1) for _ in range(4)) for _ in range(2)
        )
        self.name = nn.Conv2d(256, 9 * CLASSES, 3, padding=1)
        self.box = nn.Conv2d(256, 36, 3, padding=1)

    def forward(self, images: Tensor) -> list[Tensor]:
        """images: (batch, 3, height, width).  Scores and boxes of five scales."""
        out = []
        for x in self.pyramid(self.backbone(images)):
            for tower, last in ((self.naming, self.name), (self.placing, self.box)):
                y = x
                for layer in tower:
                    y = F.relu(layer(y))
                out.append(last(y))
        return out


def regions(count: int, side: int) -> Tensor:
    """So many pooled regions."""
    return torch.empty(count, 256, side, side)
