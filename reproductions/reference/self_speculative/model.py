"""LayerSkip (Elhoushi et al. 2024) and CALM (Schuster et al. 2022) on a deep character model.

Layers l = 0 .. L-1, one head g for all of them.  LayerSkip trains so that early layers can answer:

    dropout of layer l with probability p_max D(l),  D(l) = exp(l ln 2 / (L - 1)) - 1
    J = sum_l e(l) J_CE(g(x_{l+1}), y) / sum_l e(l)
    e(l) = e_scale sum_{i <= l} i            for l < L - 1
           L - 1 + e_scale sum_{i <= L-2} i  for l = L - 1

Self-speculative decoding drafts d tokens with the first E layers, one after the other, and verifies
them with the layers E .. L-1 all at once, going on from the states that drafting left behind.  The
drafts up to the first wrong one are kept, and there stands what the whole network says; so the text
is the one that the whole network writes.

CALM leaves at the first layer whose likeliest token has probability >= lambda; its text may differ.

The model sees a window of the last characters, so that a state depends on its window alone and no
cache of keys and values is needed.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WINDOW = 12


class DeepModel(nn.Module):
    """Windows (n, 12) of characters; `layers` residual blocks; one head."""

    def __init__(self, characters: int, units: int = 96, layers: int = 8) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters, 16)
        self.mix = nn.Linear(16 * WINDOW, units)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(units),
                nn.Linear(units, 2 * units),
                nn.ReLU(),
                nn.Linear(2 * units, units),
            )
            for _ in range(layers)
        )
        self.head = nn.Sequential(nn.LayerNorm(units), nn.Linear(units, characters))

    def start(self, windows: Tensor) -> Tensor:
        """x_0, (n, units)."""
        return torch.relu(self.mix(self.embed(windows).flatten(1)))

    def through(self, x: Tensor, first: int, last: int) -> Tensor:
        """The layers first .. last - 1."""
        for block in self.blocks[first:last]:
            x = x + block(x)
        return x

    def states(self, windows: Tensor, p_max: float = 0.0) -> list[Tensor]:
        """x_1 .. x_L, each (n, units); with `p_max` layers are dropped, one example at a time."""
        x, states = self.start(windows), []
        for number, block in enumerate(self.blocks):
            added = block(x)
            if p_max:
                rate = p_max * (2 ** (number / (len(self.blocks) - 1)) - 1)  # p_max D(l)
                added = added * (torch.rand(len(x), 1) >= rate) / (1 - rate)
            x = x + added
            states.append(x)
        return states


def layer_skip_loss(
    model: DeepModel, windows: Tensor, y: Tensor, p_max: float, scale: float
) -> Tensor:
    """J; a scalar."""
    states = model.states(windows, p_max)
    last = len(states) - 1
    weights = [scale * sum(range(number + 1)) for number in range(last)]
    weights.append(last + scale * sum(range(last)))
    losses = [
        weight * F.cross_entropy(model.head(x), y)
        for weight, x in zip(weights, states, strict=True)
        if weight
    ]
    return torch.stack(losses).sum() / sum(weights)


@torch.no_grad()
def greedy(model: DeepModel, window: Tensor, length: int) -> list[int]:
    """What the whole network writes after a window (12,), one character at a time."""
    written = window.tolist()
    for _ in range(length):
        x = model.through(model.start(torch.tensor([written[-WINDOW:]])), 0, len(model.blocks))
        written.append(int(model.head(x).argmax()))
    return written[WINDOW:]


@dataclass(frozen=True)
class Decoded:
    """text: characters written.  accepted: drafts kept, one entry a round."""

    text: list[int]
    accepted: list[int]


@torch.no_grad()
def self_speculative(
    model: DeepModel, window: Tensor, length: int, *, exit: int, drafts: int
) -> Decoded:
    """The text of :func:`greedy`: `drafts` at a time by the first `exit` layers, then verified."""
    written, accepted = window.tolist(), []
    while len(written) < WINDOW + length:
        draft, left = list(written), []
        for _ in range(drafts):
            x = model.through(model.start(torch.tensor([draft[-WINDOW:]])), 0, exit)
            left.append(x)
            draft.append(int(model.head(x).argmax()))
        verified = model.through(torch.cat(left), exit, len(model.blocks))  # (drafts, units)
        true = model.head(verified).argmax(dim=1).tolist()
        guessed = draft[len(written) :]
        kept = 0
        while kept < drafts and guessed[kept] == true[kept]:
            kept += 1
        written += true[: min(kept + 1, drafts)]
        accepted.append(kept)
    return Decoded(written[WINDOW : WINDOW + length], accepted)


@torch.no_grad()
def confident(model: DeepModel, windows: Tensor, threshold: float) -> tuple[Tensor, Tensor]:
    """CALM: tokens (n,), and how many layers each took; the layers above are not computed."""
    x = model.start(windows)
    waiting = torch.arange(len(windows))
    tokens, layers = torch.zeros_like(waiting), torch.zeros_like(waiting)
    for number, block in enumerate(model.blocks, start=1):
        x = x + block(x)
        p, token = model.head(x).softmax(dim=1).max(dim=1)
        ends = (p >= threshold) | (number == len(model.blocks))
        tokens[waiting[ends]], layers[waiting[ends]] = token[ends], number
        x, waiting = x[~ends], waiting[~ends]
        if not len(waiting):
            break
    return tokens, layers
