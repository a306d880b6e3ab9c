"""Rules that turn measurements into verdicts.  Pure: no database, no clock, no files.

The convention, the tolerance and its basis stand in the manifest before a run; nothing here may
choose between several.  Rules are two-sided: being better than the paper is being outside too.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reproductions.judging.claims import Bracket, Claim, Contradiction
from reproductions.judging.manifest import Manifest
from reproductions.judging.rules import Finding, Verdict, bracket_measured, decide, prints_as
from reproductions.protocol import SCALES, Measure
from reproductions.published import Key, Row, in_unit

RULES_VERSION = "2026-11-30"
"""Stored with every verdict; changes when a rule below changes its answer."""


@dataclass(frozen=True)
class Judgement:
    """One claim after one run.

    measured, published: in `unit`; `measured` is the mean over seeds, None if nothing was measured.
    difference: measured - published.  relative: difference / |published|, None if that is 0.
    reason: why this verdict, in words for the page.
    """

    claim: str
    verdict: Verdict
    reason: str
    unit: str
    published: float | None = None
    measured: float | None = None
    values: tuple[float, ...] = ()
    difference: float | None = None
    relative: float | None = None


def judge_run(
    manifest: Manifest,
    rows: Mapping[Key, Row],
    measures: Iterable[Measure],
    *,
    scale: str,
    further_seed: int | None = None,
) -> list[Judgement]:
    """Judge every claim of a manifest against what one run (or several seeds) measured.

    Seeds that were seen before a bound was fixed decide nothing, alone or beside fresh ones.
    further_seed: of a run whose seed the manifest does not name. It is shown and decides nothing,
    since seeds that are chosen after others were seen can be chosen until one fits.
    """
    entry = manifest.scales.get(scale)
    seen = entry.seen_seeds if entry else ()
    by_id: dict[str, list[Measure]] = {}
    known: dict[str, set[int]] = {}
    for measure in measures:
        if measure.seed in seen:
            known.setdefault(measure.id, set()).add(measure.seed)
        else:
            by_id.setdefault(measure.id, []).append(measure)
    judgements = []
    for claim in manifest.claims:
        row = rows[claim.reported] if claim.reported else None
        if claim.id in known and claim.id not in by_id:
            seeds = ", ".join(str(seed) for seed in sorted(known[claim.id]))
            unit = row.unit if row else (claim.unit or "1")
            reason = f"known when the bound was fixed: what seed {seeds} gives"
            judgements.append(_silent(claim, row, unit, Verdict.UNDECIDED, reason))
            continue
        deviations = entry.deviations if entry else ()
        judgement = judge(claim, row, by_id, scale=scale, run_deviations=deviations)
        if further_seed is not None and judgement.verdict is not Verdict.NOT_RUN:
            judgement = _further(judgement, further_seed)
        judgements.append(judgement)
    return judgements


def _further(judgement: Judgement, seed: int) -> Judgement:
    reason = f"a further run: the manifest does not name seed {seed}; {judgement.reason}"
    return replace(judgement, verdict=Verdict.UNDECIDED, reason=reason)


def judge(
    claim: Claim,
    row: Row | None,
    measures: Mapping[str, Sequence[Measure]],
    *,
    scale: str,
    run_deviations: Sequence[str] = (),
) -> Judgement:
    """Judge one claim.

    row: the published number, None exactly for a claim of our own.
    measures: by id, one per seed.  scale: of the run that measured.
    run_deviations: departures from the paper's protocol at that scale.
    """
    unit = row.unit if row else (claim.unit or "1")
    measured = list(measures.get(claim.id, ()))
    brackets = isinstance(claim.rule, Bracket)
    if not measured and not (brackets and bracket_measured(claim.rule, measures)):
        return _silent(claim, row, unit, Verdict.NOT_RUN, "this run measured nothing for it")
    problem = _mismatch(claim, row, measured)
    if problem:
        return _silent(claim, row, unit, Verdict.UNDECIDED, problem)
    values = tuple(in_unit(measure.value, measure.unit, unit) for measure in measured)
    finding = decide(claim, row, values, measured, measures, unit)
    verdict, reason = _capped(
        claim, row, finding, measures, scale=scale, deviations=(*claim.deviations, *run_deviations)
    )
    mean = math.fsum(values) / len(values) if values else None
    published = row.value if row else None
    difference = mean - published if mean is not None and published is not None else None
    return Judgement(
        claim=claim.id,
        verdict=verdict,
        reason=reason,
        unit=unit,
        published=published,
        measured=mean,
        values=values,
        difference=difference,
        relative=difference / abs(published) if difference is not None and published else None,
    )


def _silent(claim: Claim, row: Row | None, unit: str, verdict: Verdict, reason: str) -> Judgement:
    published = row.value if row else None
    return Judgement(claim.id, verdict, reason, unit, published=published)


def _mismatch(claim: Claim, row: Row | None, measured: Sequence[Measure]) -> str:
    """Why a measurement may not stand beside the claim, or ""."""
    for measure in measured:
        if measure.metric != claim.metric:
            return f"measured {measure.metric}, claimed {claim.metric}"
        if claim.convention and measure.convention != claim.convention:
            return f"counted under {measure.convention or 'none'}, claimed {claim.convention}"
        try:
            in_unit(measure.value, measure.unit, row.unit if row else (claim.unit or "1"))
        except ValueError as error:
            return str(error)
    seeds = [measure.seed for measure in measured]
    if len(set(seeds)) != len(seeds):
        return "measured twice with one seed"
    return ""


def _capped(
    claim: Claim,
    row: Row | None,
    finding: Finding,
    measures: Mapping[str, Sequence[Measure]],
    *,
    scale: str,
    deviations: Sequence[str],
) -> tuple[Verdict, str]:
    """Lower what the rule found to what this run may say.  The order of the tests matters."""
    if finding.verdict is Verdict.UNDECIDED:
        return finding.verdict, finding.reason
    if scale == "smoke":
        return Verdict.UNDECIDED, f"a smoke run decides nothing; {finding.reason}"
    smaller = SCALES.index(scale) < SCALES.index(claim.scale)
    if smaller and scale != "reduced":
        return Verdict.UNDECIDED, f"stated at {claim.scale} scale, run at {scale} scale"
    if claim.precondition and not _precondition_met(claim.precondition, measures):
        return Verdict.UNDECIDED, f"its precondition {claim.precondition} is not met"
    if not finding.holds:
        return _failed(claim, row, finding, smaller=smaller)
    return _held(claim, row, finding, smaller=smaller, deviations=deviations)


def _precondition_met(id: str, measures: Mapping[str, Sequence[Measure]]) -> bool:
    measured = measures.get(id, ())
    return bool(measured) and all(measure.value > 0 for measure in measured)


def _failed(
    claim: Claim, row: Row | None, finding: Finding, *, smaller: bool
) -> tuple[Verdict, str]:
    if smaller:
        return Verdict.UNDECIDED, f"outside at reduced scale: {finding.reason}"
    if finding.few_seeds:
        return Verdict.UNDECIDED, f"outside, with too few seeds to say so: {finding.reason}"
    if claim.contradiction and row and disagreement(claim.contradiction, row):
        return Verdict.SOURCES_DISAGREE, f"{claim.contradiction.text} ({finding.reason})"
    return Verdict.OUTSIDE, finding.reason


def _held(
    claim: Claim,
    row: Row | None,
    finding: Finding,
    *,
    smaller: bool,
    deviations: Sequence[str],
) -> tuple[Verdict, str]:
    departures = list(deviations)
    if smaller:
        departures.append(f"run at reduced scale, stated at {claim.scale} scale")
    if finding.few_seeds:
        departures.append("fewer seeds than promised")
    if claim.printed_inputs:
        return Verdict.CONSISTENT, f"{finding.reason}; computed from {claim.printed_inputs}"
    if departures and finding.verdict is not Verdict.DIRECTION:
        return Verdict.PARTIAL, f"{finding.reason}; {'; '.join(departures)}"
    if departures and (smaller or finding.few_seeds):
        return Verdict.UNDECIDED, f"{finding.reason}; {'; '.join(departures)}"
    if claim.also_tried and not claim.documented_by:
        others = ", ".join(claim.also_tried)
        return Verdict.AMBIGUOUS, f"{finding.reason} under {claim.convention}, not under {others}"
    if finding.verdict is Verdict.EXACT and row and not row.confirmed:
        return Verdict.WITHIN, f"{finding.reason}; the published number is quoted from memory"
    return finding.verdict, finding.reason


def disagreement(contradiction: Contradiction, row: Row) -> bool:
    """Whether the stated contradiction is one: digits that differ, or parts that do not add up."""
    if contradiction.other_value is not None:
        return not prints_as(contradiction.other_value, row.value, row.decimals, "round")
    return not prints_as(math.fsum(contradiction.parts), row.value, row.decimals, "round")


STATE_ORDER: Sequence[Verdict] = (
    Verdict.OUTSIDE,
    Verdict.SOURCES_DISAGREE,
    Verdict.AMBIGUOUS,
    Verdict.EXACT,
    Verdict.REPRODUCED,
    Verdict.WITHIN,
    Verdict.PARTIAL,
    Verdict.DIRECTION,
    Verdict.CONSISTENT,
)


def state_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The state of a published number from the latest verdicts of the claims that test it.

    A failure is never hidden behind a success; what decided nothing leaves "not-run".
    """
    seen = set(verdicts)
    for verdict in STATE_ORDER:
        if verdict in seen:
            return verdict
    return Verdict.NOT_RUN


WORDING: Mapping[Verdict, Callable[[Judgement], str]] = {
    Verdict.EXACT: lambda found: f"Reproduced exactly, to the printed precision: {found.reason}.",
    Verdict.WITHIN: lambda found: f"Reproduced within tolerance: {found.reason}.",
    Verdict.REPRODUCED: lambda found: f"Reproduced: {found.reason}.",
    Verdict.PARTIAL: lambda found: f"Partly reproduced: {found.reason}.",
    Verdict.DIRECTION: lambda found: (
        f"The effect appears at small scale ({found.reason}); "
        "the published number itself was not tested."
    ),
    Verdict.CONSISTENT: lambda found: (
        f"Consistent with other printed numbers ({found.reason}); nothing of it was measured."
    ),
    Verdict.OUTSIDE: lambda found: f"Not reproduced: {found.reason}.",
    Verdict.AMBIGUOUS: lambda found: f"Fits one convention only: {found.reason}.",
    Verdict.SOURCES_DISAGREE: lambda found: f"Sources disagree: {found.reason}.",
    Verdict.UNDECIDED: lambda found: f"No verdict: {found.reason}.",
    Verdict.NOT_RUN: lambda found: f"Not run: {found.reason}.",
}


def worded(judgement: Judgement) -> str:
    """The judgement as a sentence for a page."""
    return WORDING[judgement.verdict](judgement)
