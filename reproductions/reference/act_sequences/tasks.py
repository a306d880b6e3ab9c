"""Logic, addition and sort, sections 3.2 to 3.4 of the paper; sizes are arguments.

Each task gives `x` (time, batch, inputs); `target` (time, batch, answers), the class of every
answer; `asked` (time, batch), where a target is; and `effort` (time, batch), how difficult the
input is: gates, digits, numbers to sort.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

GATES = {
    "NOR": (0, 0, 0, 1),
    "Xq": (0, 0, 1, 0),
    "ABJ": (0, 1, 0, 0),
    "XOR": (0, 1, 1, 0),
    "NAND": (0, 1, 1, 1),
    "AND": (1, 0, 0, 0),
    "XNOR": (1, 0, 0, 1),
    "if/then": (1, 0, 1, 1),
    "then/if": (1, 1, 0, 1),
    "OR": (1, 1, 1, 0),
}
"""Truth of each gate for P, Q = TT, TF, FT, FF (Table 1)."""


@dataclass(frozen=True)
class Batch:
    """See the module."""

    x: Tensor
    target: Tensor
    asked: Tensor
    effort: Tensor


def logic(batch: int, length: int, most: int, noise: torch.Generator) -> Batch:
    """`length` vectors, each two bits b_0, b_1 and up to `most` gates, one after the other.

    b_{i+1} = gate_i(b_i, b_{i-1}); the last is the target.  After the first vector b_0 is not
    shown: it is the target of the vector before.
    """
    truth = torch.tensor(list(GATES.values()))  # (10, 4)
    x = torch.zeros(length, batch, 2 + len(GATES) * most)
    target = torch.zeros(length, batch, 1, dtype=torch.long)
    count = torch.randint(1, most + 1, (length, batch), generator=noise)
    bits = torch.randint(0, 2, (length, batch, 2), generator=noise)
    gates = torch.randint(0, len(GATES), (length, batch, most), generator=noise)
    before = bits[0, :, 0]
    for t in range(length):
        older, newer = before, bits[t, :, 1]
        x[t, :, 1] = newer
        if t == 0:
            x[t, :, 0] = older
        for i in range(most):
            runs = i < count[t]
            gate = gates[t, :, i]
            result = truth[gate, (1 - newer) * 2 + (1 - older)]
            older, newer = torch.where(runs, newer, older), torch.where(runs, result, newer)
            x[t, torch.arange(batch), 2 + len(GATES) * i + gate] = runs.float()
        target[t, :, 0] = before = newer
    return Batch(x, target, torch.ones(length, batch, dtype=torch.bool), count)


def addition(batch: int, length: int, most: int, noise: torch.Generator) -> Batch:
    """`length` numbers of up to `most` digits; the target is the sum so far, digit by digit.

    The sum has most + 1 answers, highest digit first; class 10 stands after its last digit.
    The first number has no target.
    """
    x = torch.zeros(length, batch, 10 * most)
    target = torch.full((length, batch, most + 1), 10)
    digits = torch.randint(1, most + 1, (length, batch), generator=noise)
    total = torch.zeros(batch, dtype=torch.long)
    for t in range(length):
        number = torch.zeros(batch, dtype=torch.long)
        for place in range(most):
            digit = torch.randint(0, 10, (batch,), generator=noise)
            here = place < digits[t]
            number = torch.where(here, 10 * number + digit, number)
            x[t, torch.arange(batch), 10 * place + digit] = here.float()
        total = total + number
        text = [str(value) for value in total.tolist()]
        for row, shown in enumerate(text):
            target[t, row, : len(shown)] = torch.tensor([int(each) for each in shown])
    asked = torch.ones(length, batch, dtype=torch.bool)
    asked[0] = False
    return Batch(x, target, asked, digits)


def sort(batch: int, length: int, noise: torch.Generator) -> Batch:
    """`length` numbers from N(0, 1), a flag with the last; then their places in rising order."""
    numbers = torch.randn(length, batch, generator=noise)
    x = torch.zeros(2 * length, batch, 2)
    x[:length, :, 0] = numbers
    x[length - 1, :, 1] = 1
    target = torch.zeros(2 * length, batch, 1, dtype=torch.long)
    target[length:, :, 0] = numbers.argsort(dim=0)
    asked = torch.zeros(2 * length, batch, dtype=torch.bool)
    asked[length:] = True
    return Batch(x, target, asked, torch.full((2 * length, batch), length))
