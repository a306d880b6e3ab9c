"""Count parameters and operations of any PyTorch function, on tensors without data.

Every tensor operation passes the dispatcher, so nothing escapes: functional calls, kernels that
a network generates for itself, both products of an attention, views and copies.  On the meta
device no number is computed and no memory is used; the size of the model does not matter.

    with torch.device("meta"):
        model = ResNet50().eval()
        image = torch.empty(1, 3, 224, 224)
    tally = trace(model, image)
    tally.under("mac:conv-fc")
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from .conventions import KINDS, convention
from .operators import (
    COMPOUND,
    ELEMENTWISE,
    FREE,
    FULL_SIZE,
    MOVES,
    SELECTIONS,
)
from .shapes import quick_result


class UnknownOperator(Exception):
    """The traced function used an operator whose cost nobody has written down."""


class Tally:
    """What was counted, by kind of operation (see conventions.KINDS), for the traced batch."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, count: int) -> None:
        """Add operations of one kind; KeyError for a kind outside KINDS."""
        _ = KINDS[kind]
        self.counts[kind] += count

    def under(self, name: str) -> int:
        """The total under a named convention; ValueError if it is not about operations."""
        weights = convention(name).weights
        if not weights:
            raise ValueError(f"{name} is not a sum over kinds of operations")
        return sum(weight * self.counts[kind] for kind, weight in weights.items())

    def __sub__(self, other: "Tally") -> "Tally":
        difference = Tally()
        difference.counts.update(self.counts)
        difference.counts.subtract(other.counts)
        return difference

    def __repr__(self) -> str:
        return f"Tally({dict(self.counts)})"


class Tracer(TorchDispatchMode):
    """Counts while active; `tally` may be read at any time, for instance after each exit.

    A matrix product counts as "linear" if one factor is a weight: a parameter, or computed from
    parameters alone, or parts selected from one.  Otherwise it is a "product".
    Raises UnknownOperator for an operator that is not in the tables of `operators`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tally = Tally()
        self._weights: dict[int, object] = {}

    def snapshot(self) -> Tally:
        """A copy of the counts so far."""
        return self.tally - Tally()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        name = func.overloadpacket.__name__
        given = list(_tensors((args, kwargs)))
        for tensor in given:
            if isinstance(tensor, nn.Parameter):
                self._remember(tensor)
        result = quick_result(name, args, kwargs)
        if result is None:
            result = func(*args, **kwargs)
        self._count(name, args, kwargs, result)
        if given and self._comes_from_weights(name, given):
            for tensor in _tensors(result):
                self._remember(tensor)
        return result

    def _remember(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        self._weights[storage._cdata] = storage  # held, so that its address is not reused

    def _is_weight(self, tensor: Tensor) -> bool:
        return tensor.untyped_storage()._cdata in self._weights

    def _comes_from_weights(self, name: str, given: list[Tensor]) -> bool:
        if name == "embedding":
            return False
        if name in SELECTIONS:
            return self._is_weight(given[0])
        return all(self._is_weight(tensor) for tensor in given)

    def _count(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
        if name in FREE or name in MOVES or name in SELECTIONS:
            return
        plain = name[:-1] if name.endswith("_") else name
        if plain in FULL_SIZE:
            self.tally.add(FULL_SIZE[plain], args[0].numel())
            if plain == "native_layer_norm":
                self.tally.add("layer_normalisation", args[0].numel())
            if FULL_SIZE[plain] == "average_pooling":
                self.tally.add("average_pooled", args[0].numel())
        elif plain in ELEMENTWISE:
            self.tally.add("elementwise", _largest(args, result))
        elif plain in _MATRIX:
            self._count_matrix_product(plain, args)
        elif plain in COMPOUND:
            _COMPOUND_RULES[plain](self.tally, args, kwargs, result)
        else:
            raise UnknownOperator(
                f"aten.{name}: say what it costs in reproductions/protocol/operators.py"
            )

    def _count_matrix_product(self, name: str, args: tuple[Any, ...]) -> None:
        left, right, bias = _MATRIX[name](args)
        weighted = self._is_weight(left) or self._is_weight(right)
        count = left.numel() * (right.shape[-1] if right.dim() > 1 else 1)
        self.tally.add("linear" if weighted else "product", count)
        if bias is not None:
            self.tally.add("linear_bias", count // left.shape[-1])


def trace(function: Callable[..., Any], *inputs: Any, **options: Any) -> Tally:
    """Count the operations of one call, without gradients.

    function: a module or any callable; put modules in eval mode first.
    inputs: tensors, best on the meta device and with batch size 1; counts are for the batch.
    """
    with torch.no_grad(), Tracer() as tracer:
        function(*inputs, **options)
    return tracer.tally


def parameter_count(model: nn.Module, keep: Callable[[str], bool] = lambda name: True) -> int:
    """Trainable parameters, shared ones once, whose qualified name passes `keep`."""
    return sum(
        parameter.numel()
        for name, parameter in model.named_parameters()
        if parameter.requires_grad and keep(name)
    )


def _tensors(values: Any) -> Iterator[Tensor]:
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _tensors(value)
    elif isinstance(values, dict):
        for value in values.values():
            yield from _tensors(value)


def _largest(args: tuple[Any, ...], result: Any) -> int:
    return max(tensor.numel() for tensor in _tensors((args, result)))


# Where the factors stand: (left (..., rows, inner), right (..., inner, columns), bias or None).
_MATRIX: dict[str, Callable[[tuple[Any, ...]], tuple[Tensor, Tensor, Tensor | None]]] = {
    "mm": lambda args: (args[0], args[1], None),
    "bmm": lambda args: (args[0], args[1], None),
    "mv": lambda args: (args[0], args[1], None),
    "dot": lambda args: (args[0], args[1], None),
    "addmm": lambda args: (args[1], args[2], args[0]),
    "baddbmm": lambda args: (args[1], args[2], args[0]),
    "addmv": lambda args: (args[1], args[2], args[0]),
    "linear": lambda args: (args[0], args[1].t(), args[2] if len(args) > 2 else None),
}


def _convolution(tally: Tally, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
    """args: input, weight, bias, stride, padding, dilation, transposed, ...; groups are in weight.

    weight is (out, in / groups, *window), or (in, out / groups, *window) if transposed: each
    output element (each input element) takes part in weight[0] many products.
    """
    inputs, weight, bias, transposed = args[0], args[1], args[2], args[6]
    positions = inputs.numel() if transposed else result.numel()
    tally.add("convolution", positions * math.prod(weight.shape[1:]))
    if bias is not None:
        tally.add("convolution_bias", result.numel())


def _window(kind: str) -> Callable[[Tally, tuple[Any, ...], dict[str, Any], Any], None]:
    def rule(tally: Tally, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
        pooled = result[0] if isinstance(result, tuple) else result
        dimensions = pooled.dim() - 2 if pooled.dim() > 2 else 1
        window = list(args[1]) * (dimensions if len(args[1]) == 1 else 1)
        tally.add(kind, pooled.numel() * math.prod(window))
        if kind == "average_pooling":
            tally.add("average_pooled", args[0].numel())

    return rule


def _attention(tally: Tally, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
    """query (..., T, d), key (..., S, d), value (..., S, e): T S d + T S e products a head."""
    query, key, value = args[:3]
    scores = math.prod(query.shape[:-1]) * key.shape[-2]
    tally.add("product", scores * (query.shape[-1] + value.shape[-1]))
    tally.add("softmax", scores)


_COMPOUND_RULES: dict[str, Callable[[Tally, tuple[Any, ...], dict[str, Any], Any], None]] = {
    "convolution": _convolution,
    "avg_pool1d": _window("average_pooling"),
    "avg_pool2d": _window("average_pooling"),
    "avg_pool3d": _window("average_pooling"),
    "max_pool2d_with_indices": _window("max_pooling"),
    "max_pool3d_with_indices": _window("max_pooling"),
    **dict.fromkeys((name for name in COMPOUND if name.startswith("_scaled_dot")), _attention),
}
