"""Noisy top-k gating (Shazeer et al. 2017): few experts per example, all of them in use.

    y        = sum_i G(x)_i E_i(x)                                            (1)
    G(x)     = softmax(keep_top_k(H(x), k))                                   (3)
    H(x)_i   = (x W_g)_i + N(0, 1) softplus((x W_noise)_i)                    (4)

keep_top_k sets all but the k largest to minus infinity (5), so the other experts are not computed.
Left alone, the gate feeds a few experts, which learn faster and are fed more.  Two losses act
against that: one on importance, the gate values summed over a batch (6, 7), one on load, a smooth
estimate of how many examples each expert receives (appendix A).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class NoisyTopK(nn.Module):
    """The gate: scores of all experts in, weights of k of them out."""

    def __init__(self, width: int, experts: int, k: int) -> None:
        super().__init__()
        if not 1 <= k < experts:
            raise ValueError("k lies in 1 .. experts - 1: the smooth load needs one runner-up")
        self.k = k
        # both start at zero: equal scores and a noise of softplus(0) = 0.69 (appendix A)
        self.clean = nn.Parameter(torch.zeros(width, experts))
        self.noise = nn.Parameter(torch.zeros(width, experts))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (batch, width) -> gates (batch, experts), k non-zero per row, and load (experts,)."""
        clean = x @ self.clean  # (batch, experts)
        if not self.training:
            gates = scatter_softmax(clean, self.k)
            return gates, (gates > 0).sum(dim=0).to(x.dtype)
        spread = F.softplus(x @ self.noise)  # (batch, experts)
        noisy = clean + torch.randn_like(clean) * spread  # Eq. 4
        return scatter_softmax(noisy, self.k), smooth_load(clean, noisy, spread, self.k)


def scatter_softmax(scores: Tensor, k: int) -> Tensor:
    """softmax over the k largest scores of each row, zero elsewhere (Eq. 3 and 5)."""
    best, chosen = scores.topk(k, dim=1)  # (batch, k)
    return torch.zeros_like(scores).scatter(1, chosen, best.softmax(dim=1))


def smooth_load(clean: Tensor, noisy: Tensor, spread: Tensor, k: int) -> Tensor:
    """Expected examples per expert if only its own noise were drawn again; (experts,).

    P(x, i) = Phi((clean_i - kth_excluding_i) / spread_i)       (9)
    where kth_excluding_i is the k-th largest noisy score among the other experts.
    """
    best = noisy.topk(k + 1, dim=1).values  # (batch, k + 1)
    inside, outside = best[:, k - 1 : k], best[:, k : k + 1]  # k-th and next largest
    rival = torch.where(noisy >= inside, outside, inside)  # (batch, experts)
    chance = 0.5 * (1 + torch.erf((clean - rival) / (spread * math.sqrt(2))))  # (batch, experts)
    return chance.sum(dim=0)  # Eq. 10


def squared_cv(values: Tensor) -> Tensor:
    """Squared coefficient of variation, Eq. 7 and 11: variance over squared mean; a scalar."""
    return values.var(unbiased=False) / (values.mean() ** 2 + 1e-10)


class MixtureOfExperts(nn.Module):
    """Experts are two-layer networks without bias, as in the paper; each sees only its examples."""

    def __init__(self, width: int, hidden: int, outputs: int, experts: int, k: int) -> None:
        super().__init__()
        self.gate = NoisyTopK(width, experts, k)
        self.enter = nn.Parameter(torch.randn(experts, width, hidden) / math.sqrt(width))
        self.leave = nn.Parameter(torch.randn(experts, hidden, outputs) / math.sqrt(hidden))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x: (batch, width) -> y (batch, outputs), importance and load, both (experts,)."""
        gates, load = self.gate(x)  # (batch, experts)
        y = x.new_zeros(len(x), self.leave.shape[2])
        for expert in range(len(self.enter)):
            rows = gates[:, expert].nonzero()[:, 0]  # the examples sent to this expert
            if len(rows):
                hidden = F.relu(x[rows] @ self.enter[expert])  # (rows, hidden)
                weighted = gates[rows, expert, None] * (hidden @ self.leave[expert])
                y = y.index_add(0, rows, weighted)  # Eq. 1
        return y, gates.sum(dim=0), load  # importance: Eq. 6


def parameters_in_closed_form(width: int, hidden: int, outputs: int, experts: int) -> int:
    """Two gate matrices and the experts; nothing has a bias."""
    return 2 * width * experts + experts * hidden * (width + outputs)


def macs_per_example(width: int, hidden: int, outputs: int, experts: int, k: int) -> int:
    """At inference: the clean scores of all experts, then k experts."""
    return width * experts + k * hidden * (width + outputs)
