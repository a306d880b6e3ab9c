"""Results of frequent operators on the meta device, without PyTorch's slow Python versions.

On that device PyTorch derives shapes by running a reference implementation in Python, which takes
most of the time of a trace.  For the operators here the shape is obvious.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .operators import FULL_SIZE

_SAME = {name for name, kind in FULL_SIZE.items() if kind in ("relu", "activation", "softmax")}
_SAME -= {"glu", "log_sigmoid_forward", "_softmax", "_log_softmax", "softmax"}
_SAME |= {"_safe_softmax", "exp", "sqrt", "rsqrt", "square", "neg"}
_IN_PLACE = {f"{name}_" for name in (*_SAME, "add", "sub", "mul", "div")}


def quick_result(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of an operator whose arguments are all on the meta device, or None.

    None means that PyTorch must be asked.
    """
    first = args[0] if args else None
    if kwargs or not isinstance(first, Tensor) or not _plain(first):
        return None
    if name in _IN_PLACE:
        return first
    if name in _SAME:
        return torch.empty_like(first)
    rule = _RULES.get(name)
    return rule(args) if rule else None


def _plain(tensor: Any) -> bool:
    return isinstance(tensor, Tensor) and tensor.is_meta and tensor.is_floating_point()


def _softmax(args: tuple[Any, ...]) -> Any:
    return torch.empty_like(args[0]) if args[2] is False else None


def _batch_norm(args: tuple[Any, ...]) -> Any:
    """args: input, weight, bias, mean, variance, training, momentum, epsilon."""
    x = args[0]
    return None if args[5] else (torch.empty_like(x), x.new_empty(0), x.new_empty(0))


def _arithmetic(args: tuple[Any, ...]) -> Any:
    left, right = args[:2]
    if len(args) > 2:
        return None
    if isinstance(right, int | float):
        return torch.empty_like(left)
    if not _plain(right) or left.dtype != right.dtype:
        return None
    if left.shape == right.shape:
        return torch.empty_like(left)
    return left.new_empty(torch.broadcast_shapes(left.shape, right.shape))


_RULES: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "_softmax": _softmax,
    "_log_softmax": _softmax,
    "native_batch_norm": _batch_norm,
    **dict.fromkeys(("add", "sub", "mul", "div"), _arithmetic),
}
