"""Two generated texts: one to jump in, one to skim."""

import torch
from torch import Tensor

DIGITS = 10
MARK = 10
"""The eleventh word, after which the digit stands that is asked for."""


def number_prediction(batch: int, length: int, noise: torch.Generator) -> tuple[Tensor, Tensor]:
    """The first number says where the answer stands (Yu et al., section 3.1).

    Returns texts (batch, length) of numbers below `length`, and y = x[x[0]] (batch,); x[0] is at
    least 1, so that the answer is never the pointer itself.
    """
    text = torch.randint(0, length, (batch, length), generator=noise)
    text[:, 0] = torch.randint(1, length, (batch,), generator=noise)
    return text, text.gather(1, text[:, :1])[:, 0]


def marked_digit(batch: int, length: int, noise: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Digits, one mark among them; the answer is the digit right after the mark.

    Whether a digit matters is told by what stands before it, not by the digit.
    Returns texts (batch, length), answers (batch,) and the places of the marks (batch,).
    """
    text = torch.randint(0, DIGITS, (batch, length), generator=noise)
    place = torch.randint(0, length - 1, (batch,), generator=noise)
    rows = torch.arange(batch)
    text[rows, place] = MARK
    return text, text[rows, place + 1], place
