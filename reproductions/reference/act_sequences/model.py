"""Adaptive Computation Time (Graves 2016) over a sequence, with an LSTM as the state transition.

At every input x_t the state is updated n = 1 .. N(t) times (section 2 of the paper):

    x_t^n = x_t with a flag that is 1 for n = 1
    s_t^n = S(s_{t-1}, x_t^1) for n = 1,  S(s_t^{n-1}, x_t^n) after that
    h_t^n = sigmoid(W_h s_t^n + b_h)
    N(t)  = min { n' : sum_{n <= n'} h_t^n >= 1 - epsilon }
    R(t)  = 1 - sum_{n < N(t)} h_t^n
    p_t^n = R(t) for n = N(t), else h_t^n
    s_t   = sum_n p_t^n s_t^n,   y_t = sum_n p_t^n y_t^n
    loss + tau P,  P = sum_t N(t) + R(t)

Of an LSTM both the output and the memory cell are the state, and both are averaged.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Pondered:
    """y: y_t, (time, batch, outputs).  steps: N(t) and ponder: N(t) + R(t), (time, batch)."""

    y: Tensor
    steps: Tensor
    ponder: Tensor


class PonderingLSTM(nn.Module):
    """limit: M, most updates at one input; 1 is an LSTM without ACT."""

    def __init__(
        self, inputs: int, units: int, outputs: int, *, limit: int, epsilon: float = 0.01
    ) -> None:
        super().__init__()
        self.transition = nn.LSTMCell(inputs + 1, units)  # S; one input more for the flag
        self.halt = nn.Linear(units, 1)
        self.answer = nn.Linear(units, outputs)
        nn.init.ones_(self.halt.bias)  # few steps at first, section 2.1
        self.limit, self.epsilon = limit, epsilon

    def forward(self, x: Tensor) -> Pondered:
        """x: (time, batch, inputs)."""
        state = (x.new_zeros(x.shape[1], self.transition.hidden_size),) * 2
        answers, steps, ponder = [], [], []
        for x_t in x:
            state, y, n, spent = self._ponder(x_t, state)
            answers.append(y)
            steps.append(n)
            ponder.append(spent)
        return Pondered(torch.stack(answers), torch.stack(steps), torch.stack(ponder))

    def _ponder(
        self, x: Tensor, state: tuple[Tensor, Tensor]
    ) -> tuple[tuple[Tensor, Tensor], Tensor, Tensor, Tensor]:
        """One input: s_t, y_t, N(t) and N(t) + R(t)."""
        sums = x.new_zeros(len(x))
        going, n, left = torch.ones_like(sums), torch.zeros_like(sums), torch.zeros_like(sums)
        hidden, cell = (torch.zeros_like(part) for part in state)
        for step in range(1, self.limit + 1):
            flag = x.new_full(
                (len(x), 1), float(step == 1)
            )  # x_t^n, without its flag from n = 2 on
            state = self.transition(torch.cat([x, flag], dim=1), state)  # s_t^n
            h = torch.sigmoid(self.halt(state[0]))[:, 0]  # h_t^n
            ends = (sums + h >= 1 - self.epsilon) | (step == self.limit)  # n = N(t)
            ends = going * ends.to(x.dtype)
            remainder = 1 - sums  # R(t)
            p = (ends * remainder + (going - ends) * h)[:, None]  # p_t^n
            hidden, cell = hidden + p * state[0], cell + p * state[1]  # s_t
            n, left = n + going, left + ends * remainder
            sums, going = sums + going * h, going - ends
            if not going.any():
                break
        # Linear in the state, and the p add up to one: the mean of answers is that of the mean.
        return (hidden, cell), self.answer(hidden), n, n + left
