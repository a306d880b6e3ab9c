"""What does this network cost?  Parameters and operations, under named conventions.

    count = network_cost.count(model, torch.empty(1, 3, 224, 224, device="meta"))
    count.under("mac:conv-fc")

The counting is that of the site's reference programs (`protocol.cost`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from .protocol.conventions import CONVENTIONS
from .protocol.cost import Tally, UnknownOperator, parameter_count, trace

__all__ = ["CONVENTIONS", "Count", "Tally", "UnknownOperator", "beside_torch", "count"]


@dataclass(frozen=True)
class Count:
    """What one call costs.  parameters: trainable ones, 0 for a plain function."""

    tally: Tally
    parameters: int

    def under(self, convention: str) -> int:
        """Operations under a named convention; ValueError for one that is not about operations."""
        return self.tally.under(convention)

    def __str__(self) -> str:
        rows = [
            f"{name:<22} {self.under(name):>18,}"
            for name, convention in CONVENTIONS.items()
            if convention.weights
        ]
        return "\n".join([f"{'parameters':<22} {self.parameters:>18,}", *rows])


def count(function: Callable[..., Any], *inputs: Any, **options: Any) -> Count:
    """Count one call, without gradients.

    function: a module in eval mode, or any callable.  inputs: best on the meta device, with batch
    size 1; counts are for the batch.  Raises UnknownOperator rather than leave something out.
    """
    parameters = parameter_count(function) if isinstance(function, nn.Module) else 0
    return Count(trace(function, *inputs, **options), parameters)


def beside_torch(function: Callable[..., Any], *inputs: Any) -> tuple[int, int]:
    """Floating-point operations of one call: ours (`flop2:with-products`), then PyTorch's."""
    ours = count(function, *inputs).under("flop2:with-products")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        function(*inputs)
    return ours, int(counter.get_total_flops())
