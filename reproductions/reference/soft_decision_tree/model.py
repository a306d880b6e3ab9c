"""Soft binary decision tree (Frosst and Hinton, 2017), and the network that teaches it."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PIXELS, CLASSES = 28 * 28, 10


class SoftTree(nn.Module):
    """Every inner node sends an input to the right with a probability, every leaf knows one answer.

    p_i(x)  = sigmoid(x w_i + b_i)
    Q^l     = softmax(phi^l), the same for all inputs
    P^l(x)  = product of p_i or 1 - p_i along the path to leaf l

    Nodes are numbered level by level: the children of node i are 2i + 1 (left) and 2i + 2.
    """

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = depth
        self.filters = nn.Linear(PIXELS, 2**depth - 1)
        self.phi = nn.Parameter(torch.randn(2**depth, CLASSES))

    def reach(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Path probabilities, and the right turns on the way.

        x: (batch, pixels).  Returns those of the leaves, (batch, 2 ** depth), and of each level's
        right children, (batch, 2 ** level).
        """
        right = self.filters(x).sigmoid()  # (batch, inner nodes)
        arriving = x.new_ones(len(x), 1)
        turns = []
        for level in range(self.depth):
            p = right[:, 2**level - 1 : 2 ** (level + 1) - 1]  # (batch, 2 ** level)
            turns.append(arriving * p)
            arriving = torch.stack([arriving * (1 - p), turns[-1]], dim=2).flatten(start_dim=1)
        return arriving, turns

    def answers(self) -> Tensor:
        """log Q of every leaf, (2 ** depth, classes)."""
        return F.log_softmax(self.phi, dim=1)

    def forward(self, x: Tensor) -> Tensor:
        """Mixture of all leaves' answers, (batch, classes): every filter is computed."""
        return self.reach(x)[0] @ self.answers().exp()

    def likeliest(self, x: Tensor) -> Tensor:
        """The leaf with the greatest path probability, (batch,): every filter is computed."""
        return self.reach(x)[0].argmax(dim=1)

    def walk(self, x: Tensor) -> Tensor:
        """The leaf at the end of the likelier turns, (batch,): `depth` filters are computed."""
        node = torch.zeros(len(x), dtype=torch.long, device=x.device)
        for _ in range(self.depth):
            weight, bias = self.filters.weight[node], self.filters.bias[node]  # (batch, pixels)
            turn = torch.bmm(weight[:, None], x[:, :, None]).flatten() + bias
            node = 2 * node + 1 + (turn > 0).long()
        return node - (2**self.depth - 1)


def tree_loss(paths: Tensor, log_answers: Tensor, targets: Tensor) -> Tensor:
    """Each leaf's cross entropy with the targets, weighted by the probability of getting there.

    paths: (batch, leaves).  log_answers: (leaves, classes).  targets: (batch, classes).
    Source: Eq. 3.  Differs: the logarithm that is printed around the sum would be one of a
    negative number; we take the sum itself, whose minimum it shares.
    """
    return -(paths * (targets @ log_answers.T)).sum(dim=1).mean()


class Balance(nn.Module):
    """Penalty on nodes that send most of what reaches them one way (Eqs. 4 and 5).

    alpha_i = sum_x P^i(x) p_i(x) / sum_x P^i(x)
    C       = -lambda 2^-level sum_i (log alpha_i + log(1 - alpha_i)) / 2

    Both sums fade over batches: a node of level d, which sees 2^-d of the inputs, remembers about
    2^d batches.
    """

    def __init__(self, depth: int, strength: float) -> None:
        super().__init__()
        self.strength = strength
        for level in range(depth):
            self.register_buffer(f"came_{level}", torch.zeros(2**level))
            self.register_buffer(f"turned_{level}", torch.zeros(2**level))

    def forward(self, paths: Tensor, turns: list[Tensor]) -> Tensor:
        """The penalty for one batch; paths and turns as from `SoftTree.reach`."""
        penalty = paths.new_zeros(())
        for level, turned in enumerate(turns):
            came = paths.view(len(paths), 2**level, -1).sum(dim=2)  # (batch, 2 ** level)
            fading = 1 - 2.0**-level
            sums = []
            for name, now in ((f"came_{level}", came), (f"turned_{level}", turned)):
                sums.append(fading * self.get_buffer(name) + now.sum(dim=0))
                self.get_buffer(name).copy_(sums[-1].detach())
            alpha = (sums[1] / sums[0].clamp_min(1e-6)).clamp(1e-4, 1 - 1e-4)
            bent = -(alpha.log() + (1 - alpha).log()).sum() / 2
            penalty = penalty + self.strength * 2.0**-level * bent
        return penalty


class Teacher(nn.Module):
    """Two convolutional layers, normalised by batch, and a fully connected one below the scores."""

    def __init__(
        self, channels: tuple[int, int] = (16, 32), hidden: int = 128, dropout: float = 0.3
    ) -> None:
        super().__init__()
        first, second = channels
        self.layers = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=2, padding=2),  # (batch, first, 14, 14)
            nn.BatchNorm2d(first),
            nn.ReLU(),
            nn.Conv2d(first, second, 5, stride=2, padding=2),  # (batch, second, 7, 7)
            nn.BatchNorm2d(second),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(second * 7 * 7, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, CLASSES),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Scores (batch, classes).  x: (batch, 1, 28, 28)."""
        return self.layers(x)
