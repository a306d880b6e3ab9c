"""Adaptive Computation Time (Graves 2016): several state updates for one input, as many as needed.

At one input x the state is updated n = 1, 2, ... times; the first time a flag marks x as new.

    s^n = S(s^{n-1}, (x, [n = 1]))        h^n = sigmoid(W_h s^n + b_h)
    N   = min { n : h^1 + ... + h^n >= 1 - epsilon }
    p^n = h^n for n < N,  and the remainder R = 1 - (h^1 + ... + h^{N-1}) at n = N
    s   = sum_n p^n s^n                   y = sum_n p^n (W_y s^n + b_y)

The number of updates N has no gradient, so training adds tau (N + R), the ponder cost, of which
only R has one (sections 2 and 2.1 of the paper).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Thought:
    """What came of one input.

    answer: (batch, outputs).  state: (batch, units).  steps: N, (batch,).  ponder: N + R, (batch,).
    """

    answer: Tensor
    state: Tensor
    steps: Tensor
    ponder: Tensor


class ACT(nn.Module):
    """A tanh recurrent cell that ponders.

    limit: most updates at one input.  ponders: with False, one update, no halting unit.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        outputs: int,
        *,
        ponders: bool = True,
        limit: int = 20,
        epsilon: float = 0.01,
    ) -> None:
        super().__init__()
        self.read = nn.Linear(inputs + 1, units)  # one more for the flag
        self.carry = nn.Linear(units, units, bias=False)
        self.halt = nn.Linear(units, 1)
        self.answer = nn.Linear(units, outputs)
        nn.init.ones_(self.halt.bias)  # short thoughts at first, as in the paper
        self.limit = limit if ponders else 1
        self.epsilon = epsilon

    def forward(self, x: Tensor, state: Tensor) -> Thought:
        """x: (batch, inputs); state: (batch, units), what the last input left behind."""
        sums = x.new_zeros(len(x))  # halting scores so far
        active = torch.ones_like(sums)  # who still ponders
        steps, remainders = torch.zeros_like(sums), torch.zeros_like(sums)
        mixed_state = torch.zeros_like(state)
        mixed_answer = x.new_zeros(len(x), self.answer.out_features)
        for n in range(1, self.limit + 1):
            flag = x.new_full((len(x), 1), float(n == 1))
            state = torch.tanh(self.read(torch.cat([x, flag], dim=1)) + self.carry(state))
            h = torch.sigmoid(self.halt(state))[:, 0]  # (batch,)
            ends = (sums + h >= 1 - self.epsilon) | (n == self.limit)
            ends = active * ends.to(x.dtype)
            remainder = 1 - sums
            p = ends * remainder + (active - ends) * h  # (batch,)
            mixed_state = mixed_state + p[:, None] * state
            mixed_answer = mixed_answer + p[:, None] * self.answer(state)
            steps = steps + active
            remainders = remainders + ends * remainder
            sums = sums + active * h
            active = active - ends
            if not active.any():
                break
        return Thought(mixed_answer, mixed_state, steps, steps + remainders)

    def start(self, batch: int) -> Tensor:
        """The state before the first input: (batch, units)."""
        return self.carry.weight.new_zeros(batch, self.carry.in_features)
