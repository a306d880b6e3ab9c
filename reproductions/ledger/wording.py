"""Numbers and verdicts as words: the accessible name of the ring and dot, units, differences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from reproductions.judging.rules import Verdict
from reproductions.judging.shown import with_spread
from reproductions.ledger.rows import AClaim, AJudgement, ANumber

UNITS = {"1": "", "Mi (2^20)": "M (2²⁰)", "Gi (2^30), thop": "G (2³⁰)", "x": "×"}


def unit_text(unit: str) -> str:
    """A unit as it is shown; "" for pure counts."""
    return UNITS.get(unit, unit)


def percent(relative: float) -> str:
    """A relative difference with its sign, to a digit that still says something."""
    size = abs(relative) * 100
    if size == 0:
        return "0 %"
    if size < 0.001:
        return f"{'+' if relative > 0 else '−'}<0.001 %"
    digits = 3 if size < 0.01 else 2 if size < 1 else 1
    return f"{'+' if relative > 0 else '−'}{size:.{digits}f} %"


def _ours(judgement: AJudgement, number: ANumber) -> str:
    return with_spread(judgement.measured or 0.0, judgement.values, number.decimals)


def tolerance_of(number: ANumber, claim: AClaim | None) -> float | None:
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
    number: ANumber, judgement: AJudgement | None = None, claim: AClaim | None = None
) -> str:
    """What the glyph shows, as a sentence."""
    unit = unit_text(number.unit)
    printed = f"{number.printed} {unit}".strip()
    words = gettext("paper {printed}").format(printed=printed)
    if not number.confirmed:
        words += gettext(" (unconfirmed)")
    elif number.second_hand:
        words += gettext(" (second-hand)")
    if judgement is None or judgement.measured is None:
        needs = number.get_needs_display()
        return gettext("{words}, not run: needs {needs}").format(words=words, needs=needs)
    measured = f"{_ours(judgement, number)} {unit}".strip()
    parts = [words, gettext("ours {measured}").format(measured=measured)]
    if judgement.relative:
        size = percent(judgement.relative)[1:]
        side = gettext("{size} above") if judgement.relative > 0 else gettext("{size} below")
        parts.append(side.format(size=size))
    parts.append(str(judgement.get_verdict_display()))
    tolerance = tolerance_of(number, claim)
    if tolerance and judgement.verdict == Verdict.OUTSIDE:
        allowed = percent(tolerance)[1:]
        parts[-1] += gettext(" (tolerance {allowed})").format(allowed=allowed)
    parts.append(gettext("scale {scale}").format(scale=gettext(judgement.run.scale)))
    return ", ".join(parts)
