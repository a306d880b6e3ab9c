"""What each rule of a claim says about the measured values, before anything lowers it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reproductions.judging.claims import (
    COMPARISONS,
    Absolute,
    Bound,
    Bracket,
    Claim,
    Equal,
    MeanWithin,
    Printed,
    Relative,
    StandardErrors,
)
from reproductions.protocol import Measure
from reproductions.published import Row, in_unit

LAST_BITS = 1e-9
"""Relative: what floats lose when they are added and scaled. 0.57 * 100 is at least 57."""
WIDEST = 0.2
"""Half of a bracket's width, relative to its middle, from which lying within it says nothing."""


class Verdict(StrEnum):
    """How a claim fared in one run.  `NOT_RUN` and `UNDECIDED` are not verdicts on the claim."""

    EXACT = "exact"
    WITHIN = "within"
    REPRODUCED = "reproduced"
    PARTIAL = "partial"
    DIRECTION = "direction"
    CONSISTENT = "consistent"
    OUTSIDE = "outside"
    AMBIGUOUS = "ambiguous"
    SOURCES_DISAGREE = "sources-disagree"
    UNDECIDED = "undecided"
    NOT_RUN = "not-run"


@dataclass(frozen=True)
class Finding:
    """What a rule says before caps: does it hold, with which verdict, and why."""

    holds: bool
    verdict: Verdict
    reason: str
    few_seeds: bool = False


def decide(
    claim: Claim,
    row: Row | None,
    values: tuple[float, ...],
    measured: Sequence[Measure],
    measures: Mapping[str, Sequence[Measure]],
    unit: str,
) -> Finding:
    """Apply the claim's rule.

    values: of `measured`, in `unit`, one per seed.  measures: everything measured, for brackets.
    Raises ValueError when the rule and the claim do not belong together.
    """
    rule = claim.rule
    if isinstance(rule, Bound):
        return _bound(rule, values, direction=claim.scale in ("toy", "reduced"))
    if isinstance(rule, StandardErrors):
        return _standard_errors(rule, values, measured, unit)
    if isinstance(rule, Bracket):
        return _bracket(rule, _published(row), measures, unit)
    if isinstance(rule, Equal):
        return _equal(rule, values, row.value if row else rule.expected)
    mean = math.fsum(values) / len(values)
    if isinstance(rule, Printed):
        return _printed(rule, mean, row)
    if isinstance(rule, Relative):
        return _relative(rule, mean, _published(row))
    if isinstance(rule, MeanWithin):
        return _mean_within(rule, mean, _published(row), len(values))
    return _absolute(rule, mean, row.value if row else rule.expected)


def _published(row: Row | None) -> float:
    if row is None:
        raise ValueError("this rule compares with a published number")
    return row.value


def _printed(rule: Printed, value: float, row: Row | None) -> Finding:
    published = _published(row)
    decimals = rule.decimals if rule.decimals is not None else (row.decimals if row else 0)
    fits = [name for name in rule.rounding if prints_as(value, published, decimals, name)]
    if fits:
        how = "rounds" if fits[0] == "round" else "is cut off"
        return Finding(True, Verdict.EXACT, f"{how} to the printed {_shown(published, decimals)}")
    return Finding(
        False,
        Verdict.OUTSIDE,
        f"neither {' nor '.join(rule.rounding)} gives {_shown(published, decimals)}"
        if len(rule.rounding) > 1
        else f"{rule.rounding[0]} does not give {_shown(published, decimals)}",
    )


def prints_as(value: float, printed: float, decimals: int, rounding: str) -> bool:
    """Whether `value` gives `printed` at that many decimals.

    rounding: "round" (half either way) or "floor" (cut off).  decimals may be negative.
    """
    step = 10.0**-decimals
    slack = LAST_BITS * max(step, abs(printed))
    if rounding == "round":
        return abs(value - printed) <= step / 2 + slack
    return -slack <= math.copysign(1.0, printed) * (value - printed) < step - slack


def _shown(value: float, decimals: int) -> str:
    return f"{value:.{max(0, decimals)}f}"


def _relative(rule: Relative, value: float, published: float) -> Finding:
    off = abs(value - published) / abs(published) if published else math.inf
    allowed = f"{off:.2%} from the printed value, {rule.within:.2%} allowed"
    if off <= rule.within * (1 + LAST_BITS):
        return Finding(True, Verdict.WITHIN, allowed)
    return Finding(False, Verdict.OUTSIDE, allowed)


def _absolute(rule: Absolute, value: float, expected: float | None) -> Finding:
    if expected is None:
        raise ValueError("an absolute rule needs an expected value")
    off = abs(value - expected)
    allowed = f"{off:.3g} from {expected:g}, {rule.within:.3g} allowed"
    if off <= rule.within * (1 + LAST_BITS):
        return Finding(True, Verdict.WITHIN, allowed)
    return Finding(False, Verdict.OUTSIDE, allowed)


def _mean_within(rule: MeanWithin, mean: float, published: float, seeds: int) -> Finding:
    allowed = rule.sd_multiple * rule.sd
    off = abs(mean - published)
    reason = f"mean of {seeds} seed(s) is {off:.3g} from the printed mean, {allowed:.3g} allowed"
    few = seeds < rule.min_seeds
    if off <= allowed * (1 + LAST_BITS):
        return Finding(True, Verdict.REPRODUCED, reason, few_seeds=few)
    return Finding(False, Verdict.OUTSIDE, reason, few_seeds=few)


def _bound(rule: Bound, values: tuple[float, ...], *, direction: bool) -> Finding:
    beyond = sum(_lies_beyond(value, rule) for value in values)
    few = len(values) < rule.min_seeds
    reason = f"{beyond} of {len(values)} seed(s) {rule.than} {rule.bound:g}"
    if rule.min_seeds > 1:
        reason += f"; {rule.seeds_needed} of {rule.min_seeds} needed"
    # With more seeds than promised the share that must hold stays the same.
    needed = math.ceil(rule.seeds_needed * max(1.0, len(values) / rule.min_seeds) - LAST_BITS)
    holds = beyond >= min(needed, len(values)) if few else beyond >= needed
    if holds:
        verdict = Verdict.DIRECTION if direction else Verdict.WITHIN
        return Finding(True, verdict, reason, few_seeds=few)
    return Finding(False, Verdict.OUTSIDE, reason, few_seeds=few)


def _lies_beyond(value: float, rule: Bound) -> bool:
    """As the rule compares; a value that only the last bits of a float part from it is at it."""
    if _is_at(value, rule.bound):
        value = rule.bound
    return COMPARISONS[rule.than](value, rule.bound)


def _is_at(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=LAST_BITS, abs_tol=0)


def _standard_errors(
    rule: StandardErrors, values: tuple[float, ...], measured: Sequence[Measure], unit: str
) -> Finding:
    errors = [measure.standard_error for measure in measured]
    if any(error is None or error <= 0 for error in errors):
        return Finding(False, Verdict.UNDECIDED, "the value came without a standard error")
    scaled = [
        in_unit(error or 0.0, measure.unit, unit)
        for error, measure in zip(errors, measured, strict=True)
    ]
    error = math.sqrt(math.fsum(each**2 for each in scaled)) / len(scaled)
    off = abs(math.fsum(values) / len(values) - rule.expected) / error
    reason = f"{off:.2f} standard errors from {rule.expected:g}, {rule.multiple:g} allowed"
    if off <= rule.multiple * (1 + LAST_BITS):
        return Finding(True, Verdict.WITHIN, reason)
    return Finding(False, Verdict.OUTSIDE, reason)


def _equal(rule: Equal, values: tuple[float, ...], expected: float | None) -> Finding:
    """Every seed gives the value itself; only what adding in another order changes is let pass."""
    if expected is None:
        raise ValueError("an equal rule needs an expected value")
    off = [
        value for value in values if not math.isclose(value, expected, rel_tol=LAST_BITS, abs_tol=0)
    ]
    if not off:
        return Finding(True, Verdict.EXACT, f"equals {expected:g}")
    return Finding(False, Verdict.OUTSIDE, f"{off[0]!r} does not equal {expected:g}")


def bracket_measured(rule: object, measures: Mapping[str, Sequence[Measure]]) -> bool:
    """Whether `rule` is a bracket and both its ends were measured."""
    return isinstance(rule, Bracket) and bool(measures.get(rule.lower) and measures.get(rule.upper))


def _bracket(
    rule: Bracket, published: float, measures: Mapping[str, Sequence[Measure]], unit: str
) -> Finding:
    lower, upper = (
        [in_unit(measure.value, measure.unit, unit) for measure in measures.get(name, ())]
        for name in (rule.lower, rule.upper)
    )
    if not lower or not upper:
        return Finding(False, Verdict.UNDECIDED, "an end of the bracket was not measured")
    low, high = min(lower), max(upper)
    reason = f"the printed {published:g} against the bracket {low:.4g} to {high:.4g}"
    if high - low > WIDEST * abs(high + low):
        return Finding(False, Verdict.UNDECIDED, f"{reason}: too wide to test it")
    if low <= published <= high:
        return Finding(True, Verdict.WITHIN, reason)
    return Finding(False, Verdict.OUTSIDE, reason)
