"""The rules of the verdicts, as tables."""

import pytest

from reproductions.judging.claims import (
    Absolute,
    Bound,
    Bracket,
    Claim,
    Contradiction,
    Equal,
    MeanWithin,
    Printed,
    Relative,
    StandardErrors,
)
from reproductions.judging.judge import judge, state_of, worded
from reproductions.judging.rules import Verdict, prints_as
from reproductions.protocol import Measure
from reproductions.published import Key, Row, in_unit

INPUTS = "the share of updates that the same table prints"
KEY = Key("somebody2020", "a setting", "macs")


def row(value: float = 569, unit: str = "M", source: str = "Table 3") -> Row:
    return Row(KEY, value, unit, "Table 3", source, "high", "exact-cost", "")


def claim(rule=None, **changes) -> Claim:
    fields = {
        "id": "c",
        "said_by": "paper",
        "reported": KEY,
        "statement": "",
        "metric": "macs",
        "unit": None,
        "scale": "exact",
        "convention": "mac:conv-fc",
        "also_tried": (),
        "documented_by": "",
        "rule": rule or Printed(),
        "basis": "arithmetic",
    }
    return Claim(**{**fields, **changes})


def measure(value: float, seed: int = 0, **changes) -> Measure:
    fields = {"id": "c", "setting": "", "metric": "macs", "unit": "1"}
    fields |= {"convention": "mac:conv-fc", **changes}
    return Measure(value=value, seed=seed, **fields)


def verdict(claim, row, *found: Measure, scale="exact", deviations=()) -> Verdict:
    by_id: dict[str, list[Measure]] = {}
    for item in found:
        by_id.setdefault(item.id, []).append(item)
    return judge(claim, row, by_id, scale=scale, run_deviations=deviations).verdict


@pytest.mark.parametrize(
    ("value", "printed", "decimals", "rounding", "fits"),
    [
        (568.74, 569, 0, "round", True),
        (568.74, 569, 0, "floor", False),
        (568.79, 568, 0, "floor", True),
        (568.79, 568, 0, "round", False),
        (568.0, 568, 0, "floor", True),
        (569.0, 568, 0, "floor", False),
        (568.5, 569, 0, "round", True),
        (568.5, 568, 0, "round", True),
        (0.25, 0.3, 1, "round", True),
        (0.3, 0.3, 1, "floor", True),
        (1161.8, 1200, -2, "round", True),
        (1149.0, 1200, -2, "round", False),
        (0.0, 0.0, 2, "round", True),
        (-1.26, -1.2, 1, "floor", True),
        (-1.26, -1.3, 1, "round", True),
    ],
)
def test_printed_digits(value, printed, decimals, rounding, fits):
    assert prints_as(value, printed, decimals, rounding) is fits


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (Printed(), 568.74e6, Verdict.EXACT),
        (Printed(), 568.4e6, Verdict.OUTSIDE),
        (Printed(("round", "floor")), 569.9e6, Verdict.EXACT),
        (Printed(("floor",)), 568.74e6, Verdict.OUTSIDE),
        (Printed(decimals=-1), 565e6, Verdict.EXACT),
        (Relative(0.01), 563.4e6, Verdict.WITHIN),
        (Relative(0.01), 563.2e6, Verdict.OUTSIDE),
        (Relative(0.01), 574.8e6, Verdict.OUTSIDE),
        (Absolute(2.0), 571e6, Verdict.WITHIN),
        (Absolute(2.0), 571.1e6, Verdict.OUTSIDE),
    ],
)
def test_rules_are_two_sided_and_compare_in_the_units_of_the_row(rule, value, expected):
    assert verdict(claim(rule), row(), measure(value)) is expected


def test_better_than_the_paper_is_outside_too():
    accuracy = claim(Absolute(0.5), metric="accuracy", convention="", scale="full")
    found = measure(95.0, metric="accuracy", unit="%", convention="")

    assert verdict(accuracy, row(93.0, "%"), found, scale="full") is Verdict.OUTSIDE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metric": "params"}, "measured params, claimed macs"),
        ({"convention": "op_counter"}, "counted under op_counter, claimed mac:conv-fc"),
        ({"convention": ""}, "counted under none, claimed mac:conv-fc"),
        ({"unit": "%"}, "cannot turn '%' into 'M'"),
    ],
)
def test_what_does_not_agree_is_never_put_side_by_side(changes, reason):
    found = judge(claim(), row(), {"c": [measure(569e6, **changes)]}, scale="exact")

    assert (found.verdict, found.measured, found.reason) == (Verdict.UNDECIDED, None, reason)


@pytest.mark.parametrize(
    ("stated", "run", "expected"),
    [
        ("exact", "exact", Verdict.EXACT),
        ("exact", "full", Verdict.EXACT),
        ("exact", "smoke", Verdict.UNDECIDED),
        ("full", "full", Verdict.EXACT),
        ("full", "reduced", Verdict.PARTIAL),
        ("full", "toy", Verdict.UNDECIDED),
        ("full", "smoke", Verdict.UNDECIDED),
        ("full", "exact", Verdict.UNDECIDED),
        ("toy", "toy", Verdict.EXACT),
        ("toy", "smoke", Verdict.UNDECIDED),
    ],
)
def test_a_smaller_run_never_confirms_a_larger_claim(stated, run, expected):
    assert verdict(claim(scale=stated), row(), measure(569e6), scale=run) is expected


def test_a_reduced_run_that_misses_refutes_nothing():
    found = verdict(claim(scale="full"), row(), measure(400e6), scale="reduced")

    assert found is Verdict.UNDECIDED


@pytest.mark.parametrize("where", ["claim", "run"])
def test_deviations_lower_a_success_to_partial_but_do_not_soften_a_failure(where):
    changes = {"deviations": ("lr 1e-3",)} if where == "claim" else {}
    options = {"deviations": ("lr 1e-3",)} if where == "run" else {}

    assert verdict(claim(**changes), row(), measure(569e6), **options) is Verdict.PARTIAL
    assert verdict(claim(**changes), row(), measure(500e6), **options) is Verdict.OUTSIDE


def test_a_convention_found_by_trying_is_ambiguous_unless_the_authors_state_it():
    tried = {"also_tried": ("op_counter",)}

    assert verdict(claim(**tried), row(), measure(569e6)) is Verdict.AMBIGUOUS
    assert verdict(claim(**tried), row(), measure(1e6)) is Verdict.OUTSIDE
    documented = claim(**tried, documented_by="their profiler")
    assert verdict(documented, row(), measure(569e6)) is Verdict.EXACT


def test_a_number_quoted_from_memory_is_at_most_within():
    assert verdict(claim(), row(source="memory"), measure(569e6)) is Verdict.WITHIN


@pytest.mark.parametrize(
    ("contradiction", "expected"),
    [
        (Contradiction("t", other_value=325.0, other_source="repo"), Verdict.SOURCES_DISAGREE),
        (Contradiction("t", other_value=317.2, other_source="repo"), Verdict.OUTSIDE),
        (Contradiction("t", parts=(100.0, 200.0)), Verdict.SOURCES_DISAGREE),
        (Contradiction("t", parts=(117.0, 200.0)), Verdict.OUTSIDE),
    ],
)
def test_sources_disagree_only_if_they_do(contradiction, expected):
    disputed = claim(contradiction=contradiction)

    assert verdict(disputed, row(317), measure(325.4e6)) is expected
    assert verdict(disputed, row(317), measure(317.1e6)) is Verdict.EXACT


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((53.0, 54.0, 55.0, 56.0), Verdict.REPRODUCED),
        ((50.0, 60.0, 57.0, 58.0), Verdict.REPRODUCED),
        ((53.0, 54.0, 55.0), Verdict.PARTIAL),
        ((70.0, 71.0, 72.0, 73.0), Verdict.OUTSIDE),
        ((70.0, 71.0), Verdict.UNDECIDED),
    ],
)
def test_the_mean_over_seeds_against_the_papers_own_spread(values, expected):
    usage = claim(MeanWithin(sd=2.1), metric="usage", convention="", scale="full")
    found = [
        measure(value, seed, metric="usage", unit="%", convention="")
        for seed, value in enumerate(values)
    ]

    assert verdict(usage, row(53.9, "%"), *found, scale="full") is expected


def test_one_seed_measured_twice_decides_nothing():
    assert verdict(claim(), row(), measure(569e6), measure(569e6)) is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3, 4, 5), Verdict.DIRECTION),
        ((1, 2, 3, 4, -5), Verdict.DIRECTION),
        ((1, 2, 3, -4, -5), Verdict.OUTSIDE),
        ((1, 2, 3, 4), Verdict.UNDECIDED),
        ((-1, -2, -3, -4), Verdict.UNDECIDED),
        ((1,) * 8 + (-1,) * 2, Verdict.DIRECTION),
        ((1,) * 7 + (-1,) * 3, Verdict.OUTSIDE),
    ],
)
def test_a_direction_needs_its_share_of_seeds(values, expected):
    rule = Bound(">", 0.0, min_seeds=5, seeds_needed=4)
    ours = claim(
        rule,
        said_by="ours",
        reported=None,
        metric="gap",
        unit="points",
        convention="",
        scale="toy",
    )
    found = [
        measure(value, seed, metric="gap", unit="points", convention="")
        for seed, value in enumerate(values)
    ]

    assert verdict(ours, None, *found, scale="toy") is expected


@pytest.mark.parametrize(
    ("than", "bound", "value", "expected"),
    [
        (">=", 57.0, 0.57 * 100, Verdict.WITHIN),  # 56.99999999999999
        ("<=", 0.3, 0.1 + 0.2, Verdict.WITHIN),  # 0.30000000000000004
        (">", 0.3, 0.1 + 0.2, Verdict.OUTSIDE),
        ("<", 57.0, 0.57 * 100, Verdict.OUTSIDE),
        (">=", 57.0, 56.999, Verdict.OUTSIDE),
        (">", 0.0, 1e-300, Verdict.WITHIN),
        ("<=", 0.3, float("nan"), Verdict.OUTSIDE),
    ],
)
def test_the_last_bits_of_a_float_are_no_side_of_a_bound(than, bound, value, expected):
    ours = claim(
        Bound(than, bound, min_seeds=1, seeds_needed=1),
        said_by="ours",
        reported=None,
        metric="gap",
        unit="points",
        convention="",
    )

    found = measure(value, metric="gap", unit="points", convention="")

    assert verdict(ours, None, found) is expected


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (1.03, 0.01, Verdict.WITHIN),
        (1.05, 0.01, Verdict.OUTSIDE),
        (0.95, 0.01, Verdict.OUTSIDE),
        (1.0, None, Verdict.UNDECIDED),
        (1.0, 0.0, Verdict.UNDECIDED),
    ],
)
def test_monte_carlo_values_are_judged_by_their_standard_error(value, error, expected):
    ours = claim(
        StandardErrors(expected=1.0, multiple=4.0),
        said_by="ours",
        reported=None,
        metric="bias",
        unit="1",
        convention="",
    )
    found = measure(value, metric="bias", convention="", standard_error=error)

    assert verdict(ours, None, found) is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (500e6, 600e6, Verdict.WITHIN),
        (570e6, 600e6, Verdict.OUTSIDE),
        (500e6, None, Verdict.NOT_RUN),
        (300e6, 700e6, Verdict.UNDECIDED),
        (130e6, 1250e6, Verdict.UNDECIDED),
    ],
)
def test_a_bracket_must_contain_the_printed_value(low, high, expected):
    ends = [measure(low, id="low")] + ([measure(high, id="high")] if high else [])

    assert verdict(claim(Bracket("low", "high")), row(), *ends) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((569e6,), Verdict.EXACT),
        ((569e6, 569e6 * (1 + 1e-12)), Verdict.EXACT),
        ((569.001e6,), Verdict.OUTSIDE),
        ((569e6, 570e6), Verdict.OUTSIDE),
    ],
)
def test_an_identity_holds_for_every_seed_or_not_at_all(values, expected):
    found = [measure(value, seed) for seed, value in enumerate(values)]

    assert verdict(claim(Equal()), row(), *found) is expected


def test_an_identity_of_zero_is_zero_itself():
    ours = claim(Equal(0.0), said_by="ours", reported=None, statement="They agree.", unit="1",
                 metric="bias", convention="")  # fmt: skip

    assert (
        verdict(ours, None, measure(0.0, metric="bias", unit="1", convention="")) is Verdict.EXACT
    )
    near = measure(1e-12, metric="bias", unit="1", convention="")
    assert verdict(ours, None, near) is Verdict.OUTSIDE


def test_an_unmet_precondition_leaves_the_number_undecided():
    solved = {"metric": "solved", "unit": "1", "convention": "", "id": "solved"}
    guarded = claim(precondition="solved")

    assert verdict(guarded, row(), measure(569e6)) is Verdict.UNDECIDED
    assert verdict(guarded, row(), measure(569e6), measure(0, **solved)) is Verdict.UNDECIDED
    assert verdict(guarded, row(), measure(569e6), measure(1, **solved)) is Verdict.EXACT


def test_nothing_measured_is_not_run():
    assert verdict(claim(), row()) is Verdict.NOT_RUN


def test_a_judgement_shows_the_difference_in_the_units_of_the_row():
    found = judge(claim(Relative(0.05)), row(500), {"c": [measure(510e6)]}, scale="exact")

    assert (found.measured, found.difference, found.relative) == (510.0, 10.0, 0.02)
    assert "2.00% from the printed value" in worded(found)


@pytest.mark.parametrize("kind", list(Verdict))
def test_every_verdict_has_a_wording(kind):
    found = judge(claim(), row(), {}, scale="exact")

    assert worded(found).startswith("Not run")
    assert kind.value == kind.value.lower()


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([], Verdict.NOT_RUN),
        ([Verdict.UNDECIDED], Verdict.NOT_RUN),
        ([Verdict.EXACT, Verdict.OUTSIDE], Verdict.OUTSIDE),
        ([Verdict.PARTIAL, Verdict.EXACT], Verdict.EXACT),
        ([Verdict.DIRECTION, Verdict.UNDECIDED], Verdict.DIRECTION),
    ],
)
def test_the_state_of_a_number_never_hides_a_failure(verdicts, state):
    assert state_of(verdicts) is state


def test_units_of_the_eca_tables_are_powers_of_two():
    assert in_unit(2**20, "1", "Mi (2^20)") == 1.0
    assert in_unit(0.5, "B", "M") == 500.0
    with pytest.raises(ValueError, match="%"):
        in_unit(1.0, "%", "M")
