"""Copy, reverse and addition on strings of decimal symbols, as sequences to sequences.

Every sequence ends with END.  A batch has one length, drawn anew for each batch, so that nothing
is padded but the ends of sums, whose last carry is there or not.
"""

import torch
from torch import Tensor

DIGITS = 10
PLUS, END, NOTHING = 10, 11, 12
"""The words after the ten digits.  NOTHING stands after END and is never asked for."""
WORDS = 13
TASKS = ("copy", "reverse", "addition")


def examples(task: str, batch: int, length: int, noise: torch.Generator) -> tuple[Tensor, Tensor]:
    """Inputs (batch, length + 1) and targets (batch, at most length + 2), both with END.

    length: of the string; for addition of both numbers and the plus between them, at least 3.
    """
    end = torch.full((batch, 1), END)
    if task == "addition":
        x, y = addition(batch, length, noise)
        return torch.cat([x, end], dim=1), y
    x = torch.randint(0, DIGITS, (batch, length), generator=noise)
    y = x if task == "copy" else x.flip(1)
    return torch.cat([x, end], dim=1), torch.cat([y, end], dim=1)


def addition(batch: int, length: int, noise: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two numbers, lowest digit first, and their sum with END after its last digit.

    The first has up to half of the length, the second what is left; no number ends in zero.
    """
    first = int(torch.randint(1, (length - 1) // 2 + 1, (1,), generator=noise))
    second = length - 1 - first
    one, other = (_number(batch, digits, noise) for digits in (first, second))
    most = max(first, second)
    y = torch.full((batch, most + 2), NOTHING)
    carry = torch.zeros(batch, dtype=torch.long)
    for place in range(most):
        for number, digits in ((one, first), (other, second)):
            if place < digits:
                carry = carry + number[:, place]
        y[:, place] = carry % DIGITS
        carry = carry // DIGITS
    longer = carry > 0
    y[:, most] = torch.where(longer, carry, END)
    y[longer, most + 1] = END
    plus = torch.full((batch, 1), PLUS)
    return torch.cat([one, plus, other], dim=1), y


def _number(batch: int, digits: int, noise: torch.Generator) -> Tensor:
    number = torch.randint(0, DIGITS, (batch, digits), generator=noise)
    number[:, -1] = torch.randint(int(digits > 1), DIGITS, (batch,), generator=noise)
    return number
