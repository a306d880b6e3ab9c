"""A small resolution adaptive network, after RANet (Yang et al. 2020, section 3).

    x_s                      the image, averaged down to 7x7, 14x14 and 28x28 pixels, s = 1, 2, 3
    f_s = H_s(x_s, f_{s-1})  sub-network s: its own resolution, fused with what s - 1 has found
    p_s = softmax(W_s f_s)   its classifier; the image leaves where max p_s >= threshold

The coarsest sub-network sees every image; a finer one is computed only for images that go on, and
starts from the features that are there.  RANet has dense blocks and several exits a sub-network;
here each has two or three convolutions and one exit.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 10
GRID = 7
"""Side of all features that are fused and classified."""
SIDES = (7, 14, 28)
"""Resolutions, coarse to fine."""
STEM = 8  # channels in which a sub-network reads its image
WIDTHS = (16, 24, 32)  # channels of f_s


class SubNetwork(nn.Module):
    """H_s and W_s.  side: its resolution.  earlier: channels of f_{s-1}, 0 for the coarsest."""

    def __init__(self, side: int, earlier: int, width: int) -> None:
        super().__init__()
        self.side = side
        reading: list[nn.Module] = []
        channels = 1
        while side > GRID:
            reading += [nn.Conv2d(channels, STEM, 3, stride=2, padding=1), nn.ReLU()]
            channels, side = STEM, side // 2
        if self.side == GRID:
            reading += [nn.Conv2d(channels, STEM, 3, padding=1), nn.ReLU()]
        self.reading = nn.Sequential(*reading)
        self.fusing = nn.Sequential(nn.Conv2d(STEM + earlier, width, 3, padding=1), nn.ReLU())
        self.classifier = nn.Linear(width * GRID * GRID, CLASSES)

    def forward(self, images: Tensor, earlier: Tensor | None) -> tuple[Tensor, Tensor]:
        """f_s (n, width, 7, 7) and scores (n, classes).

        images: (n, 1, 28, 28).  earlier: f_{s-1}, None for the coarsest.
        """
        seen = self.reading(F.avg_pool2d(images, images.shape[-1] // self.side))
        features = self.fusing(seen if earlier is None else torch.cat((seen, earlier), dim=1))
        return features, self.classifier(features.flatten(start_dim=1))


class ResolutionAdaptive(nn.Module):
    """Sub-networks of the first `resolutions` sides, coarse to fine."""

    def __init__(self, resolutions: int = len(SIDES)) -> None:
        super().__init__()
        self.parts = nn.ModuleList(
            SubNetwork(side, earlier, width)
            for side, earlier, width in zip(SIDES[:resolutions], (0, *WIDTHS), WIDTHS, strict=False)
        )

    def forward(self, images: Tensor) -> Tensor:
        """Scores of all exits, (exits, n, classes)."""
        features, scores = None, []
        for part in self.parts:
            features, score = part(images, features)
            scores.append(score)
        return torch.stack(scores)


def leaving(scores: Tensor, threshold: float) -> Tensor:
    """Index of the exit at which each image leaves; (n,).

    scores: (exits, n, classes).  The first exit whose largest probability reaches the threshold,
    else the last.
    """
    sure = scores.softmax(dim=2).amax(dim=2) >= threshold  # (exits, n)
    sure[-1] = True
    return sure.int().argmax(dim=0)
