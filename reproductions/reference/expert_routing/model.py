"""A character model with one layer of experts, and six ways to say which expert gets a token.

The model is a neural n-gram (Bengio et al. 2003): the last eight characters, embedded, make a
hidden state x; a feed-forward layer is added to it; a softmax predicts the next character.  The
feed-forward layer is dense, or one of N experts of the same size, with top-1 routing:

    p = softmax(W x)                                        Switch Transformer      (1)
    y = p_i E_i(x),  i = argmax p                                                   (2)
    capacity = factor * tokens / N; who comes too late keeps x as it is             (3)
    L_balance = alpha N sum_i f_i P_i                                               (4)
    f_i: share of tokens sent to i (5);  P_i: mean of p_i (6)

    L_z = c_z mean (log sum_i exp (W x)_i)^2                router z-loss (Zoph et al. 2022, 5)

    i = argmax (p + b),  y = p_i E_i(x)                     balancing without a loss
    b_i += u sign(mean load - load_i)                       after every batch, outside the gradient

    i = table[token],  y = E_i(x)                           hash layers

    each expert takes the k = tokens / N tokens of the largest p_i       expert choice
    y = sum of p_i E_i(x) over the experts that took it
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROUTINGS = ("dense", "top-1", "switch", "switch-z", "bias", "hash", "expert-choice")


@dataclass(frozen=True)
class Routed:
    """y: (tokens, units).  load: tokens sent to each expert, (N,).

    dropped: share of the tokens that no expert computed.
    balance: N sum_i f_i P_i, which is 1 when all is even; a scalar.  z: mean squared logarithm of
    the router's normaliser; a scalar.
    """

    y: Tensor
    load: Tensor
    dropped: float
    balance: Tensor
    z: Tensor


class Experts(nn.Module):
    """N feed-forward networks and the routing between them."""

    bias: Tensor
    table: Tensor

    def __init__(self, units: int, inner: int, count: int, routing: str, table: Tensor) -> None:
        super().__init__()
        self.experts = nn.ModuleList(feed_forward(units, inner) for _ in range(count))
        self.router = nn.Linear(units, count, bias=False)
        self.routing = routing
        self.register_buffer("bias", torch.zeros(count))
        self.register_buffer("table", table)  # expert of each character, (characters,)

    def forward(self, x: Tensor, last: Tensor, factor: float) -> Routed:
        """x: (tokens, units).  last: the newest character of each context, (tokens,)."""
        count = len(self.experts)
        logits = self.router(x)
        p = F.softmax(logits, dim=1)  # Eq. 1, (tokens, N)
        gate = torch.ones_like(p) if self.routing == "hash" else p
        wanted = self._wanted(p, last)
        capacity = int(factor * len(x) / count)  # Eq. 3
        y, reached = torch.zeros_like(x), torch.zeros(len(x), dtype=torch.bool, device=x.device)
        for number, expert in enumerate(self.experts):
            rows = wanted[number][:capacity]
            y = y.index_add(0, rows, gate[rows, number, None] * expert(x[rows]))  # Eq. 2
            reached[rows] = True
        load = torch.tensor([float(len(rows)) for rows in wanted])
        balance = count * (load.to(x) / len(x) * p.mean(dim=0)).sum()  # Eq. 4 to 6
        dropped = 1 - reached.float().mean().item()
        return Routed(y, load, dropped, balance, logits.logsumexp(dim=1).square().mean())

    def _wanted(self, p: Tensor, last: Tensor) -> list[Tensor]:
        """For each expert the tokens that are sent to it, in their order; capacity comes later."""
        count = len(self.experts)
        if self.routing == "expert-choice":
            taken = p.topk(len(p) // count, dim=0).indices  # (k, N)
            return list(taken.unbind(dim=1))
        chosen = self.table[last] if self.routing == "hash" else (p + self.bias).argmax(dim=1)
        return [(chosen == number).nonzero()[:, 0] for number in range(count)]

    @torch.no_grad()
    def rebalance(self, load: Tensor, pace: float) -> None:
        """Raise the bias of experts that got too little, lower that of the others, by `pace`."""
        self.bias += pace * torch.sign(load.mean() - load)


class CharacterModel(nn.Module):
    """Scores of the next character from the last `context` ones."""

    def __init__(
        self,
        characters: int,
        routing: str,
        table: Tensor,
        *,
        units: int = 64,
        inner: int = 128,
        experts: int = 8,
        context: int = 8,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters, 16)
        self.mix = nn.Linear(16 * context, units)
        count = 1 if routing == "dense" else experts
        layer_table = torch.zeros_like(table) if routing == "dense" else table
        self.layer = Experts(units, inner, count, routing, layer_table)
        self.norm = nn.LayerNorm(units)
        self.predict = nn.Linear(units, characters)

    def forward(self, contexts: Tensor, factor: float) -> tuple[Tensor, Routed]:
        """Scores (tokens, characters) and what the routing did.  contexts: (tokens, context)."""
        x = torch.relu(self.mix(self.embed(contexts).flatten(1)))
        routed = self.layer(self.norm(x), contexts[:, -1], factor)
        return self.predict(x + routed.y), routed


def feed_forward(units: int, inner: int) -> nn.Module:
    """One expert."""
    return nn.Sequential(nn.Linear(units, inner), nn.ReLU(), nn.Linear(inner, units))


def balanced_table(counts: Sequence[int], experts: int) -> Tensor:
    """Balanced assignment of Roller et al.: the most frequent first, each to the emptiest bucket.

    counts: how often each character occurs.  Returns the expert of each character.
    """
    table, filled = torch.zeros(len(counts), dtype=torch.long), [0] * experts
    for character in sorted(range(len(counts)), key=lambda c: -counts[c]):
        emptiest = filled.index(min(filled))
        table[character] = emptiest
        filled[emptiest] += counts[character]
    return table
