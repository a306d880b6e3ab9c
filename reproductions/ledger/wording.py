"""Numbers and verdicts as words: the accessible name of the ring and dot, units, differences."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from reproductions.judging.rules import Verdict
from reproductions.models import Claim, Judgement, PublishedNumber

UNITS = {"1": "", "Mi (2^20)": "M (2²⁰)", "Gi (2^30), thop": "G (2³⁰)", "x": "×"}


def unit_text(unit: str) -> str:
    """A unit as it is shown; "" for pure counts."""
    return UNITS.get(unit, unit)


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


def percent(relative: float) -> str:
    """A relative difference with its sign, to a digit that still says something."""
    size = abs(relative) * 100
    if size == 0:
        return "0 %"
    if size < 0.001:
        return f"{'+' if relative > 0 else '−'}<0.001 %"
    digits = 3 if size < 0.01 else 2 if size < 1 else 1
    return f"{'+' if relative > 0 else '−'}{size:.{digits}f} %"


def _ours(judgement: Judgement, number: PublishedNumber) -> str:
    return with_spread(judgement.measured or 0.0, judgement.values, number.decimals)


def tolerance_of(number: PublishedNumber, claim: Claim | None) -> float | None:
    """What the claim's rule allows on either side, relative to the printed value."""
    value = abs(float(number.value))
    if claim is None or not value:
        return None
    rule: dict[str, Any] = claim.rule
    kind = rule.get("kind")
    if kind == "printed":
        decimals = rule.get("decimals")
        return 0.5 * 10.0 ** -(number.decimals if decimals is None else decimals) / value
    if kind == "relative":
        return float(rule["within"])
    if kind == "absolute":
        return float(rule["within"]) / value
    if kind == "mean-within":
        return float(rule["sd"]) * float(rule["sd_multiple"]) / value
    return None


def sentence(
    number: PublishedNumber, judgement: Judgement | None = None, claim: Claim | None = None
) -> str:
    """What the glyph shows, as a sentence."""
    unit = unit_text(number.unit)
    words = f"paper {number.printed} {unit}".strip()
    if not number.confirmed:
        words += " (unconfirmed)"
    elif number.second_hand:
        words += " (second-hand)"
    if judgement is None or judgement.measured is None:
        return f"{words}, not run: needs {number.get_needs_display()}"
    parts = [words, f"ours {_ours(judgement, number)} {unit}".strip()]
    if judgement.relative:
        side = "above" if judgement.relative > 0 else "below"
        parts.append(f"{percent(judgement.relative)[1:]} {side}")
    parts.append(judgement.get_verdict_display())
    tolerance = tolerance_of(number, claim)
    if tolerance and judgement.verdict == Verdict.OUTSIDE:
        parts[-1] += f" (tolerance {percent(tolerance)[1:]})"
    parts.append(f"scale {judgement.run.scale}")
    return ", ".join(parts)
