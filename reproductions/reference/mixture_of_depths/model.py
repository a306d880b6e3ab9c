"""Mixture-of-Depths (Raposo et al. 2024) in a causal transformer over characters.

A routed block has a capacity of C tokens of a sequence of S.  Its router gives each token a scalar
weight r_i = w^T x_i, the C largest of the sequence pass through the block, the others go round it:

    x_i <- r_i f_i(X~) + x_i    if r_i is among the C largest r        (1)
    x_i <- x_i                  otherwise

X~ are the chosen tokens alone, so attention is C by C, not S by S; r_i multiplies what the block
adds, so that the router learns from the loss.  Every second block is routed, the others are not.

Which weights are the largest depends on later tokens too, which are not known when text is written.
So a second head, trained beside the model without a gradient into it, learns from x_i alone whether
token i is among the chosen (section 3.5); in use a token passes where that head says so.
"""

from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Routing = Literal["dense", "learned", "random"]
"""Every token through every block; the C largest weights; C tokens drawn without looking."""


@dataclass
class Routed:
    """What the routers did, one entry a routed block.

    predictor_losses: scalars.  chosen, predicted: (batch, S) booleans, by the C largest weights and
    by the causal head.
    """

    predictor_losses: list[Tensor] = field(default_factory=list)
    chosen: list[Tensor] = field(default_factory=list)
    predicted: list[Tensor] = field(default_factory=list)


class Block(nn.Module):
    """f: causal attention and an MLP; gives what is to be added to x."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor, among: Tensor | None = None) -> Tensor:
        """x: (batch, n, width), in the order of the text.

        among: (batch, n), the tokens that take part; the others are not attended to nor changed.
        """
        batch, n, width = x.shape
        q, k, v = (
            part.view(batch, n, self.heads, -1).transpose(1, 2)
            for part in self.qkv(self.norms[0](x)).chunk(3, dim=-1)
        )  # (batch, heads, n, width / heads)
        seen = torch.ones(n, n, dtype=torch.bool).tril()
        if among is not None:  # a token that passes by still sees itself, so that no row is empty
            seen = (seen & among[:, None, :]) | torch.eye(n, dtype=torch.bool)
            seen = seen[:, None]  # (batch, 1, n, n)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        added = self.out(attended.transpose(1, 2).reshape(batch, n, width))
        added = added + self.mlp(self.norms[1](x + added))
        return added if among is None else added * among[..., None]


class RoutedBlock(nn.Module):
    """A block with its router and its causal head."""

    def __init__(self, width: int, heads: int, capacity: float) -> None:
        super().__init__()
        self.block = Block(width, heads)
        self.router = nn.Linear(width, 1, bias=False)
        self.predictor = nn.Sequential(
            nn.Linear(width, width // 2), nn.ReLU(), nn.Linear(width // 2, 1)
        )
        self.capacity = capacity

    def forward(self, x: Tensor, routing: Routing, causal: bool, routed: Routed) -> Tensor:
        """x: (batch, S, width).  causal: choose by the head that sees one token alone."""
        _, length, width = x.shape
        weights = self.router(x)[..., 0]  # r, (batch, S)
        ranked = torch.rand_like(weights) if routing == "random" else weights
        places = ranked.topk(max(1, int(self.capacity * length)), dim=1).indices
        chosen = torch.zeros_like(weights, dtype=torch.bool).scatter(1, places, True)
        logits = self.predictor(x.detach())[..., 0]
        routed.predictor_losses.append(F.binary_cross_entropy_with_logits(logits, chosen.float()))
        routed.chosen.append(chosen)
        routed.predicted.append(logits > 0)
        if causal:
            return x + weights[..., None] * self.block(x, among=logits > 0)
        places = places.sort(dim=1).values[..., None].expand(-1, -1, width)  # the text's order
        added = self.block(x.gather(1, places)) * weights[..., None].gather(1, places[..., :1])
        return x.scatter_add(1, places, added)


class DepthModel(nn.Module):
    """Characters in, logits for the next ones out; with a capacity every second block is routed."""

    def __init__(
        self,
        characters: int,
        length: int,
        *,
        width: int = 64,
        heads: int = 4,
        blocks: int = 4,
        capacity: float | None = None,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters, width)
        self.places = nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.ModuleList(
            RoutedBlock(width, heads, capacity) if capacity and number % 2 else Block(width, heads)
            for number in range(blocks)
        )
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, characters))

    def forward(
        self, text: Tensor, routing: Routing = "dense", *, causal: bool = False
    ) -> tuple[Tensor, Routed]:
        """text: (batch, S) numbers of characters.  Logits (batch, S, characters)."""
        x, routed = self.embed(text) + self.places[: text.shape[1]], Routed()
        for block in self.blocks:
            if isinstance(block, RoutedBlock):
                x = block(x, routing, causal, routed)
            else:
                x = x + block(x)
        return self.head(x), routed


def block_macs(width: int, tokens: float) -> float:
    """Multiply-accumulates of one block over n tokens of width d: 12 n d^2 in its layers, and

    n (n + 1) d / 2 each for scores and mixtures under a causal mask.
    """
    return 12 * tokens * width**2 + tokens * (tokens + 1) * width
