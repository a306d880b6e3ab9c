"""HyperLSTM (Ha et al. 2017, section 3.3 and appendix A.2).

A small LSTM reads the input and the state of the large one and emits, for each gate, vectors that
scale the rows of the large weights at every step:

    i = d_h(z_h) * W_h h + d_x(z_x) * W_x x + b(z_b)                 Eq. 10-12
    z = linear(state of the small LSTM),  d(z) = W_hz z,  b(z) = W_bz z + b0
"""

from typing import Any

import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor]
GATES = 4


class LayerNormGates(nn.Module):
    """A normalisation for each of the four gates and one for the cell, with gain and shift."""

    def __init__(self, units: int, enabled: bool) -> None:
        super().__init__()
        self.gates = nn.ModuleList(
            nn.LayerNorm(units) if enabled else nn.Identity() for _ in range(GATES)
        )
        self.cell = nn.LayerNorm(units) if enabled else nn.Identity()

    def step(self, gates: Tensor, cell: Tensor) -> State:
        """gates: (batch, 4, units) before their nonlinearities.  Returns state and cell."""
        into, new, forget, out = (
            norm(gate) for norm, gate in zip(self.gates, gates.unbind(1), strict=True)
        )
        cell = torch.sigmoid(forget) * cell + torch.sigmoid(into) * torch.tanh(new)
        return torch.sigmoid(out) * torch.tanh(self.cell(cell)), cell


class LSTMCell(nn.Module):
    """An ordinary LSTM, with layer normalisation if asked for."""

    def __init__(self, inputs: int, units: int, normalised: bool = False) -> None:
        super().__init__()
        self.units = units
        self.weights = nn.Linear(inputs + units, GATES * units)
        self.norms = LayerNormGates(units, normalised)

    def start(self, batch: int) -> State:
        """State and cell of zeros."""
        zeros = self.weights.weight.new_zeros(batch, self.units)
        return zeros, zeros

    def forward(self, x: Tensor, state: State) -> State:
        """x: (batch, inputs)."""
        hidden, cell = state
        gates = self.weights(torch.cat([x, hidden], dim=-1)).unflatten(-1, (GATES, -1))
        return self.norms.step(gates, cell)


class HyperLSTMCell(nn.Module):
    """small: units of the small LSTM.  embedding: size of the vectors z."""

    def __init__(
        self,
        inputs: int,
        units: int,
        small: int = 128,
        embedding: int = 4,
        normalised: bool = False,
    ) -> None:
        super().__init__()
        self.units = units
        self.small = LSTMCell(inputs + units, small, normalised)
        self.from_state = nn.Linear(units, GATES * units, bias=False)
        self.from_input = nn.Linear(inputs, GATES * units, bias=False)
        self.embed_h = nn.Linear(small, GATES * embedding)
        self.embed_x = nn.Linear(small, GATES * embedding)
        self.embed_b = nn.Linear(small, GATES * embedding, bias=False)
        self.scale_h = nn.ModuleList(nn.Linear(embedding, units, bias=False) for _ in range(GATES))
        self.scale_x = nn.ModuleList(nn.Linear(embedding, units, bias=False) for _ in range(GATES))
        self.shift = nn.ModuleList(nn.Linear(embedding, units) for _ in range(GATES))
        self.norms = LayerNormGates(units, normalised)

    def start(self, batch: int) -> tuple[State, State]:
        """States of the large and of the small LSTM."""
        zeros = self.from_state.weight.new_zeros(batch, self.units)
        return (zeros, zeros), self.small.start(batch)

    def forward(self, x: Tensor, state: tuple[State, State]) -> tuple[State, State]:
        """x: (batch, inputs)."""
        (hidden, cell), small_state = state
        small_state = self.small(torch.cat([x, hidden], dim=-1), small_state)
        emitted = small_state[0]
        scale_h = self._per_gate(self.scale_h, self.embed_h(emitted))  # (batch, 4, units)
        scale_x = self._per_gate(self.scale_x, self.embed_x(emitted))
        shift = self._per_gate(self.shift, self.embed_b(emitted))
        gates = scale_h * self.from_state(hidden).unflatten(-1, (GATES, -1))
        gates = gates + scale_x * self.from_input(x).unflatten(-1, (GATES, -1)) + shift
        return self.norms.step(gates, cell), small_state

    @staticmethod
    def _per_gate(layers: nn.ModuleList, z: Tensor) -> Tensor:
        parts = z.unflatten(-1, (GATES, -1)).unbind(1)
        return torch.stack([layer(part) for layer, part in zip(layers, parts, strict=True)], dim=1)


class CharacterModel(nn.Module):
    """Cells on top of each other, one-hot characters in, logits out."""

    def __init__(self, cells: list[LSTMCell | HyperLSTMCell], characters: int = 50) -> None:
        super().__init__()
        self.cells = nn.ModuleList(cells)
        self.stack = tuple(cells)  # the same cells, with their types
        self.characters = characters
        self.head = nn.Linear(cells[-1].units, characters)

    def forward(self, text: Tensor) -> Tensor:
        """text: (batch, time), characters as numbers.  Returns logits (batch, time, characters)."""
        states: list[Any] = [cell.start(text.shape[0]) for cell in self.stack]
        logits = []
        one_hot = torch.eye(self.characters, device=text.device)
        for step in text.unbind(1):
            x = one_hot[step]
            for index, cell in enumerate(self.stack):
                states[index] = cell(x, states[index])
                x = states[index][0]
                x = x[0] if isinstance(x, tuple) else x
            logits.append(self.head(x))
        return torch.stack(logits, dim=1)
