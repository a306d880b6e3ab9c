"""Deep Mixture of Experts (Eigen, Ranzato and Sutskever 2013) and what it is compared with.

    z1 = sum_i g1_i(x)  f1_i(x)          i = 1 .. N      first layer, section 3
    z2 = sum_j g2_j(z1) f2_j(z1)         j = 1 .. N      second layer
    F(x) = softmax(f3(z2))

    f_i(x) = max(0, W_i x + b_i)                         one expert, section 4.1
    g(x)   = softmax(B max(0, A x + a) + b)              a gate: two linear maps, few hidden units
    f3(z2) = W3 z2 + b3

With two layers of N experts an input meets one of N x N combinations, blended by the gates.

A gate left alone starves all experts but the first that were any good.  While `Gate.margin` is
set, an expert whose running total lies more than m above the mean of all is shut out (section 3):

    G_i(t) = sum_{t' <= t} g_i(x_t'),   g_i(x_t) = 0  if  G_i(t) - mean_i G_i(t) > m,

and what is left is scaled to sum to 1.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

PIXELS, CLASSES, EXPERTS = 36 * 36, 10, 4

Combination = Literal["mixture", "single", "concat"]
"""How a layer makes one output of its experts: blended, only one there, or side by side."""


class Gate(nn.Module):
    """g: a distribution over experts, held in balance while `margin` is set.

    margin: m, in examples; None when the constraint is lifted.
    """

    total: Tensor

    def __init__(self, inputs: int, hidden: int, experts: int) -> None:
        super().__init__()
        self.scores = nn.Sequential(
            nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, experts)
        )
        self.margin: float | None = None
        self.register_buffer("total", torch.zeros(experts))  # G_i

    def forward(self, x: Tensor) -> Tensor:
        """Gating weights that sum to 1; (batch, experts).  x: (batch, inputs)."""
        g = self.scores(x).softmax(dim=1)
        if self.training and self.margin is not None:
            allowed = self.total - self.total.mean() <= self.margin  # (experts,), never all shut
            g = g * allowed
            g = g / g.sum(dim=1, keepdim=True).clamp_min(1e-12)
            self.total += g.detach().sum(dim=0)
        return g


class Experts(nn.Module):
    """f_1 .. f_N: one linear map with rectification each, as a single matrix."""

    def __init__(self, inputs: int, hidden: int, experts: int) -> None:
        super().__init__()
        self.count = experts
        self.maps = nn.Linear(inputs, experts * hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs of all experts; (batch, experts, hidden)."""
        return self.maps(x).relu().unflatten(1, (self.count, -1))


class Layer(nn.Module):
    """N experts and the way in which they are combined; `width` units come out.

    gate_hidden: hidden units of the gate, which only a mixture has.
    """

    def __init__(
        self, inputs: int, hidden: int, combination: Combination, gate_hidden: int
    ) -> None:
        super().__init__()
        self.experts = Experts(inputs, hidden, 1 if combination == "single" else EXPERTS)
        self.gate = Gate(inputs, gate_hidden, EXPERTS) if combination == "mixture" else None
        self.width = hidden * (EXPERTS if combination == "concat" else 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """z (batch, width), and the gating weights (batch, experts) of a mixture."""
        outputs = self.experts(x)  # (batch, experts, hidden)
        if self.gate is None:
            return outputs.flatten(start_dim=1), None
        g = self.gate(x)
        return torch.einsum("bn,bnh->bh", g, outputs), g


class DeepMixture(nn.Module):
    """One or two layers of experts below a linear classifier."""

    def __init__(self, layers: list[Layer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.f3 = nn.Linear(layers[-1].width, CLASSES)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores (batch, classes), and the weights of every gate.  x: (batch, pixels)."""
        gates = []
        for layer in self.layers:
            x, g = layer(x)
            if g is not None:
                gates.append(g)
        return self.f3(x), gates

    def constrain(self, margin: float | None) -> None:
        """Set the margin m of all gates, or lift the constraint."""
        for module in self.modules():
            if isinstance(module, Gate):
                module.margin = margin


class Plain(nn.Module):
    """A fully connected network with rectifiers: the DNN of Table 1."""

    def __init__(self, widths: list[int]) -> None:
        super().__init__()
        maps: list[nn.Module] = []
        for inputs, outputs in pairwise([PIXELS, *widths]):
            maps += [nn.Linear(inputs, outputs), nn.ReLU()]
        self.maps = nn.Sequential(*maps, nn.Linear(widths[-1], CLASSES))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores (batch, classes); it has no gates."""
        return self.maps(x), []

    def constrain(self, margin: float | None) -> None:
        """Nothing is gated."""


@dataclass(frozen=True)
class Size:
    """A row of Table 1: units of each layer's experts, hidden units of each layer's gate."""

    hidden: tuple[int, ...]
    gates: tuple[int, ...]

    @property
    def name(self) -> str:
        """As in the table: 4x100-4x20, gates 50-20."""
        experts = "-".join(f"{EXPERTS}x{hidden}" for hidden in self.hidden)
        gates = "-".join(map(str, self.gates))
        return f"{experts}, {'gates' if len(self.gates) > 1 else 'gate'} {gates}"


WIDE, SMALL, SHALLOW = Size((100, 20), (50, 50)), Size((50, 20), (20, 20)), Size((100,), (50,))
WIDE_AGAIN = Size((100, 20), (50, 20))
"""Of the five rows, four; these two differ only in a gate that just the mixture has."""
COLUMNS = ("single", "dmoe", "concat", "dnn")


def build(size: Size, column: str) -> DeepMixture | Plain:
    """The network of one cell of Table 1.

    Only the last layer of experts differs between columns; a first one below it stays a mixture.
    Raises ValueError for a one-layer DNN, which the table does not have.
    """
    if column == "dnn":
        if len(size.hidden) == 1:
            raise ValueError("Table 1 compares no one-layer mixture with a DNN")
        return Plain([matching_width(size), size.hidden[-1]])
    last: Combination = "mixture" if column == "dmoe" else "single"
    if column == "concat":
        last = "concat"
    blended: list[Combination] = ["mixture"] * (len(size.hidden) - 1)
    combinations = [*blended, last]
    layers: list[Layer] = []
    inputs = PIXELS
    for hidden, gate, combination in zip(size.hidden, size.gates, combinations, strict=True):
        layers.append(Layer(inputs, hidden, combination, gate))
        inputs = layers[-1].width
    return DeepMixture(layers)


def matching_width(size: Size) -> int:
    """First-layer units with which a DNN comes closest to the mixture's parameters, gates included.

    (PIXELS + 1) h + (h + 1) k + (k + 1) CLASSES parameters for h units below k.
    """
    wanted = parameters(build(size, "dmoe"))
    k = size.hidden[-1]
    return round((wanted - k - (k + 1) * CLASSES) / (PIXELS + 1 + k))


def parameters(network: nn.Module) -> int:
    """Numbers that training may change."""
    return sum(values.numel() for values in network.parameters())
