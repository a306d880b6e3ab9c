"""Seeds that were seen before a bound was set decide nothing; what is fitted is not met."""

import pytest

from reproductions.judging.claims import (
    Bound,
    Claim,
)
from reproductions.judging.judge import judge, judge_run, state_of, worded
from reproductions.judging.manifest import Manifest, ScaleEntry
from reproductions.judging.rules import Verdict
from reproductions.models.number import VERIFIED
from tests.reproductions.test_judging import INPUTS, claim, measure, row


def ours(**changes) -> Claim:
    """A claim of our own at toy scale: above zero in two of two seeds."""
    fields = {"said_by": "ours", "reported": None, "unit": "1", "scale": "toy", "convention": ""}
    rule = Bound(than=">", bound=0.0, min_seeds=2, seeds_needed=2)
    return claim(rule, **{**fields, "metric": "difference", **changes})


def manifest_with(claim: Claim, **entry) -> Manifest:
    """A manifest of one claim, with a toy scale."""
    scale = ScaleEntry("toy", 60, **{"seeds": (100, 101), **entry})
    return Manifest("p", "P", ("a",), (), "An idea.", (), (), {"toy": scale}, (claim,), "0")


@pytest.mark.parametrize(
    ("seeds", "verdict"),
    [
        ((0, 1), Verdict.UNDECIDED),
        ((0, 100), Verdict.UNDECIDED),
        ((100, 101), Verdict.DIRECTION),
        ((0, 100, 101), Verdict.DIRECTION),
    ],
)
def test_seeds_that_were_seen_before_the_bound_decide_nothing(seeds, verdict):
    manifest = manifest_with(ours(), seen_seeds=(0, 1))
    found = [measure(1.0, seed, metric="difference", convention="") for seed in seeds]

    (judgement,) = judge_run(manifest, {}, found, scale="toy")

    assert judgement.verdict is verdict
    assert len(judgement.values) == len(set(seeds) - {0, 1})


def test_a_seen_seed_cannot_rescue_or_spoil_what_fresh_seeds_say():
    manifest = manifest_with(ours(), seen_seeds=(0, 1))
    seen = [
        measure(value, seed, metric="difference", convention="") for seed, value in ((0, 9), (1, 9))
    ]
    fresh = [measure(-1.0, seed, metric="difference", convention="") for seed in (100, 101)]

    (judgement,) = judge_run(manifest, {}, [*seen, *fresh], scale="toy")

    assert judgement.verdict is Verdict.OUTSIDE
    assert judgement.values == (-1.0, -1.0)


def test_only_seen_seeds_leave_a_reason_that_names_them():
    manifest = manifest_with(ours(), seen_seeds=(0, 1))
    found = [measure(1.0, seed, metric="difference", convention="") for seed in (1, 0)]

    (judgement,) = judge_run(manifest, {}, found, scale="toy")

    assert judgement.verdict is Verdict.UNDECIDED
    assert "0, 1" in judgement.reason


def test_a_seed_that_the_manifest_does_not_name_decides_nothing():
    manifest = manifest_with(ours(), seen_seeds=())
    found = [measure(1.0, seed, metric="difference", convention="") for seed in (100, 101)]

    (judgement,) = judge_run(manifest, {}, found, scale="toy", further_seed=7)

    assert judgement.verdict is Verdict.UNDECIDED
    assert "does not name seed 7" in judgement.reason


def test_a_fit_from_printed_inputs_is_consistent_and_not_met():
    fits = judge(claim(printed_inputs=INPUTS), row(150), {"c": [measure(150.2e6)]}, scale="exact")
    misses = judge(claim(printed_inputs=INPUTS), row(150), {"c": [measure(325e6)]}, scale="exact")

    assert (fits.verdict, misses.verdict) == (Verdict.CONSISTENT, Verdict.OUTSIDE)
    assert fits.reason.endswith(f"computed from {INPUTS}")
    assert worded(fits).startswith("Consistent with other printed numbers")
    assert Verdict.CONSISTENT not in VERIFIED
    assert state_of([Verdict.CONSISTENT, Verdict.EXACT]) is Verdict.EXACT
    assert state_of([Verdict.CONSISTENT, Verdict.OUTSIDE]) is Verdict.OUTSIDE
