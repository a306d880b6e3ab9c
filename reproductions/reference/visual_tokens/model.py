"""Decoder layers, and the prefill of a language model whose visual tokens become fewer.

LLaMA: Touvron et al. 2023.  Qwen2: Yang et al. 2024, Table 1, with keys shared by groups of heads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """A language model as far as a layer's cost goes.

    kv_width: channels of keys and of values.  gated: three matrices in the feed-forward part, two
    otherwise.
    """

    width: int
    hidden: int
    layers: int
    heads: int
    kv_width: int
    gated: bool = True


LLAMA_7B = Shape(4096, 11008, 32, 32, 4096)
QWEN2_7B = Shape(3584, 18944, 28, 28, 512)
QWEN2_7B_BY_FASTV = Shape(3584, 18944, 28, 28, 3584, gated=False)
"""Qwen2 as 4 n d^2 + 2 n^2 d + 2 n d m has it (Chen et al. 2024, Section 4.2)."""


class DecoderLayer(nn.Module):
    """Causal attention and a feed-forward part; norms and shortcuts multiply nothing."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width, bias=False)
        self.key = nn.Linear(shape.width, shape.kv_width, bias=False)
        self.value = nn.Linear(shape.width, shape.kv_width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False) if shape.gated else None
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (tokens, width)."""
        x = x + self.out(self.attend(x))
        up = self.up(x)
        return x + self.down(F.gelu(up) if self.gate is None else F.silu(self.gate(x)) * up)

    def attend(self, x: Tensor) -> Tensor:
        """What the heads read, side by side: (tokens, width)."""
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(0, 1)
        key, value = (
            part(x).unflatten(-1, (-1, query.shape[-1])).transpose(0, 1)
            for part in (self.key, self.value)
        )
        repeats = self.heads // key.shape[0]
        key, value = (part.repeat_interleave(repeats, dim=0) for part in (key, value))
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        return seen.transpose(0, 1).flatten(1)


def whole(shape: Shape, tokens: int) -> list[int]:
    """All tokens in every layer."""
    return [tokens] * shape.layers


def fastv(shape: Shape, tokens: int, after: int = 2, dropped: float = 0.5) -> list[int]:
    """FastV: behind layer `after` the tokens that are attended to least are gone."""
    kept = tokens - int(tokens * dropped)
    return [tokens] * after + [kept] * (shape.layers - after)


def pyramid(shape: Shape, tokens: int, stages: int = 4, ratio: float = 0.5) -> list[int]:
    """PyramidDrop: at the end of each of equal stages a share of the tokens goes."""
    length = shape.layers // stages
    return [int(tokens * ratio**stage) for stage in range(stages) for _ in range(length)]


def kept_by_attention(layer: DecoderLayer, x: Tensor, count: int) -> Tensor:
    """The `count` tokens that the last one attends to most, in their order (FastV, Section 4.1)."""
    query = layer.query(x[-1:]).unflatten(-1, (layer.heads, -1)).transpose(0, 1)
    key = layer.key(x).unflatten(-1, (-1, query.shape[-1])).transpose(0, 1)
    key = key.repeat_interleave(layer.heads // key.shape[0], dim=0)
    scores = (query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5).softmax(-1)
    return scores.mean((0, 1)).topk(count).indices.sort().values


def prefill(tokens: Sequence[int], cost: Callable[[int], int]) -> int:
    """Sum over layers; cost: of one layer with so many tokens."""
    known = {count: cost(count) for count in set(tokens)}
    return sum(known[count] for count in tokens)


def run(layers: Sequence[DecoderLayer], x: Tensor, after: int, count: int) -> Tensor:
    """A prefill in which `count` tokens go on behind layer `after`: (count, width)."""
    for index, layer in enumerate(layers):
        if index == after:
            chosen = kept_by_attention(layers[index - 1], x, count)
            x = x[torch.cat([chosen, torch.tensor([len(x) - 1], device=x.device)]).unique()]
        x = layer(x)
    return x
