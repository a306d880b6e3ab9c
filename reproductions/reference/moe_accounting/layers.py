"""The parts of a mixture-of-experts Transformer, enough of each to count and to run one token."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """x / rms(x) times a weight per channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * self.weight


class Attention(nn.Module):
    """Multi-head attention whose keys and values may be shared by groups of heads.

    bias: "none", "qkv" or "all".  sinks: one learned logit a head, as in gpt-oss (counted; the
    softmax here leaves it out).  qk_norm: channels of the norms of queries and keys, 0 for none.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        kv_heads: int | None = None,
        head_width: int = 128,
        bias: str = "none",
        sinks: bool = False,
        qk_norm: int = 0,
    ) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_width = heads, kv_heads or heads, head_width
        queries, keys = heads * head_width, self.kv_heads * head_width
        self.query = nn.Linear(width, queries, bias=bias != "none")
        self.key = nn.Linear(width, keys, bias=bias != "none")
        self.value = nn.Linear(width, keys, bias=bias != "none")
        self.out = nn.Linear(queries, width, bias=bias == "all")
        if sinks:
            self.sinks = nn.Parameter(torch.zeros(heads))
        if qk_norm:
            self.query_norm, self.key_norm = RMSNorm(qk_norm), RMSNorm(qk_norm)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        """x: (batch, time, width); memory: what is attended to, x itself if None."""
        memory = x if memory is None else memory
        query = self._split(self.query(x), self.heads)  # (batch, heads, time, head width)
        key = self._split(self.key(memory), self.kv_heads)
        value = self._split(self.value(memory), self.kv_heads)
        repeats = self.heads // self.kv_heads
        key, value = (part.repeat_interleave(repeats, dim=1) for part in (key, value))
        y = F.scaled_dot_product_attention(query, key, value)
        return self.out(y.transpose(1, 2).flatten(2))  # (batch, time, width)

    def _split(self, x: Tensor, heads: int) -> Tensor:
        return x.unflatten(-1, (heads, self.head_width)).transpose(1, 2)


class LatentAttention(nn.Module):
    """Multi-head latent attention of DeepSeek-V2: keys and values from one small vector a token.

    nope, rope: query and key channels of a head without and with rotary position; the rotary key
    is shared by all heads.  query_rank 0: queries are not compressed.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        query_rank: int,
        rank: int = 512,
        nope: int = 128,
        rope: int = 64,
        value: int = 128,
    ) -> None:
        super().__init__()
        self.heads, self.rank, self.nope, self.rope = heads, rank, nope, rope
        if query_rank:
            self.query = nn.Sequential(
                nn.Linear(width, query_rank, bias=False),
                RMSNorm(query_rank),
                nn.Linear(query_rank, heads * (nope + rope), bias=False),
            )
        else:
            self.query = nn.Sequential(nn.Linear(width, heads * (nope + rope), bias=False))
        self.compress = nn.Linear(width, rank + rope, bias=False)
        self.norm = RMSNorm(rank)
        self.expand = nn.Linear(rank, heads * (nope + value), bias=False)
        self.out = nn.Linear(heads * value, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width)."""
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        latent, rotary = self.compress(x).split((self.rank, self.rope), dim=-1)
        both = self.expand(self.norm(latent)).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        key, value = both[..., : self.nope], both[..., self.nope :]
        shared = rotary.unsqueeze(1).expand(-1, self.heads, -1, -1)
        key = torch.cat([key, shared], dim=-1)  # (batch, heads, time, nope + rope)
        y = F.scaled_dot_product_attention(query, key, value)
        return self.out(y.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Two linear maps, or three when gated: down(act(gate(x)) * up(x))."""

    def __init__(self, width: int, hidden: int, gated: bool = True) -> None:
        super().__init__()
        if gated:
            self.gate = nn.Linear(width, hidden, bias=False)
        self.gated = gated
        self.up = nn.Linear(width, hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        hidden = F.silu(self.gate(x)) * self.up(x) if self.gated else F.relu(self.up(x))
        return self.down(hidden)


class Experts(nn.Module):
    """`count` feed-forward networks stacked in one tensor each; a token runs `active` of them."""

    def __init__(
        self, width: int, hidden: int, count: int, active: int, gated: bool, bias: bool = False
    ) -> None:
        super().__init__()
        self.count, self.active, self.gated = count, active, gated
        inner = 2 * hidden if gated else hidden
        self.up = nn.Parameter(torch.empty(count, width, inner))
        self.down = nn.Parameter(torch.empty(count, hidden, width))
        self.up_bias = nn.Parameter(torch.empty(count, inner)) if bias else None
        self.down_bias = nn.Parameter(torch.empty(count, width)) if bias else None

    def forward(self, x: Tensor, chosen: Tensor, weights: Tensor) -> Tensor:
        """x: (tokens, width); chosen, weights: (tokens, active).  Returns (tokens, width)."""
        tokens, active = chosen.shape
        index = chosen.flatten()  # (tokens * active)
        y = x.repeat_interleave(active, dim=0).unsqueeze(1)  # (tokens * active, 1, width)
        hidden = torch.bmm(y, self.up[index])
        if self.up_bias is not None:
            hidden = hidden + self.up_bias[index].unsqueeze(1)
        if self.gated:
            gate, up = hidden.chunk(2, dim=-1)
            hidden = F.silu(gate) * up
        else:
            hidden = F.relu(hidden)
        y = torch.bmm(hidden, self.down[index])
        if self.down_bias is not None:
            y = y + self.down_bias[index].unsqueeze(1)
        y = y.view(tokens, active, -1) * weights.unsqueeze(-1)
        return y.sum(1)


class MixtureOfExperts(nn.Module):
    """A router, routed experts, and experts that every token runs.

    shared: hidden width of the always-running feed-forward network, 0 for none.
    shared_gate: it is scaled by a learned scalar gate, as in Qwen1.5-MoE.
    """

    def __init__(
        self,
        width: int,
        hidden: int,
        count: int,
        active: int,
        gated: bool = True,
        shared: int = 0,
        shared_gate: bool = False,
        router_bias: bool = False,
        expert_bias: bool = False,
    ) -> None:
        super().__init__()
        self.router = nn.Linear(width, count, bias=router_bias)
        self.experts = Experts(width, hidden, count, active, gated, expert_bias)
        self.shared = FeedForward(width, shared, gated) if shared else None
        self.shared_gate = nn.Linear(width, 1, bias=False) if shared_gate else None

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width)."""
        flat = x.flatten(0, 1)  # (tokens, width)
        scores, chosen = self.router(flat).topk(self.experts.active, dim=-1)
        y = self.experts(flat, chosen, scores.softmax(-1)).view_as(x)
        if self.shared is None:
            return y
        always = self.shared(x)
        if self.shared_gate is not None:
            always = torch.sigmoid(self.shared_gate(x)) * always
        return y + always
