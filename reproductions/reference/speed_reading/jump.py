"""LSTM-Jump (Yu, Lee and Le 2017): read a little, leap over what follows, read on.

after reading R tokens    p(j | h) = softmax(W h) over 0 .. K;  0 stops, j goes j tokens ahead
J1 = log p(y | h_last)                     the answer, by its gradient      (section 2.2)
J2 = E_p[reward],  reward = 1 if the answer is right, else -1
grad J2 = E[sum_i grad log p(j_i | h_i) (reward - b_i)],  b_i = w h_i + c   (REINFORCE)
J3 = -sum_i (reward - b_i)^2               the baselines learn to expect the reward
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Reading:
    """What one pass over a batch of texts did.

    scores: of the answer, (batch, classes).  read: tokens read, (batch,).
    log_p, baseline, jumped: log p(j_i | h_i), b_i, and whether jump i took place; (jumps, batch).
    """

    scores: Tensor
    read: Tensor
    log_p: Tensor
    baseline: Tensor
    jumped: Tensor


class LSTMJump(nn.Module):
    """N: `jumps`.  K: `longest`, tokens a jump may go.  R: `between`, tokens read before each."""

    def __init__(
        self, words: int, units: int, classes: int, *, jumps: int, longest: int, between: int
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, units)
        self.cell = nn.LSTMCell(units, units)
        self.jump = nn.Linear(units, longest + 1)
        self.expect = nn.Linear(units, 1)
        self.answer = nn.Linear(units, classes)
        self.jumps, self.between = jumps, between

    def forward(self, text: Tensor, noise: torch.Generator | None = None) -> Reading:
        """text: (batch, length).  With `noise` jumps are sampled, else the likeliest are taken."""
        batch, length = text.shape
        h = c = torch.zeros(batch, self.cell.hidden_size, device=text.device)
        place = torch.zeros(batch, dtype=torch.long, device=text.device)
        ended = torch.zeros(batch, dtype=torch.bool, device=text.device)
        read = torch.zeros_like(place)
        log_p, baseline, jumped = [], [], []
        for number in range(self.jumps + 1):
            for _ in range(self.between):
                going = ~ended & (place < length)
                token = text.gather(1, place.clamp(max=length - 1)[:, None])[:, 0]
                next_h, next_c = self.cell(self.embed(token), (h, c))
                h = torch.where(going[:, None], next_h, h)
                c = torch.where(going[:, None], next_c, c)
                place, read = place + going.long(), read + going.long()
            if number == self.jumps:
                break
            going = ~ended & (place < length)
            log_jump = F.log_softmax(self.jump(h), dim=1)  # (batch, K + 1)
            step = _chosen(log_jump, noise)
            log_p.append(log_jump.gather(1, step[:, None])[:, 0])
            baseline.append(self.expect(h.detach())[:, 0])
            jumped.append(going)
            ended = ended | (step == 0)
            place = place + (step - 1).clamp(min=0)  # one ahead already: the next token is j = 1
        return Reading(
            self.answer(h), read, torch.stack(log_p), torch.stack(baseline), torch.stack(jumped)
        )


def _chosen(log_p: Tensor, noise: torch.Generator | None) -> Tensor:
    if noise is None:
        return log_p.argmax(dim=1)
    return torch.multinomial(log_p.detach().exp(), 1, generator=noise)[:, 0]


def jump_loss(reading: Reading, label: Tensor) -> Tensor:
    """-(J1 + J2 + J3), as a mean over the batch; J2 through its REINFORCE gradient.  A scalar."""
    right = reading.scores.argmax(dim=1) == label
    reward = 2.0 * right.float() - 1  # (batch,)
    surprise = (reward - reading.baseline) * reading.jumped  # reward - b_i, (jumps, batch)
    j1 = -F.cross_entropy(reading.scores, label)
    j2 = (reading.log_p * surprise.detach()).sum(dim=0).mean()
    j3 = -(surprise**2).sum(dim=0).mean()
    return -(j1 + j2 + j3)
