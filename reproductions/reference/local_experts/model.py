"""Mixtures of local experts and back-propagation networks, many simulations side by side.

All weights have a first dimension of simulations, which share nothing: one tensor holds the 25
networks of Table 1, and one step moves them all.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

FORMANTS = 2
SPREAD = 0.5
"""Initial weights are uniform between plus and minus this."""

Objective = Literal["cooperative", "selected", "competitive"]
"""Equations 1, 2 and 3 of the paper."""


@dataclass(frozen=True)
class Said:
    """y: outputs of the systems, (simulations, cases).

    Of mixtures also o and p: outputs of the experts and what the gate gives them,
    (simulations, experts, cases).
    """

    y: Tensor
    o: Tensor | None = None
    p: Tensor | None = None


def affine(weights: Tensor, x: Tensor) -> Tensor:
    """(..., units, FORMANTS + 1) weights on (cases, FORMANTS) inputs: (..., units, cases)."""
    return weights[..., :FORMANTS] @ x.T + weights[..., FORMANTS:]


class Mixture:
    """Experts of one logistic unit each, whose decision surface is a line, and a gate (Fig. 1).

    o_i = sigmoid(w_i x + b_i)        p = softmax(A x + a)        y = sum_i p_i o_i
    """

    def __init__(self, simulations: int, experts: int, generator: torch.Generator) -> None:
        shape = (simulations, experts, FORMANTS + 1)
        self.experts = uniform(shape, generator)
        self.gate = uniform(shape, generator)

    @property
    def weights(self) -> list[Tensor]:
        """What training changes."""
        return [self.experts, self.gate]

    def __call__(self, x: Tensor) -> Said:
        """Answers to (cases, FORMANTS) inputs."""
        o = affine(self.experts, x).sigmoid()
        p = affine(self.gate, x).softmax(dim=1)
        return Said((p * o).sum(dim=1), o, p)


class Hidden:
    """One hidden layer of logistic units below one logistic output."""

    def __init__(self, simulations: int, units: int, generator: torch.Generator) -> None:
        self.hidden = uniform((simulations, units, FORMANTS + 1), generator)
        self.output = uniform((simulations, units + 1), generator)

    @property
    def weights(self) -> list[Tensor]:
        """What training changes."""
        return [self.hidden, self.output]

    def __call__(self, x: Tensor) -> Said:
        """Answers to (cases, FORMANTS) inputs."""
        units = affine(self.hidden, x).sigmoid()
        y = (self.output[:, :-1, None] * units).sum(dim=1) + self.output[:, -1:]
        return Said(y.sigmoid())


System = Mixture | Hidden


def uniform(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Initial weights."""
    drawn = torch.rand(shape, generator=generator) * 2 - 1
    return (SPREAD * drawn).requires_grad_()


def parameters(system: System) -> int:
    """Weights of one simulation."""
    return sum(weights[0].numel() for weights in system.weights)


def errors(said: Said, d: Tensor, objective: Objective) -> Tensor:
    """The objective of each simulation and case, (simulations, cases); d: (cases,) in {0, 1}.

    cooperative   E = (d - sum_i p_i o_i)^2                        Eq. 1, and back-propagation
    selected      E = sum_i p_i (d - o_i)^2                        Eq. 2
    competitive   E = -log sum_i p_i exp(-(d - o_i)^2 / 2)         Eq. 3
    """
    if said.o is None or said.p is None or objective == "cooperative":
        return (d - said.y) ** 2
    squared = (d - said.o) ** 2  # (simulations, experts, cases)
    if objective == "selected":
        return (said.p * squared).sum(dim=1)
    return -(said.p * torch.exp(-squared / 2)).sum(dim=1).log()


def descend(
    system: System,
    x: Tensor,
    d: Tensor,
    *,
    rates: Tensor,
    objective: Objective,
    criterion: float,
    limit: int,
) -> tuple[Tensor, Tensor]:
    """Batch gradient descent with a fixed step, until the mean squared error is at the criterion.

    rates: step sizes on the sum over cases, (simulations,).  A simulation rests once it is there.
    Returns the epochs that each took, (simulations,), -1 if more than `limit`; and the mean squared
    error of each before every epoch, (epochs, simulations).
    """
    epochs = torch.full((len(rates),), -1)
    course = []
    for epoch in range(limit + 1):
        said = system(x)
        squared = ((d - said.y) ** 2).mean(dim=1).detach()
        course.append(squared)
        epochs[(epochs < 0) & (squared <= criterion)] = epoch
        moving = (epochs < 0) * rates
        if not moving.any():
            break
        gradients = torch.autograd.grad(errors(said, d, objective).sum(), system.weights)
        with torch.no_grad():
            for weights, gradient in zip(system.weights, gradients, strict=True):
                weights -= moving.view(-1, *[1] * (weights.dim() - 1)) * gradient
    return epochs, torch.stack(course)
