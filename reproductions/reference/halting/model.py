"""One GRU cell that thinks n = 1, 2, ... steps about x, halted by ACT or by PonderNet.

    h_n = GRU(x, h_{n-1})       y_n = W_y h_n + b_y       lambda_n = sigmoid(w h_n + b)

ACT (Graves 2016, section 2) reads lambda_n as a part of the whole that is spent on step n, and
answers with a mixture:

    N   = min { n : lambda_1 + ... + lambda_n >= 1 - epsilon }
    p_n = lambda_n for n < N,   R = 1 - (lambda_1 + ... + lambda_{N-1}) at n = N
    y   = sum_{n <= N} p_n y_n                  loss = L(t, y) + tau (N + R)

PonderNet (Banino et al. 2021, Eq. 3 and 4) reads it as the chance to halt at step n if nothing has
halted before, and answers with the step at which it halts:

    p_n = lambda_n prod_{j < n} (1 - lambda_j)
    loss = sum_n p_n L(t, y_n) + beta KL(p || geometric(lambda_p))

Both are computed from the same `Steps`, so that nothing else can differ.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON = 0.01
"""Of ACT: a network may halt at its first step."""


@dataclass(frozen=True)
class Steps:
    """What the cell says at each step: logits y_n and halting units lambda_n, (limit, batch)."""

    answers: Tensor
    halting: Tensor


class Thinker(nn.Module):
    """The cell with its two heads; x is the same at every step."""

    def __init__(self, inputs: int, units: int, limit: int, first_bias: float = 0.0) -> None:
        super().__init__()
        self.cell = nn.GRUCell(inputs, units)
        self.answer = nn.Linear(units, 1)
        self.halt = nn.Linear(units, 1)
        nn.init.constant_(self.halt.bias, first_bias)
        self.limit = limit

    def forward(self, x: Tensor) -> Steps:
        """x: (batch, inputs); all `limit` steps."""
        h = x.new_zeros(len(x), self.cell.hidden_size)
        answers, halting = [], []
        for _ in range(self.limit):
            h = self.cell(x, h)  # (batch, units)
            answers.append(self.answer(h)[:, 0])
            halting.append(torch.sigmoid(self.halt(h))[:, 0])
        return Steps(torch.stack(answers), torch.stack(halting))


@dataclass(frozen=True)
class Act:
    """p: (limit, batch), p_n, zero after N.  steps: N.  ponder: N + R, both (batch,)."""

    p: Tensor
    steps: Tensor
    ponder: Tensor

    def answer(self, steps: Steps) -> Tensor:
        """y, (batch,): a mixture of all steps up to N."""
        return (self.p * steps.answers).sum(dim=0)


def act(steps: Steps) -> Act:
    """Spend 1 on the steps; the step at which less than epsilon is left takes the remainder."""
    spent = steps.halting.cumsum(dim=0)  # lambda_1 + ... + lambda_n
    over = spent >= 1 - EPSILON
    over[-1] = True  # the last step takes what is left
    last = over.long().argmax(dim=0)  # N - 1, (batch,)
    number = torch.arange(len(over), device=last.device)[:, None]
    before = steps.halting * (number < last)
    remainder = 1 - before.sum(dim=0)  # R
    p = before + remainder * (number == last)
    count = (last + 1).to(p.dtype)
    return Act(p, count, count + remainder)


def act_loss(steps: Steps, target: Tensor, tau: float) -> Tensor:
    """L(t, y) + tau (N + R); a scalar.  Only R has a gradient."""
    halted = act(steps)
    loss = F.binary_cross_entropy_with_logits(halted.answer(steps), target)
    return loss + tau * halted.ponder.mean()


def chances(steps: Steps) -> Tensor:
    """p_n of PonderNet, (limit, batch); what is left goes to the last step, columns sum to 1."""
    halting = steps.halting.clone()
    halting[-1] = 1.0
    going_on = torch.cat([torch.ones_like(halting[:1]), (1 - halting[:-1]).cumprod(dim=0)])
    return halting * going_on


def ponder_loss(steps: Steps, target: Tensor, lambda_p: float, beta: float) -> Tensor:
    """sum_n p_n L(t, y_n) + beta KL(p || prior); a scalar."""
    p = chances(steps)
    losses = F.binary_cross_entropy_with_logits(
        steps.answers, target.expand_as(steps.answers), reduction="none"
    )
    n = torch.arange(len(p), device=p.device)
    prior = lambda_p * (1 - lambda_p) ** n
    prior = (prior / prior.sum())[:, None]
    kl = (p * (p.clamp_min(1e-12) / prior).log()).sum(dim=0)
    return ((p * losses).sum(dim=0) + beta * kl).mean()


def halted_by_chance(steps: Steps, noise: torch.Generator) -> tuple[Tensor, Tensor]:
    """PonderNet in use: the answer y_n of the step drawn, and n; both (batch,)."""
    drawn = torch.multinomial(chances(steps).T, 1, generator=noise)  # (batch, 1), from 0
    return steps.answers.gather(0, drawn.T)[0], drawn[:, 0] + 1
