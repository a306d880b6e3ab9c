"""Universal Transformer (Dehghani et al. 2019) beside a Transformer and an LSTM.

    Attention(Q, K, V) = softmax(Q K^T / sqrt(d)) V                                  (1)
    MultiHead(H) = Concat(head_1, ..., head_k) W^O                                   (2)
    head_i = Attention(H W_i^Q, H W_i^K, H W_i^V)                                    (3)
    H^t = LayerNorm(A^t + Transition(A^t))                                           (4)
    A^t = LayerNorm((H^{t-1} + P^t) + MultiHead(H^{t-1} + P^t))                      (5)
    P^t_{i,2j}   = sin(i / 10000^{2j/d}) + sin(t / 10000^{2j/d})                     (6)
    P^t_{i,2j+1} = cos(i / 10000^{2j/d}) + cos(t / 10000^{2j/d})                     (7)
    p(y_pos | y_[1:pos-1], H^T) = softmax(O H^T)                                     (8)

The weights are the same at every step t = 1 .. T.  The decoder looks at the encoder's last H^T
between (5) and (4), and its self-attention sees no later position.  With other weights at every
step and P^t at the first alone this is the Transformer.  Halting (Appendix C): every position of
encoder and decoder has an Adaptive Computation Time of its own.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Output:
    """scores: (batch, targets, words).  steps: N of each position, encoder's before decoder's.

    ponder: N + R, as `steps` (batch, inputs + targets); without halting both are T everywhere.
    """

    scores: Tensor
    steps: Tensor
    ponder: Tensor


def coordinates(places: Tensor, t: int, units: int) -> Tensor:
    """P^t, Eq. 6 and 7: (batch, length, units).  places: i, (batch, length).  t = 0: no step."""
    wave = 10000.0 ** (-torch.arange(0, units, 2, device=places.device) / units)
    i = places[..., None] * wave  # (batch, length, units / 2)
    signal = torch.stack([i.sin(), i.cos()], dim=-1)
    if t:
        signal = signal + torch.stack([(t * wave).sin(), (t * wave).cos()], dim=-1)
    return signal.flatten(-2)


class MultiHead(nn.Module):
    """Eq. 1 to 3, with k = `heads`."""

    def __init__(self, units: int, heads: int) -> None:
        super().__init__()
        self.w_q, self.w_k, self.w_v, self.w_o = (
            nn.Linear(units, units, bias=False) for _ in range(4)
        )
        self.heads = heads

    def forward(self, h: Tensor, seen: Tensor, *, causal: bool = False) -> Tensor:
        """h: who asks, (batch, n, units).  seen: what is looked at, (batch, m, units)."""
        q, k, v = (
            self._split(w(x)) for w, x in ((self.w_q, h), (self.w_k, seen), (self.w_v, seen))
        )
        head = F.scaled_dot_product_attention(q, k, v, is_causal=causal)  # Eq. 1
        return self.w_o(head.transpose(1, 2).flatten(2))  # Eq. 2

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)  # (batch, heads, length, units / k)


class Block(nn.Module):
    """One step of the encoder, or of the decoder, which `attends` to the encoder."""

    def __init__(self, units: int, heads: int, *, attends: bool) -> None:
        super().__init__()
        self.itself = MultiHead(units, heads)
        self.other = MultiHead(units, heads) if attends else None
        self.transition = nn.Sequential(
            nn.Linear(units, 4 * units), nn.ReLU(), nn.Linear(4 * units, units)
        )
        self.norm_a, self.norm_b, self.norm_h = (nn.LayerNorm(units) for _ in range(3))

    def forward(self, h: Tensor, encoded: Tensor | None) -> Tensor:
        """h: H^{t-1} + P^t, (batch, n, units).  encoded: the encoder's H^T, for the decoder."""
        a = self.norm_a(h + self.itself(h, h, causal=self.other is not None))  # Eq. 5
        if self.other is not None and encoded is not None:
            a = self.norm_b(a + self.other(a, encoded))
        return self.norm_h(a + self.transition(a))  # Eq. 4


class Stack(nn.Module):
    """Encoder or decoder: T steps of one block (shared), or T blocks of one step each."""

    def __init__(
        self, units: int, heads: int, steps: int, *, attends: bool, shared: bool, halts: bool
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            Block(units, heads, attends=attends) for _ in range(1 if shared else steps)
        )
        self.halt = nn.Linear(units, 1) if halts else None
        if self.halt is not None:
            nn.init.ones_(self.halt.bias)
        self.steps, self.shared = steps, shared

    def forward(
        self, h: Tensor, places: Tensor, encoded: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """H^T (batch, n, units), N and N + R (batch, n).  h: embeddings.  places: (batch, n)."""
        if self.halt is not None:
            return self._until_halted(self.halt, h, places, encoded)
        for t in range(1, self.steps + 1):
            h = self._step(h, places, t, encoded)
        spent = h.new_full(h.shape[:2], float(self.steps))
        return h, spent, spent

    def _step(self, h: Tensor, places: Tensor, t: int, encoded: Tensor | None) -> Tensor:
        if self.shared:
            return self.blocks[0](h + coordinates(places, t, h.shape[2]), encoded)
        if t == 1:
            h = h + coordinates(places, 0, h.shape[2])
        return self.blocks[t - 1](h, encoded)

    def _until_halted(
        self, halt: nn.Linear, h: Tensor, places: Tensor, encoded: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Appendix C: a position whose probabilities add up to 1 - epsilon keeps its state."""
        threshold = 0.99
        sums = h.new_zeros(h.shape[:2])
        n, remainders, mixed = torch.zeros_like(sums), torch.zeros_like(sums), torch.zeros_like(h)
        running = torch.ones_like(sums)
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
            h = self._step(h, places, t, encoded)
            mixed = mixed + weight[..., None] * h
            if not running.any():
                break
        return mixed, n, n + remainders


class SequenceTransformer(nn.Module):
    """Encoder and decoder; `shared` weights make it universal, `halts` adds dynamic halting."""

    def __init__(
        self, words: int, units: int, heads: int, steps: int, *, shared: bool, halts: bool = False
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(words + 1, units)  # one more: what stands before the first target
        nn.init.normal_(self.embed.weight, std=1.0)
        self.encoder = Stack(units, heads, steps, attends=False, shared=shared, halts=halts)
        self.decoder = Stack(units, heads, steps, attends=True, shared=shared, halts=halts)
        self.o = nn.Linear(units, words)
        self.words = words

    def forward(self, x: Tensor, y: Tensor, offset: Tensor | None = None) -> Output:
        """Scores of every target given those before it.  x: (batch, n); y: (batch, m).

        offset: place of the first position, (batch,), the same in encoder and decoder.
        """
        start = torch.zeros(len(x), 1, device=x.device) if offset is None else offset[:, None]
        before = torch.cat([torch.full_like(y[:, :1], self.words), y[:, :-1]], dim=1)
        encoded, n_x, ponder_x = self.encoder(self.embed(x), start + _count(x))
        decoded, n_y, ponder_y = self.decoder(self.embed(before), start + _count(y), encoded)
        steps, ponder = torch.cat([n_x, n_y], dim=1), torch.cat([ponder_x, ponder_y], dim=1)
        return Output(self.o(decoded), steps, ponder)  # Eq. 8


def _count(x: Tensor) -> Tensor:
    return torch.arange(x.shape[1], device=x.device)[None]


class SequenceLSTM(nn.Module):
    """The recurrent baseline: the decoder starts from the encoder's last state."""

    def __init__(self, words: int, units: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(words + 1, units)
        self.encoder = nn.LSTM(units, units, batch_first=True)
        self.decoder = nn.LSTM(units, units, batch_first=True)
        self.o = nn.Linear(units, words)
        self.words = words

    def forward(self, x: Tensor, y: Tensor, offset: Tensor | None = None) -> Output:
        """As the transformers; it knows no positions and takes no offset."""
        before = torch.cat([torch.full_like(y[:, :1], self.words), y[:, :-1]], dim=1)
        _, state = self.encoder(self.embed(x))
        decoded, _ = self.decoder(self.embed(before), state)
        ones = torch.ones(len(x), x.shape[1] + y.shape[1], device=x.device)
        return Output(self.o(decoded), ones, ones)
