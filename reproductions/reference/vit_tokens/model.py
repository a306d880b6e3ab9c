"""A vision transformer, and one that goes on with the tokens its class token attends to.

DeiT: Touvron et al. 2021, Table 1.  Keeping attentive tokens: Liang et al. 2022, Section 3.2, and
Long et al. 2023, Section 3, where the others are merged.  AdaptFormer: Chen et al. 2022, 3.2.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head attention that also says how much the class token attends to each other token."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.inward, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (batch, 1 + tokens, width).  Returns that shape, and attention (batch, tokens)."""
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in self.inward(x).chunk(3, -1)
        )
        weights = (query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5).softmax(-1)
        read = (weights @ value).transpose(1, 2).flatten(2)
        return self.out(read), weights[:, :, 0, 1:].mean(1)


class Block(nn.Module):
    """Attention and feed-forward; between them, at `rate` below 1, tokens go.

    adapter: hidden width of a branch beside the feed-forward part, 0 for none.
    """

    def __init__(self, width: int, heads: int, rate: float = 1.0, adapter: int = 0) -> None:
        super().__init__()
        self.rate = rate
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.attention = Attention(width, heads)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.narrow = nn.Linear(width, adapter) if adapter else None
        self.widen = nn.Linear(adapter, width) if adapter else None

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 1 + tokens, width).  Returns as many tokens, or the kept ones and one more."""
        read, attention = self.attention(self.norms[0](x))
        x = x + read
        if self.rate < 1:
            x = keep(x, attention, math.ceil(self.rate * attention.shape[1]))
        mixed = self.down(F.gelu(self.up(self.norms[1](x))))
        if self.narrow is not None and self.widen is not None:
            mixed = mixed + 0.1 * self.widen(F.relu(self.narrow(x)))
        return x + mixed


def keep(x: Tensor, attention: Tensor, count: int) -> Tensor:
    """The class token, the `count` attended ones, and the sum of the others by their attention."""
    order = attention.argsort(dim=1, descending=True)
    index = order.unsqueeze(-1).expand(-1, -1, x.shape[-1])
    sorted_tokens = x[:, 1:].gather(1, index)
    weights = attention.gather(1, order)[:, count:].unsqueeze(-1)
    fused = (weights * sorted_tokens[:, count:]).sum(1, keepdim=True)
    return torch.cat([x[:, :1], sorted_tokens[:, :count], fused], dim=1)


class VisionTransformer(nn.Module):
    """16x16 patches of a 224x224 image, twelve blocks, a classifier on the class token.

    rates: of the blocks that drop tokens, by their index.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        rate: float = 1.0,
        drops: Sequence[int] = (3, 6, 9),
        adapter: int = 0,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, 16, 16)
        self.first = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 197, width))
        self.blocks = nn.Sequential(
            *(Block(width, heads, rate if index in drops else 1.0, adapter) for index in range(12))
        )
        self.norm = nn.LayerNorm(width)
        self.classifier = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 224, 224).  Returns logits (batch, classes)."""
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(x), -1, -1), x], dim=1) + self.positions
        return self.classifier(self.norm(self.blocks(x))[:, 0])
