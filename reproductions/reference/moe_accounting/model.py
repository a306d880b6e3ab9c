"""Language models built from the parts, and the four ways of counting them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .layers import Attention, Experts, FeedForward, MixtureOfExperts, RMSNorm


class Block(nn.Module):
    """x + attention(norm(x)), then x + mixing(norm(x)); `post_norms` adds two more norms."""

    def __init__(
        self, width: int, attention: nn.Module, mixing: nn.Module, post_norms: bool = False
    ) -> None:
        super().__init__()
        self.attention_norm, self.attention = RMSNorm(width), attention
        self.mixing_norm, self.mixing = RMSNorm(width), mixing
        self.after_attention = RMSNorm(width) if post_norms else nn.Identity()
        self.after_mixing = RMSNorm(width) if post_norms else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.after_attention(self.attention(self.attention_norm(x)))
        return x + self.after_mixing(self.mixing(self.mixing_norm(x)))


class LanguageModel(nn.Module):
    """Embedding, blocks, norm and head; a tied head is the embedding used again."""

    def __init__(
        self, vocabulary: int, width: int, blocks: Iterable[nn.Module], tied: bool = False
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(blocks)
        self.norm = RMSNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        if tied:
            self.head.weight = self.embedding.weight

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens: (batch, time).  Returns logits (batch, time, vocabulary)."""
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class DecoderBlock(nn.Module):
    """A block that also attends to what the encoder has read."""

    def __init__(self, width: int, heads: int, head_width: int, mixing: nn.Module) -> None:
        super().__init__()
        self.norms = nn.ModuleList([RMSNorm(width) for _ in range(3)])
        self.attention = Attention(width, heads, head_width=head_width)
        self.cross = Attention(width, heads, head_width=head_width)
        self.mixing = mixing

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        x = x + self.attention(self.norms[0](x))
        x = x + self.cross(self.norms[1](x), memory)
        return x + self.mixing(self.norms[2](x))


class EncoderDecoder(nn.Module):
    """T5 and Switch; relative position biases, a few hundred numbers, are left out.

    mixing: makes the feed-forward part of layer i, the same way on both sides.
    """

    def __init__(
        self,
        vocabulary: int,
        width: int,
        heads: int,
        head_width: int,
        layers: int,
        mixing: Callable[[int], nn.Module],
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.encoder = nn.ModuleList(
            Block(width, Attention(width, heads, head_width=head_width), mixing(layer))
            for layer in range(layers)
        )
        self.decoder = nn.ModuleList(
            DecoderBlock(width, heads, head_width, mixing(layer)) for layer in range(layers)
        )
        self.norms = nn.ModuleList([RMSNorm(width), RMSNorm(width)])
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """source, target: (batch, time) tokens.  Returns logits for the target."""
        memory = self.embedding(source)
        for block in self.encoder:
            memory = block(memory)
        memory = self.norms[0](memory)
        x = self.embedding(target)
        for block in self.decoder:
            x = block(x, memory)
        return self.head(self.norms[1](x))


@dataclass(frozen=True)
class Sizes:
    """Parameters of a model; `active` is what one token uses, under three conventions."""

    total: int
    active: int
    active_no_input_embedding: int
    active_no_embedding_no_head: int


def sizes(model: LanguageModel) -> Sizes:
    """Count a model.  Of routed experts active / count are active, of everything else all."""
    total = sum(parameter.numel() for parameter in model.parameters())
    idle = 0
    for module in model.modules():
        if isinstance(module, Experts):
            stacked = sum(parameter.numel() for parameter in module.parameters())
            idle += stacked // module.count * (module.count - module.active)
    active = total - idle
    embedding, head = model.embedding.weight, model.head.weight
    tied = head is embedding
    return Sizes(
        total=total,
        active=active,
        active_no_input_embedding=active if tied else active - embedding.numel(),
        active_no_embedding_no_head=active - embedding.numel() - (0 if tied else head.numel()),
    )


def matrix_parameters(model: LanguageModel) -> int:
    """Active weights that a token multiplies: no norms, biases, sinks or embedding look-up.

    At one token this must equal the multiply-accumulates with weights that the tracer sees.
    """
    seen: set[int] = set()
    count = 0
    for module in model.modules():
        if isinstance(module, nn.Linear) and id(module.weight) not in seen:
            seen.add(id(module.weight))
            count += module.weight.numel()
        elif isinstance(module, Experts):
            stacked = module.up.numel() + module.down.numel()
            count += stacked // module.count * module.active
    return count


# --- Shazeer et al. 2017 -------------------------------------------------------------------------


class LSTM(nn.Module):
    """One step of an LSTM layer without biases: four gates from input and state."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gates = nn.Linear(2 * width, 4 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, width); the state before the first step is zero."""
        state = torch.zeros_like(x)
        gates = self.gates(torch.cat([x, state], dim=-1))
        f, i, o, g = gates.chunk(4, dim=-1)
        cell = torch.sigmoid(f) * state + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell)


class NoisyGate(nn.Module):
    """H(x) = x W_g + noise * softplus(x W_noise), keep the k largest, softmax (Eq. 3-5)."""

    def __init__(self, width: int, count: int, active: int) -> None:
        super().__init__()
        self.active = active
        self.clean = nn.Linear(width, count, bias=False)
        self.noise = nn.Linear(width, count, bias=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (batch, width).  Returns weights and indices (batch, active)."""
        scores = self.clean(x)
        scores = scores + torch.randn_like(scores) * nn.functional.softplus(self.noise(x))
        kept, chosen = scores.topk(self.active, dim=-1)
        return kept.softmax(-1), chosen


class FlatMixture(nn.Module):
    """All experts behind one gate; four run."""

    def __init__(self, width: int, hidden: int, count: int) -> None:
        super().__init__()
        self.gate = NoisyGate(width, count, active=4)
        self.experts = Experts(width, hidden, count, active=4, gated=False)

    def forward(self, x: Tensor) -> Tensor:
        weights, chosen = self.gate(x)
        return self.experts(x, chosen, weights)


class HierarchicalMixture(nn.Module):
    """A gate over groups, a gate in each group; two groups run two experts each (appendix B)."""

    def __init__(self, width: int, hidden: int, count: int, groups: int) -> None:
        super().__init__()
        self.groups, self.inside = groups, count // groups
        self.first = NoisyGate(width, groups, active=2)
        self.clean = nn.Parameter(torch.empty(groups, width, self.inside))
        self.noise = nn.Parameter(torch.empty(groups, width, self.inside))
        self.experts = Experts(width, hidden, count, active=4, gated=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (1, width): one token, since each token has its own second-level gates."""
        outer, group = self.first(x)  # (1, 2)
        twice = x.expand(2, -1).unsqueeze(1)  # (2, 1, width)
        scores = torch.bmm(twice, self.clean[group[0]]).squeeze(1)  # (2, experts in a group)
        spread = torch.bmm(twice, self.noise[group[0]]).squeeze(1)
        scores = scores + torch.randn_like(scores) * nn.functional.softplus(spread)
        kept, inner = scores.topk(2, dim=-1)  # (2, 2)
        chosen = group[0].unsqueeze(1) * self.inside + inner
        weights = outer[0].unsqueeze(1) * kept.softmax(-1)
        return self.experts(x, chosen.flatten().unsqueeze(0), weights.flatten().unsqueeze(0))


class MoELanguageModel(nn.Module):
    """LSTM, mixture, LSTM between an embedding and a softmax that the paper leaves uncounted."""

    def __init__(self, experts: int, groups: int = 0, width: int = 512, hidden: int = 1024) -> None:
        super().__init__()
        self.below, self.above = LSTM(width), LSTM(width)
        self.mixture = (
            HierarchicalMixture(width, hidden, experts, groups)
            if groups
            else FlatMixture(width, hidden, experts)
        )

    def forward(self, x: Tensor) -> Tensor:
        """x: (1, width), one embedded token."""
        x = x + self.below(x)
        x = x + self.mixture(x)
        return x + self.above(x)


__all__ = [
    "Block",
    "EncoderDecoder",
    "FeedForward",
    "LanguageModel",
    "MixtureOfExperts",
    "MoELanguageModel",
    "Sizes",
    "matrix_parameters",
    "sizes",
]
