"""BranchyNet (Teerapittayanon et al. 2016): a trunk of stages, and a classifier after some of them.

An image leaves at the first exit whose prediction is certain enough, measured by its entropy
(Algorithm 1 of the paper); the last exit takes whoever is left.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class BranchyNet(nn.Module):
    """stages[i] maps features to features; exits[i] maps what stage i made to class scores."""

    def __init__(self, stages: list[nn.Module], exits: list[nn.Module]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.exits = nn.ModuleList(exits)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Scores of every exit, first to last; each (batch, classes).  Used for training."""
        scores, features = [], images
        for stage, leave in zip(self.stages, self.exits, strict=True):
            features = stage(features)
            scores.append(leave(features))
        return scores

    @torch.no_grad()
    def infer(self, images: Tensor, thresholds: list[float]) -> tuple[Tensor, Tensor]:
        """Classify with early exits: what left is computed no further.

        thresholds: largest entropy (nats) at which an image may leave, one per exit but the last.
        Returns labels and the exit taken, both (batch,).
        """
        labels = torch.empty(len(images), dtype=torch.long, device=images.device)
        taken = torch.empty_like(labels)
        waiting = torch.arange(len(images), device=images.device)  # who is still inside
        features = images
        for number, (stage, leave) in enumerate(zip(self.stages, self.exits, strict=True)):
            features = stage(features)
            scores = leave(features)  # (waiting, classes)
            sure = torch.ones(len(waiting), dtype=torch.bool, device=images.device)
            if number < len(thresholds):
                sure = entropy(scores) < thresholds[number]
            labels[waiting[sure]] = scores[sure].argmax(dim=1)
            taken[waiting[sure]] = number
            features, waiting = features[~sure], waiting[~sure]
            if not len(waiting):
                break
        return labels, taken


def entropy(scores: Tensor) -> Tensor:
    """-sum_c y_c log y_c with y = softmax(scores), in nats (section III-C); (batch,)."""
    log_y = F.log_softmax(scores, dim=1)  # (batch, classes)
    return -(log_y.exp() * log_y).sum(dim=1)


def joint_loss(scores: list[Tensor], labels: Tensor, weights: list[float]) -> Tensor:
    """sum_n w_n L(y_n, y): the weighted cross-entropies of all exits (section III-B)."""
    losses = [F.cross_entropy(each, labels) for each in scores]
    return torch.stack([w * loss for w, loss in zip(weights, losses, strict=True)]).sum()


def small_lenet(classes: int = 10) -> BranchyNet:
    """A LeNet for 8x8 images with one branch after the first convolution."""
    first = nn.Conv2d(1, 8, 3, padding=1)  # (batch, 8, 8, 8)
    branch = nn.Sequential(
        nn.MaxPool2d(2),  # (batch, 8, 4, 4)
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, padding=1),  # (batch, 16, 4, 4)
        nn.MaxPool2d(2),  # (batch, 16, 2, 2)
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16 * 2 * 2, classes),
    )
    trunk = nn.Sequential(
        nn.ReLU(),
        nn.Conv2d(8, 24, 3, padding=1),  # (batch, 24, 8, 8)
        nn.MaxPool2d(2),  # (batch, 24, 4, 4)
        nn.ReLU(),
        nn.Conv2d(24, 48, 3, padding=1),  # (batch, 48, 4, 4)
        nn.ReLU(),
        nn.Conv2d(48, 48, 3, padding=1),
        nn.MaxPool2d(2),  # (batch, 48, 2, 2)
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(48 * 2 * 2, 84),
        nn.ReLU(),
    )
    return BranchyNet([first, trunk], [branch, nn.Linear(84, classes)])


def b_alexnet() -> BranchyNet:
    """B-AlexNet for 32x32 colour images with two branches, sizes as in the released code."""

    def shrink() -> list[nn.Module]:
        norm = nn.LocalResponseNorm(3, alpha=3 * 5e-5, beta=0.75, k=2)  # torch divides alpha by 3
        return [nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), norm]

    def conv(inputs: int, outputs: int, size: int = 3) -> nn.Conv2d:
        return nn.Conv2d(inputs, outputs, size, padding=size // 2)

    def head(width: int) -> list[nn.Module]:
        pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        return [pool, nn.Flatten(), nn.Linear(width, 10)]

    one = nn.Sequential(conv(3, 32, 5), *shrink(), conv(32, 64, 5))  # (batch, 64, 16, 16)
    two = nn.Sequential(*shrink(), conv(64, 96))  # (batch, 96, 8, 8)
    three = nn.Sequential(
        nn.ReLU(), conv(96, 96), nn.ReLU(), conv(96, 64), nn.ReLU(),
        nn.MaxPool2d(3, 2, ceil_mode=True),  # (batch, 64, 4, 4)
        nn.Flatten(),
        nn.Linear(1024, 256), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.5),
    )  # fmt: skip
    exit_one = [*shrink(), conv(64, 32), nn.ReLU(), conv(32, 32), nn.ReLU(), *head(512)]
    exit_two = [*shrink(), conv(96, 32), nn.ReLU(), *head(128)]
    return BranchyNet(
        [one, two, three],
        [nn.Sequential(*exit_one), nn.Sequential(*exit_two), nn.Linear(128, 10)],
    )


@torch.no_grad()
def macs_to_exit(network: BranchyNet, image: Tensor) -> list[int]:
    """Multiply-accumulates (convolutions and linear layers) spent on one image at each exit.

    Cumulative: whoever leaves at exit n has paid for all earlier branches too.
    image: (1, channels, height, width).
    """
    spent, total, features = [], 0, image
    for stage, leave in zip(network.stages, network.exits, strict=True):
        features, stage_macs = _counted(stage, features)
        _, branch_macs = _counted(leave, features)
        total += stage_macs + branch_macs
        spent.append(total)
    return spent


def _counted(part: nn.Module, features: Tensor) -> tuple[Tensor, int]:
    if isinstance(part, nn.Sequential):
        total = 0
        for layer in part:
            features, macs = _counted(layer, features)
            total += macs
        return features, total
    features = part(features)
    if isinstance(part, nn.Conv2d):
        return features, features.numel() * part.weight[0].numel()  # one window per output value
    return features, part.weight.numel() if isinstance(part, nn.Linear) else 0
