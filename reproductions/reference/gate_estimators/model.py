"""Four ways to send a gradient through a gate that is open or shut, and what they must give.

A gate opens with probability p = sigmoid(theta) and a loss looks at its value z:

    L(z) = (z - t)^2,   0 < t < 1,   z in {0, 1}

so everything can be worked out on paper.  With s = p (1 - p), the slope of the sigmoid,

    E[L]         = p (1 - t)^2 + (1 - p) t^2
    dE[L]/dtheta = s (1 - 2 t)               whose sign does not depend on p.

Each estimator below takes one theta per sample and returns a surrogate loss per sample, so that
one backward pass yields one gradient per sample.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

Estimator = Callable[[Tensor, float, torch.Generator], Tensor]


def loss(z: Tensor, t: float) -> Tensor:
    """What the gate is judged by; z: (samples,), hard or soft."""
    return (z - t) ** 2


def reinforce(theta: Tensor, t: float, noise: torch.Generator) -> Tensor:
    """Score function (Williams 1992): L(z) d log P(z) / d theta, needs no slope of L."""
    z = torch.bernoulli(torch.sigmoid(theta.detach()), generator=noise)  # (samples,)
    log_probability = z * F.logsigmoid(theta) + (1 - z) * F.logsigmoid(-theta)
    return loss(z, t) * log_probability


def reinforce_with_baseline(theta: Tensor, t: float, noise: torch.Generator) -> Tensor:
    """Score function with the baseline (1 - p) L(1) + p L(0), which removes all the scatter.

    With one gate the best baseline is known, and the estimator becomes exact; with many gates
    it is not, and a learned baseline takes its place (Bengio et al. 2013, section 4).
    """
    p = torch.sigmoid(theta.detach())
    z = torch.bernoulli(p, generator=noise)  # (samples,)
    baseline = (1 - p) * (1 - t) ** 2 + p * t**2
    log_probability = z * F.logsigmoid(theta) + (1 - z) * F.logsigmoid(-theta)
    return (loss(z, t) - baseline) * log_probability


def straight_through(theta: Tensor, t: float, noise: torch.Generator) -> Tensor:
    """Hard forwards, the sigmoid's slope backwards (Bengio et al. 2013, section 3)."""
    p = torch.sigmoid(theta)
    z = torch.bernoulli(p.detach(), generator=noise)
    return loss(p + (z - p).detach(), t)


def gumbel_softmax(temperature: float, *, hard: bool = False) -> Estimator:
    """Binary concrete gate (Jang et al. 2017, Eq. 2; Maddison et al. 2017).

    The difference of two Gumbel variables is logistic, so two classes need one noise.
    hard: round forwards and keep the soft slope backwards (straight-through Gumbel-softmax).
    """

    def surrogate(theta: Tensor, t: float, noise: torch.Generator) -> Tensor:
        u = torch.rand(theta.shape, generator=noise, dtype=theta.dtype)
        z = torch.sigmoid((theta + torch.logit(u, eps=1e-12)) / temperature)  # (samples,)
        return loss(z + ((z > 0.5).to(z) - z).detach() if hard else z, t)

    return surrogate


def gradient_samples(
    estimator: Estimator, p: float, t: float, samples: int, seed: int = 0
) -> Tensor:
    """Independent draws of an estimator's gradient at opening probability p; (samples,)."""
    noise = torch.Generator().manual_seed(seed)
    theta = torch.full((samples,), logit(p), dtype=torch.float64, requires_grad=True)
    estimator(theta, t, noise).sum().backward()
    assert theta.grad is not None
    return theta.grad


def logit(p: float) -> float:
    """The theta whose gate opens with probability p."""
    return float(np.log(p) - np.log1p(-p))


# ---- what must come out ----------------------------------------------------------------------


def expected_loss(p: float, t: float) -> float:
    """E[L] of the hard gate."""
    return p * (1 - t) ** 2 + (1 - p) * t**2


def true_gradient(p: float, t: float) -> float:
    """dE[L]/dtheta of the hard gate: every unbiased estimator has this mean."""
    return p * (1 - p) * (1 - 2 * t)


def reinforce_variance(p: float, t: float) -> float:
    """Variance of L(z) (z - p), since d log P(z) / d theta = z - p."""
    second_moment = p * ((1 - t) ** 2 * (1 - p)) ** 2 + (1 - p) * (t**2 * p) ** 2
    return second_moment - true_gradient(p, t) ** 2


def straight_through_mean(p: float, t: float) -> float:
    """E[2 (z - t) s] = 2 s (p - t): zero at p = t, wrong sign between t and 1/2 and beyond."""
    return 2 * p * (1 - p) * (p - t)


def straight_through_variance(p: float, t: float) -> float:
    """Variance of 2 (z - t) s, in which only z is random: 4 s^3, whatever t is."""
    return 4 * (p * (1 - p)) ** 3


def gumbel_softmax_moments(
    p: float, t: float, temperature: float, *, hard: bool = False
) -> tuple[float, float]:
    """Mean and variance of the (straight-through) Gumbel-softmax gradient, by quadrature.

    The gradient 2 (z - t) z (1 - z) / temperature is integrated over the logit of z, by the
    midpoint rule, since it dies out like exp(-|logit|); the noise is standard logistic.
    """
    width = 0.005
    y = np.arange(-40 + width / 2, 40, width)  # soft logit (theta + noise) / temperature
    z = 1 / (1 + np.exp(-y))
    noise = temperature * y - logit(p)
    density = temperature * np.exp(-np.abs(noise)) / (1 + np.exp(-np.abs(noise))) ** 2
    seen = (z > 0.5).astype(float) if hard else z
    gradient = 2 * (seen - t) * z * (1 - z) / temperature
    mean = float(width * np.sum(density * gradient))
    return mean, float(width * np.sum(density * gradient**2)) - mean**2
