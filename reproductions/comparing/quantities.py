"""Printed values as quantities: in one unit where units convert, and what each stands for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.words import Words
from reproductions.published import SCALE_OF_UNIT

COUNT, SECONDS, PERCENT = "count", "s", "%"
PREFIXES = {"K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12, "P": 1e15}
TIMES = {"s": 1.0, "ms": 1e-3}

COSTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "operations": (Words("Operations"), ("macs", "flops")),
    "params": (Words("Parameters"), ("params",)),
    "latency": (Words("Latency, as printed"), ("latency",)),
    "throughput": (Words("Throughput, as printed"), ("throughput",)),
    "speedup": (Words("Speed-up, as printed"), ("speedup",)),
    "fraction_used": (Words("Share of the computation used"), ("fraction_used",)),
    "steps": (Words("Steps, tokens or blocks"), ("steps",)),
}
"""What a comparison can have on its horizontal axis: a name for people, and the metrics of it."""

COST_METRICS = frozenset(metric for _, metrics in COSTS.values() for metric in metrics)
QUALITY_METRICS = frozenset({"accuracy", "error", "mAP"})
MORE_IS_BETTER = ("throughput", "speedup")
LOWER_IS_BETTER = frozenset({"FID", "FVD", "perplexity"})
"""Units of quality of which less is better."""

MULTIPLY_ADDS = ("mac:conv-fc", "mac:conv-fc-pool", "mac:with-products")
"""Conventions that count the multiply-adds of layers: one family, for what pooling adds is less
than one part in a thousand, and products of two tensors occur only where all count them."""

TIMED = ("latency", "throughput", "speedup")
MANY_PARTS = frozenset(
    {
        *("VLM understanding", "video LLM understanding", "LLM reasoning", "LLM generation"),
        *("image generation", "video generation", "video editing", "robot manipulation (VLA)"),
    }
)
"""Tasks of models with several parts, of which papers count different ones: for the same full
model 40.8 T, 48.8 T and 82.6 T operations are printed. Their costs compare in one table only."""


@dataclass(frozen=True)
class Quantity:
    """A printed value in a unit that others share.

    dimension: "count", "s", "%", or the printed unit where nothing converts.
    what: what the printed unit adds, such as "prefill" or "of visual tokens".
    """

    value: float
    dimension: str
    what: str = ""


def cost(value: float, unit: str, metric: str) -> Quantity:
    """A printed cost as a quantity."""
    unit = unit.replace("s/image", "s per image")
    if metric in ("macs", "flops", "params"):
        if unit in SCALE_OF_UNIT:
            binary = unit.partition(" ")[2]  # "Mi (2^20)": the printed M are of 1,048,576
            return Quantity(value * SCALE_OF_UNIT[unit], COUNT, binary)
        if named := re.fullmatch(r"(K|M|G|B|T|P)(?:,? (.+))?", unit):
            return Quantity(value * PREFIXES[named[1]], COUNT, named[2] or "")
    if metric == "latency" and (named := re.fullmatch(r"(ms|s)(?: (.+))?", unit)):
        return Quantity(value * TIMES[named[1]], SECONDS, named[2] or "")
    if named := re.fullmatch(r"(%|x)(?:,? (.+))?", unit):
        return Quantity(value, named[1], named[2] or "")
    return Quantity(value, unit)


def quality(value: float, unit: str, metric: str) -> Quantity:
    """A printed quality as a quantity: fractions and errors in per cent become per cent reached."""
    plain = unit.partition(" (")[0]  # "% (almost)"
    if plain == "fraction":
        value, plain = value * 100, PERCENT
    if metric == "error" and plain == PERCENT:
        value = 100 - value
    if named := re.fullmatch(r"% (.+)", plain):
        return Quantity(value, PERCENT, named[1])
    return Quantity(value, plain)


def counting(metric: str, convention: str, measure: str, what: str) -> str:
    """How a cost was counted, as far as the source or our own recount says it."""
    if metric == "params":
        name = "active parameters" if measure == "active" else "parameters"
        if what in ("activated", "per token"):
            return "active parameters"
    elif metric in ("macs", "flops"):
        if convention and convention not in MULTIPLY_ADDS:
            name = convention
        else:
            is_multiply_adds = metric == "macs" or bool(convention)
            name = "multiply-adds" if is_multiply_adds else "FLOPs as printed"
    else:
        name = metric.replace("_", " ")
    return f"{name}, {what}" if what else name


def less_is_better(metric: str, what: str) -> bool:
    """Whether a smaller cost is the better one: not of speed, nor of "31 % fewer"."""
    saved = re.search(r"\b(fewer|lower|saved|less)\b", what)
    return metric not in MORE_IS_BETTER and not saved


def shown(quantity: float, dimension: str, largest: float | None = None) -> tuple[float, str]:
    """A quantity in a unit for reading, that of `largest` if given: (4.6, "G") for 4.6e9."""
    size = abs(quantity if largest is None else largest)
    if dimension == COUNT:
        for name in ("T", "G", "M", "K"):
            if size >= PREFIXES[name]:
                return quantity / PREFIXES[name], name
        return quantity, ""
    if dimension == SECONDS and size < 1:
        return quantity * 1000, "ms"
    return quantity, dimension


def read_bound(text: str, dimension: str) -> float | None:
    """A bound that a reader writes, such as "300 M", "4.6G" or "12 ms"; None if it is no number."""
    given = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z%]*)\s*", text)
    if not given:
        return None
    value, unit = float(given[1].replace(",", ".")), given[2]
    if dimension == COUNT:
        factor = PREFIXES.get(unit.upper() if unit else "", 1.0 if not unit else None)
        return value * factor if factor else None
    if dimension == SECONDS:
        factor = TIMES.get(unit or "ms")
        return value * factor if factor else None
    return value
