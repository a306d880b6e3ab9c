"""LSTM and GRU that update at every step, at random ones, or when Skip RNN's gate says so.

    u_t      = round(v_t)                                              (2)
    s_t      = u_t S(s_{t-1}, x_t) + (1 - u_t) s_{t-1}                 (3)
    d_t      = sigmoid(W_p s_t + b_p)                                  (4)
    v_{t+1}  = u_t d_t + (1 - u_t) (v_t + min(d_t, 1 - v_t))           (5)

(Campos et al. 2018.)  S is an LSTM or GRU cell; for an LSTM d_t reads its cell state.  Skipping at
random puts u_t ~ Bernoulli(1 - p_skip) in the place of Eq. 2, in training and in the test.
"""

import torch
from torch import Tensor, nn


class Round(torch.autograd.Function):
    """Rounds forwards, passes the gradient through backwards (straight-through estimator)."""

    @staticmethod
    def forward(ctx: object, wish: Tensor) -> Tensor:
        return (wish >= 0.5).to(wish.dtype)

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:  # type: ignore[override]
        return gradient


class LSTM(nn.Module):
    """One LSTM layer; its state is (cell, hidden) side by side."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.mix = nn.Linear(inputs + units, 4 * units)
        self.start = nn.Parameter(torch.zeros(2 * units))
        nn.init.xavier_uniform_(self.mix.weight)
        nn.init.zeros_(self.mix.bias)
        nn.init.constant_(self.mix.bias[2 * units : 3 * units], 1.0)  # remember by default

    def forward(self, x: Tensor, state: Tensor) -> Tensor:
        """x: (batch, inputs); state: (batch, 2 units) -> the next state."""
        cell, hidden = state.chunk(2, dim=1)  # (batch, units) each
        i, g, f, o = self.mix(torch.cat([x, hidden], dim=1)).chunk(4, dim=1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.cat([cell, torch.sigmoid(o) * torch.tanh(cell)], dim=1)

    def output(self, state: Tensor) -> Tensor:
        """What the classifier reads: (batch, units)."""
        return state[:, self.units :]

    def memory(self, state: Tensor) -> Tensor:
        """What the update gate reads: (batch, units)."""
        return state[:, : self.units]


class GRU(nn.Module):
    """One GRU layer; its state is the hidden vector."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.mix = nn.Linear(inputs + units, 2 * units)
        self.candidate = nn.Linear(inputs + units, units)
        self.start = nn.Parameter(torch.zeros(units))
        for layer in (self.mix, self.candidate):
            nn.init.xavier_uniform_(layer.weight)
        nn.init.ones_(self.mix.bias)
        nn.init.zeros_(self.candidate.bias)

    def forward(self, x: Tensor, state: Tensor) -> Tensor:
        """x: (batch, inputs); state: (batch, units) -> the next state."""
        r, z = torch.sigmoid(self.mix(torch.cat([x, state], dim=1))).chunk(2, dim=1)
        candidate = torch.tanh(self.candidate(torch.cat([x, r * state], dim=1)))
        return z * state + (1 - z) * candidate

    def output(self, state: Tensor) -> Tensor:
        """What the classifier reads: (batch, units)."""
        return state

    def memory(self, state: Tensor) -> Tensor:
        """What the update gate reads: (batch, units)."""
        return state


class SequenceClassifier(nn.Module):
    """A recurrent layer and a linear classifier on its last output.

    skips: "never", "random" (with probability `p_skip`), or "learned" (Eq. 2 to 5).
    """

    def __init__(
        self, cell: str, inputs: int, units: int, skips: str = "learned", p_skip: float = 0.5
    ) -> None:
        super().__init__()
        self.cell = LSTM(inputs, units) if cell == "lstm" else GRU(inputs, units)
        self.wish = nn.Linear(units, 1) if skips == "learned" else None
        self.p_skip = {"never": 0.0, "random": p_skip, "learned": 0.0}[skips]
        self.answer = nn.Linear(units, 10)
        if self.wish is not None:
            nn.init.ones_(self.wish.bias)  # start with many updates

    def forward(self, x: Tensor, noise: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        """x: (batch, time, inputs) -> scores (batch, 10), updates u (batch, time)."""
        if self.wish is None:
            shares = torch.full(x.shape[:2], 1 - self.p_skip)
            drawn = torch.bernoulli(shares, generator=noise).to(x)  # all ones if p_skip is 0
            return self._at_steps(x, drawn), drawn
        return self._when_wished(x, self.wish)

    def _at_steps(self, x: Tensor, u: Tensor) -> Tensor:
        state = self.cell.start.expand(len(x), -1)  # learned initial state
        for t in range(x.shape[1]):
            state = torch.lerp(state, self.cell(x[:, t], state), u[:, t, None])  # Eq. 3
        return self.answer(self.cell.output(state))

    def _when_wished(self, x: Tensor, wish: nn.Linear) -> tuple[Tensor, Tensor]:
        state = self.cell.start.expand(len(x), -1)
        v = x.new_ones(len(x), 1)  # the first step always updates
        updates = []
        for t in range(x.shape[1]):
            u = Round.apply(v)  # (batch, 1), Eq. 2
            state = u * self.cell(x[:, t], state) + (1 - u) * state  # Eq. 3
            d = torch.sigmoid(wish(self.cell.memory(state)))  # (batch, 1), Eq. 4
            v = u * d + (1 - u) * (v + torch.minimum(d, 1 - v))  # Eq. 5
            updates.append(u)
        return self.answer(self.cell.output(state)), torch.cat(updates, dim=1)


def budget_loss(updates: Tensor, cost_per_sample: float) -> Tensor:
    """lambda times the number of updates of a sequence, mean over the batch (Eq. 8)."""
    return cost_per_sample * updates.sum(dim=1).mean()


def inference_macs(model: SequenceClassifier, steps: int, used: float) -> float:
    """Multiply-accumulates of one sequence of which a fraction `used` of the steps updates.

    Every update runs all gate matrices; the update gate runs at each step, as the paper charges
    it.  No biases, no element-wise work, and not the classifier, which runs once.
    """
    matrices = sum(weight.numel() for weight in model.cell.parameters() if weight.dim() == 2)
    per_step = model.wish.weight.numel() if model.wish is not None else 0
    return steps * (used * matrices + per_step)
