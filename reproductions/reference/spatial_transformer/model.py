"""Spatial transformer networks (Jaderberg et al. 2015) with fully connected layers.

    theta = f_loc(U)                                        localisation network, section 3.1
    (x_s, y_s) = A_theta (x_t, y_t, 1)                      grid generator, equation (1)
    V = sum_n sum_m U_nm max(0, 1 - |x_s - m|) max(0, 1 - |y_s - n|)
                                                            bilinear sampler, equation (5)

theta depends on the image, so each image is turned, moved and scaled in its own way; the layers
behind see V instead of U.  Sizes are those of Appendix A.4: three layers in f_loc, 32 units each;
on RTS an average pooling of 2x2 behind the sampler; all networks of as many parameters.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .distortion import Distortion

CLASSES = 10
LOCALISATION = 32  # units of each hidden layer of f_loc
THETA = 6  # an affine map of the plane
PARAMETERS = 400_000  # of every network, about


class SpatialTransformer(nn.Module):
    """Localisation network, grid generator and sampler; begins as the identity."""

    def __init__(self, side: int) -> None:
        super().__init__()
        regression = nn.Linear(LOCALISATION, THETA)
        nn.init.zeros_(regression.weight)
        with torch.no_grad():
            regression.bias.copy_(identity(1).flatten())
        self.localisation = nn.Sequential(
            nn.Flatten(),
            nn.Linear(side * side, LOCALISATION),
            nn.ReLU(),
            nn.Linear(LOCALISATION, LOCALISATION),
            nn.ReLU(),
            regression,
        )

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """V, of the images' shape (n, 1, side, side), and theta (n, 2, 3)."""
        theta = self.localisation(images).view(-1, 2, 3)
        grid = F.affine_grid(theta, list(images.shape), align_corners=False)
        return F.grid_sample(images, grid, align_corners=False), theta


def identity(count: int) -> Tensor:
    """theta that leaves an image as it is; (count, 2, 3)."""
    return torch.eye(2, 3).repeat(count, 1, 1)


class Classifier(nn.Sequential):
    """Two hidden layers of rectified units, as wide as the number of parameters allows."""

    def __init__(self, inputs: int, wanted: int) -> None:
        units = width(inputs, wanted)
        super().__init__(
            nn.Flatten(),
            nn.Linear(inputs, units),
            nn.ReLU(),
            nn.Linear(units, units),
            nn.ReLU(),
            nn.Linear(units, CLASSES),
        )


def width(inputs: int, wanted: int) -> int:
    """Units h of both hidden layers that come nearest to the wanted number of parameters.

    (inputs + 1) h + (h + 1) h + (h + 1) CLASSES = wanted
    """
    linear = inputs + 2 + CLASSES
    return round((math.sqrt(linear**2 + 4 * (wanted - CLASSES)) - linear) / 2)


class FCN(nn.Module):
    """The plain network: reads the image as it comes."""

    def __init__(self, distortion: Distortion) -> None:
        super().__init__()
        self.classifier = Classifier(distortion.side**2, PARAMETERS)

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, side, side)."""
        return self.classifier(images)


class STFCN(nn.Module):
    """A spatial transformer before a fully connected network.

    transforms: False to hold the transformer at the identity: the same layers behind it, and
    nothing else.
    """

    def __init__(self, distortion: Distortion, *, transforms: bool = True) -> None:
        super().__init__()
        transformer = SpatialTransformer(distortion.side)
        seen = distortion.side // 2 if distortion.moves else distortion.side
        self.pooling = nn.AvgPool2d(2) if distortion.moves else nn.Identity()
        self.classifier = Classifier(seen**2, PARAMETERS - parameters(transformer))
        self.transformer = transformer if transforms else None

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, side, side)."""
        return self.read(images if self.transformer is None else self.transformer(images)[0])

    def read(self, images: Tensor) -> Tensor:
        """Scores of images that are taken as they are."""
        return self.classifier(self.pooling(images))


def angle_of(theta: Tensor) -> Tensor:
    """Angle of the rotation nearest to each linear part, in radians; (n,)."""
    return torch.atan2(theta[:, 1, 0] - theta[:, 0, 1], theta[:, 0, 0] + theta[:, 1, 1])


def zoom_of(theta: Tensor) -> Tensor:
    """Side of the part of the image that is looked at, 1 for the whole; (n,)."""
    return torch.linalg.det(theta[:, :, :2]).abs().sqrt()


def parameters(network: nn.Module) -> int:
    """Numbers that training may change."""
    return sum(values.numel() for values in network.parameters())
