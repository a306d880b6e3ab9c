"""Measured values as digits: means over seeds with their spread, single values with fitting digits.

Pure, so that the command without a site prints what the pages show.
"""

import math
import statistics
from collections.abc import Sequence


def figure(value: float, decimals: int | None = None) -> str:
    """A measured value with two digits more than the printed one has, or six in all."""
    if decimals is None:
        return f"{value:.6g}"
    shown = f"{value:.{decimals + 2}f}"
    if float(shown) == 0 and value != 0:
        return f"{value:.3g}"
    return shown


def spread(values: Sequence[float]) -> float | None:
    """The standard deviation over seeds, in the unit of the values; None for fewer than two."""
    return statistics.stdev(values) if len(values) > 1 else None


def with_spread(mean: float, values: Sequence[float], decimals: int | None = None) -> str:
    """A mean over seeds with its spread, as many digits as the spread leaves, and how many seeds.

    A single value keeps the digits of `figure`: 93.5185 alone, but "93.5 ± 0.4 (5 seeds)".
    """
    deviation = spread(values)
    if deviation is None:
        return figure(mean, decimals)
    if deviation == 0:
        return f"{figure(mean, decimals)} ({len(values)} seeds, all equal)"
    first = math.floor(math.log10(deviation))
    digits = max(0, -first + (deviation < 2 * 10.0**first))
    return f"{mean:.{digits}f} ± {deviation:.{digits}f} ({len(values)} seeds)"
