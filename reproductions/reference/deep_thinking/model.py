"""Deep Thinking networks with recall (Bansal et al. 2022), for prefix sums.

One block is applied again and again; a head reads the answer after every pass. Two things make
it possible to run longer at test time than in training:

    recall            the block sees the input at every pass:  phi_{i+1} = block(phi_i, x)
    progressive loss  start from a thought of random age, without gradient, and improve it for a
                      random number of passes; so the block learns to improve, not to count
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def conv(inputs: int, outputs: int) -> nn.Conv1d:
    """Three neighbours, no bias."""
    return nn.Conv1d(inputs, outputs, 3, padding=1, bias=False)


class ResidualBlock(nn.Module):
    """Two convolutions around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one, self.two = conv(width, width), conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, width, bits) -> the same shape."""
        return F.relu(x + self.two(F.relu(self.one(x))))


class DeepThinking(nn.Module):
    """Projection, recurrent block of two residual blocks, head.  recall: see the input again."""

    def __init__(self, width: int, *, recall: bool = True) -> None:
        super().__init__()
        self.recall = recall
        self.projection = nn.Sequential(conv(1, width), nn.ReLU())
        enter = [conv(width + 1, width), nn.ReLU()] if recall else []
        self.block = nn.Sequential(*enter, ResidualBlock(width), ResidualBlock(width))
        self.head = nn.Sequential(
            conv(width, width), nn.ReLU(), conv(width, width // 2), nn.ReLU(), conv(width // 2, 2)
        )

    def think(self, x: Tensor, passes: int, thought: Tensor | None = None) -> Tensor:
        """x: (batch, 1, bits) -> the thought after `passes` more passes, (batch, width, bits)."""
        if thought is None:
            thought = self.projection(x)
        for _ in range(passes):
            thought = self.block(torch.cat([thought, x], dim=1) if self.recall else thought)
        return thought

    @torch.no_grad()
    def answers(self, x: Tensor, passes: int) -> Tensor:
        """The predicted bits after each pass: (passes, batch, bits)."""
        thought, found = self.projection(x), []
        for _ in range(passes):
            thought = self.think(x, 1, thought)
            found.append(self.head(thought).argmax(dim=1))
        return torch.stack(found)


def progressive_loss(
    net: DeepThinking, x: Tensor, y: Tensor, most: int, alpha: float, draw: torch.Generator
) -> Tensor:
    """(1 - alpha) L(most passes) + alpha L(k passes after n without gradient); a scalar.

    n is uniform in 0 .. most - 1 and k in 1 .. most - n (Algorithm 1).  y: (batch, bits).
    """
    loss = x.new_zeros(())
    if alpha < 1:
        loss = loss + (1 - alpha) * F.cross_entropy(net.head(net.think(x, most)), y)
    if alpha > 0:
        n = int(torch.randint(0, most, (), generator=draw))
        k = int(torch.randint(1, most - n + 1, (), generator=draw))
        with torch.no_grad():
            thought = net.think(x, n) if n else None
        loss = loss + alpha * F.cross_entropy(net.head(net.think(x, k, thought)), y)
    return loss


def macs_per_pass(net: DeepThinking, bits: int) -> int:
    """Multiply-accumulates of one pass of the block and one reading by the head."""
    parts = [*net.block.modules(), *net.head.modules()]
    return bits * sum(part.weight.numel() for part in parts if isinstance(part, nn.Conv1d))
