"""PonderNet (Banino et al. 2021): think in steps, and halt at each with a learned probability.

    y_n, lambda_n, h_{n+1} = step(x, h_n)                                  (1)
    p_n = lambda_n prod_{j < n} (1 - lambda_j)                             (3)
    loss = sum_n p_n L(y, y_n) + beta KL(p || geometric(lambda_p))         (4)

p is a distribution over halting times, so the expected loss needs no sampling and has no bias;
the prior says how long to think when nothing else does, and keeps all lengths explored.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Pondered:
    """Answers of every step and the chance to halt there.

    answers: (steps, batch, outputs).  halting: p_n, (steps, batch); columns sum to 1.
    """

    answers: Tensor
    halting: Tensor

    def expected_steps(self) -> Tensor:
        """sum_n n p_n; (batch,)."""
        number = torch.arange(1, len(self.halting) + 1, device=self.halting.device)
        return (number[:, None] * self.halting).sum(dim=0)


class PonderNet(nn.Module):
    """The step function is a GRU cell that sees the same x at every step.

    Eq. 1 leaves the cell open; which one the paper takes for parity has not been confirmed.
    """

    def __init__(self, inputs: int, units: int, outputs: int, limit: int = 20) -> None:
        super().__init__()
        self.step = nn.GRUCell(inputs, units)
        self.answer = nn.Linear(units, outputs)
        self.stop = nn.Linear(units, 1)
        self.limit = limit

    def forward(self, x: Tensor) -> Pondered:
        """x: (batch, inputs); all `limit` steps are computed, as in training."""
        h = x.new_zeros(len(x), self.step.hidden_size)
        running = x.new_ones(len(x))  # chance that no step halted yet
        answers, halting = [], []
        for n in range(1, self.limit + 1):
            h = self.step(x, h)  # (batch, units)
            stop = torch.sigmoid(self.stop(h))[:, 0]  # lambda_n, (batch,)
            if n == self.limit:
                stop = torch.ones_like(stop)  # the last step takes what is left
            answers.append(self.answer(h))
            halting.append(running * stop)  # Eq. 3
            running = running * (1 - stop)
        return Pondered(torch.stack(answers), torch.stack(halting))

    @torch.no_grad()
    def infer(self, x: Tensor, noise: torch.Generator) -> tuple[Tensor, Tensor]:
        """Throw the coin at each step and stop where it says so; the rest is not computed.

        Returns answers (batch, outputs) and steps (batch,).
        """
        h = x.new_zeros(len(x), self.step.hidden_size)
        thinking = torch.arange(len(x), device=x.device)
        answers = x.new_zeros(len(x), self.answer.out_features)
        steps = torch.zeros(len(x), dtype=torch.long, device=x.device)
        for n in range(1, self.limit + 1):
            h = self.step(x[thinking], h)  # (thinking, units)
            stop = torch.sigmoid(self.stop(h))[:, 0]
            coin = torch.rand(len(stop), generator=noise).to(x.device)
            ends = (coin < stop) | (n == self.limit)
            answers[thinking[ends]] = self.answer(h[ends])
            steps[thinking[ends]] = n
            h, thinking = h[~ends], thinking[~ends]
            if not len(thinking):
                break
        return answers, steps


def geometric(lambda_p: float, limit: int) -> Tensor:
    """The prior, cut off at `limit` steps and normalised; (limit,)."""
    n = torch.arange(limit)
    p = lambda_p * (1 - lambda_p) ** n
    return p / p.sum()


def ponder_loss(pondered: Pondered, losses: Tensor, lambda_p: float, beta: float) -> Tensor:
    """Eq. 4.  losses: L(y, y_n) of every step and example, (steps, batch); a scalar."""
    prior = geometric(lambda_p, len(losses)).to(losses)[:, None]
    p = pondered.halting
    kl = (p * (p.clamp_min(1e-12) / prior).log()).sum(dim=0)  # (batch,)
    return ((p * losses).sum(dim=0) + beta * kl).mean()
