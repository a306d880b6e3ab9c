"""B-LeNet (Teerapittayanon et al. 2016): LeNet with one side branch after its first convolution.

    entropy(y) = -sum_c y_c log y_c        of the branch's answer y = softmax(z_1), section III-C
    L = L(y_1, label) + L(y_2, label)      both exits together, section III-B with w_1 = w_2 = 1

An image whose entropy at the branch lies below the threshold T leaves there (Algorithm 1 of the
paper); the others pass the trunk.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class BLeNet(nn.Module):
    """28x28 images in ten classes; sizes as in the released code, where pooling rounds up."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 5, 5, padding=3)  # (batch, 5, 30, 30)
        self.branch = nn.Sequential(
            nn.MaxPool2d(2, ceil_mode=True),  # (batch, 5, 15, 15)
            nn.ReLU(),
            nn.Conv2d(5, 10, 3, padding=1),
            nn.MaxPool2d(2, ceil_mode=True),  # (batch, 10, 8, 8)
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(640, 10),
        )
        self.trunk = nn.Sequential(
            nn.MaxPool2d(2, ceil_mode=True),  # (batch, 5, 15, 15)
            nn.ReLU(),
            nn.Conv2d(5, 10, 5, padding=3),  # (batch, 10, 17, 17)
            nn.MaxPool2d(2, ceil_mode=True),
            nn.ReLU(),
            nn.Conv2d(10, 20, 5, padding=3),  # (batch, 20, 11, 11)
            nn.MaxPool2d(2, ceil_mode=True),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(720, 84),
            nn.Linear(84, 10),
        )

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Scores z_1, z_2 of both exits, (batch, 10) each.  images: (batch, 1, 28, 28)."""
        features = self.first(images)
        return self.branch(features), self.trunk(features)

    def without_branch(self, images: Tensor) -> Tensor:
        """z_2 alone: plain LeNet, the baseline of Table I; (batch, 10)."""
        return self.trunk(self.first(images))

    @torch.no_grad()
    def infer(self, images: Tensor, threshold: float) -> tuple[Tensor, Tensor]:
        """Classify, and compute no further what is sure at the branch.

        threshold: T in nats.  Returns labels, and whether each image left at the branch; (batch,).
        """
        features = self.first(images)
        scores = self.branch(features)
        labels = scores.argmax(dim=1)
        sure = entropy(scores) < threshold
        if not sure.all():
            labels[~sure] = self.trunk(features[~sure]).argmax(dim=1)
        return labels, sure


def entropy(scores: Tensor) -> Tensor:
    """Of softmax(scores), in nats (section III-C); (batch,)."""
    log_y = F.log_softmax(scores, dim=1)  # (batch, classes)
    return -(log_y.exp() * log_y).sum(dim=1)


def joint_loss(scores: tuple[Tensor, Tensor], labels: Tensor) -> Tensor:
    """Cross-entropies of both exits, each with weight 1 (section III-B); a scalar."""
    return F.cross_entropy(scores[0], labels) + F.cross_entropy(scores[1], labels)
