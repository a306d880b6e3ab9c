"""A causal transformer over characters that keeps at most `budget` keys and values a head.

Policies, all of one size K:

    window          the last K tokens
    sinks           the first 4 tokens of the text and the last K - 4
                    (StreamingLLM, Xiao et al. 2024)
    heavy-hitters   the last K / 2, and the K / 2 others that have drawn most attention so far,
                    sum over queries, in each head (H2O, Zhang et al. 2023)
    drawn           the last K / 2, and K / 2 others drawn without looking: a baseline

Attention weakens with distance by ALiBi's slopes, m_h (j - i), so that a text may be longer than
those trained on and no place is special.  Distances are those in the text, also after something
was forgotten.

`forward` computes a whole text at once, as in training; `step` one token with a cache, as in
writing.  With room for everything both compute the same, and with "window" what a banded mask does.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Policy = Literal["window", "sinks", "heavy-hitters", "drawn"]

SINKS = 4


@dataclass
class Cache:
    """Of one block: keys and values (batch, heads, n, d); places, attention (batch, heads, n)."""

    keys: Tensor
    values: Tensor
    places: Tensor
    attention: Tensor

    @property
    def kept(self) -> int:
        """n, how many tokens each head keeps."""
        return self.places.shape[2]

    def keep(self, which: Tensor) -> None:
        """Forget all but the tokens `which`, (batch, heads, m), in ascending order."""
        wide = which[..., None].expand(-1, -1, -1, self.keys.shape[3])
        self.keys, self.values = self.keys.gather(2, wide), self.values.gather(2, wide)
        self.places = self.places.gather(2, which)
        self.attention = self.attention.gather(2, which)


def evict(cache: Cache, policy: Policy, budget: int, noise: torch.Generator) -> None:
    """Forget until `budget` tokens are left; the newest is never forgotten."""
    n = cache.kept
    if n <= budget:
        return
    order = torch.arange(n).expand_as(cache.places)
    if policy == "window":
        worth = order.float()
    elif policy == "sinks":
        worth = torch.where(cache.places < SINKS, torch.inf, order.float())
    else:
        recent = order >= n - budget // 2
        seen = cache.attention
        if policy == "drawn":
            seen = torch.rand(cache.places.shape, generator=noise)
        worth = torch.where(recent, torch.inf, seen)
    cache.keep(worth.topk(budget, dim=2).indices.sort(dim=2).values)


class Block(nn.Module):
    """Causal attention and an MLP, each behind a norm."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        # ALiBi's slopes: a geometric series, gentler than the original's for eight heads
        self.slopes = 2.0 ** -torch.arange(2, 2 + heads).float()

    def parts(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys, values of x (batch, n, width), each (batch, heads, n, d)."""
        q, k, v = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in self.qkv(self.norms[0](x)).chunk(3, dim=2)
        )
        return q, k, v

    def end(self, x: Tensor, attended: Tensor) -> Tensor:
        """x (batch, n, width) and what was attended to, (batch, heads, n, d), through the MLP."""
        x = x + self.out(attended.transpose(1, 2).flatten(2))
        return x + self.mlp(self.norms[1](x))

    def forward(self, x: Tensor, window: int | None = None) -> Tensor:
        """x: (batch, n, width); with a window each token sees that many, itself among them."""
        q, k, v = self.parts(x)
        place = torch.arange(x.shape[1])
        distance = place[:, None] - place  # (n, n), of queries to keys
        hidden = (distance < 0) | (distance >= (window or x.shape[1]))
        bias = -self.slopes[:, None, None] * distance
        scores = q @ k.transpose(2, 3) / q.shape[3] ** 0.5 + bias
        return self.end(x, scores.masked_fill(hidden, -torch.inf).softmax(dim=3) @ v)

    def step(self, x: Tensor, place: int, cache: Cache | None) -> tuple[Tensor, Cache]:
        """One token x (batch, 1, width) at `place`; the cache after it, nothing forgotten yet."""
        q, k, v = self.parts(x)
        here = torch.full(k.shape[:3], place)
        if cache is None:
            cache = Cache(k, v, here, torch.zeros(k.shape[:3]))
        else:
            cache.keys = torch.cat([cache.keys, k], dim=2)
            cache.values = torch.cat([cache.values, v], dim=2)
            cache.places = torch.cat([cache.places, here], dim=2)
            cache.attention = torch.cat([cache.attention, torch.zeros(k.shape[:3])], dim=2)
        bias = -self.slopes[:, None] * (place - cache.places)  # (batch, heads, n)
        scores = (q @ cache.keys.transpose(2, 3))[:, :, 0] / q.shape[3] ** 0.5 + bias
        weights = scores.softmax(dim=2)
        cache.attention = cache.attention + weights
        return self.end(x, weights[:, :, None] @ cache.values), cache


class CachingModel(nn.Module):
    """Characters in, logits for the next ones out."""

    def __init__(self, characters: int, width: int = 64, heads: int = 4, blocks: int = 4) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, characters))

    def forward(self, text: Tensor, window: int | None = None) -> Tensor:
        """text: (batch, n) numbers of characters.  Logits (batch, n, characters)."""
        x = self.embed(text)
        for block in self.blocks:
            x = block(x, window)
        return self.head(x)

    @torch.no_grad()
    def read(
        self, text: Tensor, policy: Policy, budget: int, noise: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Token after token, forgetting before each: logits as of `forward`, and what is kept.

        The cache holds `budget` tokens, the newest among them.  The places of those kept at the
        end: (blocks, batch, heads, budget).
        """
        caches: list[Cache | None] = [None] * len(self.blocks)
        logits = []
        for place in range(text.shape[1]):
            x = self.embed(text[:, place : place + 1])
            for number, block in enumerate(self.blocks):
                assert isinstance(block, Block)
                cache = caches[number]
                if cache is not None:
                    evict(cache, policy, budget - 1, noise)  # room for the newest
                x, caches[number] = block.step(x, place, cache)
            logits.append(self.head(x))
        kept = torch.stack([cache.places for cache in caches if cache is not None])
        return torch.cat(logits, dim=1), kept
