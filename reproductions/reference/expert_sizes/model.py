"""Decoders whose feed-forward part, or attention as well, is one of several experts.

Enough of each model to count its parameters and to run a token.  Mixtures: Lin et al. 2024
(MoE-LLaVA), Shen et al. 2024 (JetMoE, whose attention has experts too), Zhu et al. 2024 (LLaMA-MoE,
whose experts are pieces of a dense layer), Dai et al. 2024 and DeepSeek-AI 2024 (shared experts).
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Bank(nn.Module):
    """`count` weight matrices in one tensor; a token multiplies with the chosen ones."""

    def __init__(self, ins: int, outs: int, count: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, ins, outs))

    def forward(self, x: Tensor, chosen: Tensor) -> Tensor:
        """x: (tokens, active, ins), chosen: (tokens, active).  Returns (tokens, active, outs)."""
        return torch.matmul(x.unsqueeze(-2), self.weight[chosen]).squeeze(-2)


class FeedForward(nn.Module):
    """Two linear maps, or three when gated: down(act(gate(x)) * up(x))."""

    def __init__(self, width: int, hidden: int, gated: bool = True, bias: bool = False) -> None:
        super().__init__()
        self.gate = nn.Linear(width, hidden, bias=bias) if gated else None
        self.up = nn.Linear(width, hidden, bias=bias)
        self.down = nn.Linear(hidden, width, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        up = self.up(x)
        return self.down(F.gelu(up) if self.gate is None else F.silu(self.gate(x)) * up)


class Experts(nn.Module):
    """A router, `count` feed-forward networks of which `active` run, and one that always does.

    shared: hidden width of what every token runs beside its experts, 0 for nothing.
    """

    def __init__(
        self,
        width: int,
        hidden: int,
        count: int,
        active: int,
        shared: int = 0,
        gated: bool = True,
        bias: bool = False,
    ) -> None:
        super().__init__()
        self.count, self.active = count, active
        self.router = nn.Linear(width, count, bias=False)
        self.gate = Bank(width, hidden, count) if gated else None
        self.up, self.down = Bank(width, hidden, count), Bank(hidden, width, count)
        self.biases = nn.Parameter(torch.empty(count, hidden + width)) if bias else None
        self.shared = FeedForward(width, shared, gated, bias) if shared else None

    def forward(self, x: Tensor) -> Tensor:
        """x: (tokens, width)."""
        scores, chosen = self.router(x).topk(self.active, dim=-1)
        each = x.unsqueeze(1).expand(-1, self.active, -1)
        hidden = self.up(each, chosen)
        if self.biases is not None:
            hidden = hidden + self.biases[chosen][..., : hidden.shape[-1]]
        hidden = F.gelu(hidden) if self.gate is None else F.silu(self.gate(each, chosen)) * hidden
        out = self.down(hidden, chosen)
        if self.biases is not None:
            out = out + self.biases[chosen][..., hidden.shape[-1] :]
        mixed = (out * scores.softmax(-1).unsqueeze(-1)).sum(1)
        return mixed if self.shared is None else mixed + self.shared(x)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Causal attention of one sequence, all (time, channels); groups of heads share keys."""
    width = query.shape[-1] // heads
    split = [part.unflatten(-1, (-1, width)).transpose(0, 1) for part in (query, key)]
    values = value.unflatten(-1, (split[1].shape[0], -1)).transpose(0, 1)
    repeats = heads // split[1].shape[0]
    keys, values = (part.repeat_interleave(repeats, dim=0) for part in (split[1], values))
    out = F.scaled_dot_product_attention(split[0], keys, values, is_causal=True)
    return out.transpose(0, 1).flatten(1)


class Attention(nn.Module):
    """kv_width: channels of keys and of values.  bias: on the inputs, or "all"."""

    def __init__(
        self,
        width: int,
        heads: int,
        kv_width: int = 0,
        bias: str = "none",
        query_width: int = 0,
    ) -> None:
        super().__init__()
        self.heads, inner = heads, query_width or width
        self.query = nn.Linear(width, inner, bias=bias != "none")
        self.key = nn.Linear(width, kv_width or inner, bias=bias != "none")
        self.value = nn.Linear(width, kv_width or inner, bias=bias != "none")
        self.out = nn.Linear(inner, width, bias=bias == "all")

    def forward(self, x: Tensor) -> Tensor:
        """x: (tokens, width) of one sequence."""
        return self.out(attend(self.query(x), self.key(x), self.value(x), self.heads))


class AttentionExperts(nn.Module):
    """JetMoE: each expert has a query and an output matrix; keys and values serve all experts."""

    def __init__(self, width: int, heads: int, count: int, active: int) -> None:
        super().__init__()
        self.count, self.active, self.heads = count, active, heads
        self.router = nn.Linear(width, count, bias=False)
        self.query, self.out = Bank(width, width, count), Bank(width, width, count)
        self.key, self.value = (nn.Linear(width, width, bias=False) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """x: (tokens, width) of one sequence."""
        scores, chosen = self.router(x).topk(self.active, dim=-1)
        queries = self.query(x.unsqueeze(1).expand(-1, self.active, -1), chosen)
        key, value = self.key(x), self.value(x)
        seen = [attend(query, key, value, self.heads) for query in queries.unbind(1)]
        out = self.out(torch.stack(seen, dim=1), chosen)
        return (out * scores.softmax(-1).unsqueeze(-1)).sum(1)


class LatentAttention(nn.Module):
    """DeepSeek-V2: keys and values of all heads from 512 numbers a token, and a rotary key of 64.

    query_rank 0: queries are not compressed.  Heads have 128 plain and 64 rotary channels.
    """

    RANK, PLAIN, ROTARY = 512, 128, 64

    def __init__(self, width: int, heads: int, query_rank: int = 0) -> None:
        super().__init__()
        self.heads = heads
        channels = heads * (self.PLAIN + self.ROTARY)
        into = nn.Linear(query_rank or width, channels, bias=False)
        self.query = nn.Sequential(into)
        if query_rank:
            narrow = nn.Linear(width, query_rank, bias=False)
            self.query = nn.Sequential(narrow, nn.RMSNorm(query_rank), into)
        self.compress = nn.Linear(width, self.RANK + self.ROTARY, bias=False)
        self.norm = nn.RMSNorm(self.RANK)
        self.expand = nn.Linear(self.RANK, heads * 2 * self.PLAIN, bias=False)
        self.out = nn.Linear(heads * self.PLAIN, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (tokens, width) of one sequence."""
        latent, rotary = self.compress(x).split((self.RANK, self.ROTARY), dim=-1)
        both = self.expand(self.norm(latent)).unflatten(-1, (self.heads, -1))
        key, value = both.split(self.PLAIN, dim=-1)  # (tokens, heads, 128)
        shared = rotary.unsqueeze(1).expand(-1, self.heads, -1)
        key = torch.cat([key, shared], dim=-1).flatten(1)
        return self.out(attend(self.query(x), key, value.flatten(1), self.heads))


class Block(nn.Module):
    """Attention, then feed-forward or experts, each behind a norm and beside a shortcut."""

    def __init__(self, norm: nn.Module, attention: nn.Module, second: nn.Module, mixing: nn.Module):
        super().__init__()
        self.norms = nn.ModuleList([norm, second])
        self.attention, self.mixing = attention, mixing

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norms[0](x))
        return x + self.mixing(self.norms[1](x))


class Decoder(nn.Module):
    """Embedding, blocks, normalisation, output layer.

    attention, mixing: make these parts of layer i.  positions: learned ones, 0 for rotary.
    tied: the output layer is the embedding.
    """

    def __init__(
        self,
        vocabulary: int,
        width: int,
        layers: int,
        attention: Callable[[int], nn.Module],
        mixing: Callable[[int], nn.Module],
        norm: Callable[[int], nn.Module] = nn.RMSNorm,
        positions: int = 0,
        tied: bool = False,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(positions, width) if positions else None
        self.blocks = nn.ModuleList(
            Block(norm(width), attention(layer), norm(width), mixing(layer))
            for layer in range(layers)
        )
        self.norm = norm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        if tied:
            self.head.weight = self.embedding.weight

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens: (time,) of one sequence.  Returns logits (time, vocabulary)."""
        x = self.embedding(tokens)
        if self.positions is not None:
            x = x + self.positions(torch.arange(len(tokens), device=tokens.device))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


def idle(model: nn.Module) -> int:
    """Parameters of experts that one token does not run."""
    banked = 0
    for module in model.modules():
        if isinstance(module, Experts | AttentionExperts):
            own = [part.weight for part in module.children() if isinstance(part, Bank)]
            if isinstance(module, Experts) and module.biases is not None:
                own.append(module.biases)
            stacked = sum(weight.numel() for weight in own)
            banked += stacked // module.count * (module.count - module.active)
    return banked
