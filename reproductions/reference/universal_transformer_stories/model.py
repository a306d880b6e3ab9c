"""Universal Transformer, Transformer and LSTM that read a story sentence by sentence.

    x_i = sum_j f_j * e(w_ij)            a sentence: its words, each under a mask    section 3.1
    A^t = LayerNorm((H^{t-1} + P^t) + MultiHead(H^{t-1} + P^t))                      (5)
    H^t = LayerNorm(A^t + Transition(A^t)),  the same weights at every t             (4)
    P^t_{i,2j}   = sin(i / 10000^{2j/d}) + sin(t / 10000^{2j/d})                     (6)
    P^t_{i,2j+1} = cos(i / 10000^{2j/d}) + cos(t / 10000^{2j/d})                     (7)
    p(answer) = softmax(O h^T),  h^T: the state of the question                      (8)

(Dehghani et al. 2019.)  The masks f_j of the places in a sentence are learned, as Henaff et al.
(2017) have it; facts and question go through the same ones.  Halting, Appendix C: each sentence
has an Adaptive Computation Time of its own.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Output:
    """scores: (batch, answers).  steps: N of each sentence; ponder: N + R; (batch, sentences).

    Sentences that pad a story took 0 steps.
    """

    scores: Tensor
    steps: Tensor
    ponder: Tensor


class Sentences(nn.Module):
    """Each sentence as one vector.  Word 0 pads."""

    def __init__(self, words: int, longest: int, units: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, units, padding_idx=0)
        self.mask = nn.Parameter(torch.ones(longest, units))

    def forward(self, stories: Tensor) -> Tensor:
        """stories: words (batch, sentences, longest) -> (batch, sentences, units)."""
        return (self.embed(stories) * self.mask).sum(dim=2)


def coordinates(length: int, t: int, units: int) -> Tensor:
    """P^t, Eq. 6 and 7: (length, units).  t = 0: no step.

    i counts back from the question, so that stories of any length end alike.
    """
    wave = 10000.0 ** (-torch.arange(0, units, 2) / units)
    i = torch.arange(length - 1, -1, -1.0)[:, None] * wave  # (length, units / 2)
    signal = torch.stack([i.sin(), i.cos()], dim=-1)
    if t:
        signal = signal + torch.stack([(t * wave).sin(), (t * wave).cos()], dim=-1)
    return signal.flatten(-2)


class Block(nn.Module):
    """One step: self-attention of `heads` heads over the sentences (Eq. 5), transition (Eq. 4)."""

    def __init__(self, units: int, heads: int) -> None:
        super().__init__()
        self.w_qkv = nn.Linear(units, 3 * units, bias=False)
        self.w_o = nn.Linear(units, units, bias=False)
        self.transition = nn.Sequential(
            nn.Linear(units, 4 * units), nn.ReLU(), nn.Linear(4 * units, units)
        )
        self.norm_a, self.norm_h = nn.LayerNorm(units), nn.LayerNorm(units)
        self.heads = heads

    def forward(self, h: Tensor, there: Tensor) -> Tensor:
        """h: H^{t-1} + P^t, (batch, n, units).  there: which are sentences, (batch, n)."""
        q, k, v = (
            part.unflatten(2, (self.heads, -1)).transpose(1, 2)  # (batch, heads, n, units / heads)
            for part in self.w_qkv(h).chunk(3, dim=2)
        )
        head = F.scaled_dot_product_attention(q, k, v, attn_mask=there[:, None, None])
        a = self.norm_a(h + self.w_o(head.transpose(1, 2).flatten(2)))  # Eq. 5
        return self.norm_h(a + self.transition(a))  # Eq. 4


class StoryTransformer(nn.Module):
    """`shared`: one block for all T steps, else a block a step.  `halts`: dynamic halting."""

    def __init__(
        self,
        words: int,
        longest: int,
        answers: int,
        *,
        units: int,
        heads: int,
        steps: int,
        shared: bool,
        halts: bool = False,
    ) -> None:
        super().__init__()
        self.sentences = Sentences(words, longest, units)
        self.blocks = nn.ModuleList(Block(units, heads) for _ in range(1 if shared else steps))
        self.halt = nn.Linear(units, 1) if halts else None
        if self.halt is not None:
            nn.init.ones_(self.halt.bias)
        self.o = nn.Linear(units, answers)
        self.steps, self.shared = steps, shared

    def forward(self, stories: Tensor) -> Output:
        """stories: (batch, sentences, longest), the question last, padding in front."""
        there = stories.any(dim=2)  # (batch, n)
        h = self.sentences(stories)
        if self.halt is None:
            for t in range(1, self.steps + 1):
                h = self._step(h, there, t)
            n = ponder = there * float(self.steps)
        else:
            h, n, ponder = self._until_halted(self.halt, h, there)
        return Output(self.o(h[:, -1]), n, ponder)  # Eq. 8

    def _step(self, h: Tensor, there: Tensor, t: int) -> Tensor:
        if self.shared:
            return self.blocks[0](h + self._at(h, t), there)
        if t == 1:
            h = h + self._at(h, 0)
        return self.blocks[t - 1](h, there)

    def _at(self, h: Tensor, t: int) -> Tensor:
        return coordinates(h.shape[1], t, h.shape[2]).to(h)

    def _until_halted(
        self, halt: nn.Linear, h: Tensor, there: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Appendix C: a sentence whose probabilities add up to 1 - epsilon keeps its state."""
        threshold = 0.99
        sums = h.new_zeros(h.shape[:2])
        n, remainders, mixed = torch.zeros_like(sums), torch.zeros_like(sums), torch.zeros_like(h)
        running = there.to(h.dtype)
        for t in range(1, self.steps + 1):
            p = torch.sigmoid(halt(h))[..., 0]  # (batch, n)
            ends = running * (sums + p * running > threshold).to(h.dtype)
            if t == self.steps:
                ends = running  # the last step takes what is left
            n = n + running
            running = running - ends
            remainders = remainders + ends * (1 - sums)
            weight = p * running + ends * (1 - sums)
            sums = sums + weight
            h = self._step(h, there, t)
            mixed = mixed + weight[..., None] * h
            if not running.any():
                break
        return mixed, n, n + remainders


class StoryLSTM(nn.Module):
    """Reads the sentences in order, the question last."""

    def __init__(self, words: int, longest: int, answers: int, *, units: int) -> None:
        super().__init__()
        self.sentences = Sentences(words, longest, units)
        self.lstm = nn.LSTM(units, units, batch_first=True)
        self.o = nn.Linear(units, answers)

    def forward(self, stories: Tensor) -> Output:
        """As the transformers; what pads a story is read as zeros before it."""
        there = stories.any(dim=2).float()
        states, _ = self.lstm(self.sentences(stories))
        return Output(self.o(states[:, -1]), there, there)
