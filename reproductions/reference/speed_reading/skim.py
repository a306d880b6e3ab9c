"""Skim-RNN (Seo et al. 2018): at each word update the whole state, or only a small part of it.

    p_t = softmax(alpha(x_t, h_{t-1}))                 over 1: read, 2: skim            (1)
    Q_t ~ Multinomial(p_t)                                                              (2)
    h_t = f(x_t, h_{t-1})                              if Q_t = 1                       (3)
          [f'(x_t, h_{t-1}); h_{t-1}(d'+1 : d)]        if Q_t = 2
    r_t^i = exp((log p_t^i + g_t^i) / tau) / sum_j ... with Gumbel noise g, in training (8)
    h_t = sum_i r_t^i h_t^i                                                             (9)
    L' = L + gamma (1/T) sum_t -log p_t^2              skimming is encouraged          (10)

f and f' are LSTM cells; the cell state c is treated as h is.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Skimmed:
    """scores: (batch, classes).  log_p: (time, batch, 2).  read: whether Q_t = 1, (time, batch)."""

    scores: Tensor
    log_p: Tensor
    read: Tensor


class SkimLSTM(nn.Module):
    """d = `units` in the whole state, d' = `small` of them in the part that skimming updates."""

    def __init__(self, words: int, units: int, small: int, classes: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, units)
        self.alpha = nn.Linear(2 * units, 2)
        self.f = nn.LSTMCell(units, units)
        self.f_small = nn.LSTMCell(2 * units - small, small)  # sees x_t and all of h_{t-1}
        self.answer = nn.Linear(units, classes)
        self.units, self.small = units, small

    def forward(self, text: Tensor, tau: float, noise: torch.Generator) -> Skimmed:
        """Training: both updates, mixed by Gumbel-softmax with tau.  text: (batch, time)."""
        state = self._start(text)
        log_ps, reads = [], []
        for x in self.embed(text).unbind(dim=1):  # (batch, units)
            log_p = self._decide(x, state)  # Eq. 1
            uniform = torch.rand(log_p.shape, generator=noise).clamp(1e-9, 1 - 1e-9)
            gumbel = -torch.log(-torch.log(uniform)).to(log_p.device)
            r = F.softmax((log_p + gumbel) / tau, dim=1)  # Eq. 8
            whole, part = self.f(x, state), self._skim(x, state)
            h, c = (
                r[:, :1] * all_of_it + r[:, 1:] * some_of_it
                for all_of_it, some_of_it in zip(whole, part, strict=True)
            )  # Eq. 9
            state = (h, c)
            log_ps.append(log_p)
            reads.append(r[:, 0] > 0.5)
        return Skimmed(self.answer(state[0]), torch.stack(log_ps), torch.stack(reads))

    @torch.no_grad()
    def infer(self, text: Tensor) -> Skimmed:
        """Use: the likelier update alone is computed, for every text its own."""
        h, c = self._start(text)
        log_ps, reads = [], []
        for x in self.embed(text).unbind(dim=1):
            log_p = self._decide(x, (h, c))
            read = log_p[:, 0] > log_p[:, 1]
            next_h, next_c = h.clone(), c.clone()
            for rows, update in ((read, self.f), (~read, self._skim)):
                if rows.any():
                    next_h[rows], next_c[rows] = update(x[rows], (h[rows], c[rows]))  # Eq. 3
            h, c = next_h, next_c
            log_ps.append(log_p)
            reads.append(read)
        return Skimmed(self.answer(h), torch.stack(log_ps), torch.stack(reads))

    def macs(self, read: float) -> float:
        """Multiply-accumulates of the gates of one step when a share `read` of steps is read."""
        d, small = self.units, self.small
        decision, whole, part = 2 * d * 2, 4 * d * 2 * d, 4 * small * 2 * d
        return decision + read * whole + (1 - read) * part

    def _start(self, text: Tensor) -> tuple[Tensor, Tensor]:
        zeros = torch.zeros(len(text), self.units, device=text.device)
        return zeros, zeros

    def _decide(self, x: Tensor, state: tuple[Tensor, Tensor]) -> Tensor:
        return F.log_softmax(self.alpha(torch.cat([x, state[0]], dim=1)), dim=1)

    def _skim(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """The first d' units anew, the others as they were (Eq. 3, second line)."""
        h, c = state
        kept_h, kept_c = h[:, self.small :], c[:, self.small :]
        seen = torch.cat([x, kept_h], dim=1)
        small_h, small_c = self.f_small(seen, (h[:, : self.small], c[:, : self.small]))
        return torch.cat([small_h, kept_h], dim=1), torch.cat([small_c, kept_c], dim=1)


def skim_loss(skimmed: Skimmed, label: Tensor, gamma: float) -> Tensor:
    """Eq. 10; a scalar."""
    return F.cross_entropy(skimmed.scores, label) - gamma * skimmed.log_p[:, :, 1].mean()


class PlainLSTM(nn.Module):
    """The baseline of both papers: one LSTM cell that reads every word."""

    def __init__(self, words: int, units: int, classes: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, units)
        self.f = nn.LSTM(units, units, batch_first=True)
        self.answer = nn.Linear(units, classes)

    def forward(self, text: Tensor) -> Tensor:
        """Scores after the last word, (batch, classes).  text: (batch, time)."""
        return self.answer(self.f(self.embed(text))[0][:, -1])
