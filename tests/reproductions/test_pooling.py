"""Which runs decide together: seeds of one maker that had ended, the newest of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from reproductions.judging.pooling import Made, Maker, digests_of, pooled, processors_of

START = datetime(2026, 1, 1, tzinfo=UTC)
PROMISED = (100, 101, 102)
CODE = {"program_sha256": "a", "protocol_sha256": "b", "manifest_sha256": "c", "commit": "1"}
MAKER = Maker("counting", "toy", "cpu", digests_of(CODE), processors_of({"cpu": "one"}))


@dataclass(frozen=True)
class Ended:
    """A run that ended so many minutes after the start."""

    seed: int
    minute: int
    maker: Maker = MAKER


def made(run: Ended) -> Made:
    return Made(run.maker, run.seed, START + timedelta(minutes=run.minute))


def together(run, *others):
    return pooled(run, others, PROMISED, made)


def test_seeds_that_had_ended_decide_together_in_their_order():
    first, second, third = Ended(102, 1), Ended(100, 2), Ended(101, 3)

    assert together(third, third, first, second) == [second, third, first]
    assert together(second, first, second, third) == [second, first]
    assert together(first, first, second, third) == [first]


def test_of_a_seed_that_ran_twice_the_newest_counts_and_the_older_set_stays_history():
    old = [Ended(seed, minute) for minute, seed in enumerate(PROMISED)]
    new = [Ended(seed, minute) for minute, seed in enumerate(PROMISED, 10)]

    assert together(new[0], *new, *old) == [new[0], old[1], old[2]]
    assert together(new[2], *old, *new) == new
    assert together(old[2], *new, *old) == old


def test_a_run_counts_for_its_own_seed_whoever_ended_at_the_same_time():
    run, twin = Ended(100, 1), replace(Ended(100, 1), maker=replace(MAKER))

    assert together(run, twin)[0] is run


@pytest.mark.parametrize("changed", ["program_sha256", "datasets_sha256", "manifest_sha256"])
def test_older_code_of_any_part_is_never_averaged_in(changed):
    older = replace(MAKER, digests=digests_of({**CODE, changed: "older"}))
    run = Ended(100, 5)

    assert together(run, Ended(101, 1, older), Ended(102, 2)) == [run, Ended(102, 2)]


def test_another_commit_of_the_same_code_is_the_same_maker():
    assert digests_of({**CODE, "commit": "2", "dirty": False}) == MAKER.digests


@pytest.mark.parametrize(
    "other",
    [
        {"machine": processors_of({"cpu": "another"})},
        {"machine": processors_of({"cpu": "one", "accelerator": "a card"})},
        {"scale": "full"},
        {"device": "cuda"},
        {"program": "another"},
    ],
)
def test_another_machine_scale_or_program_is_never_averaged_in(other):
    run = Ended(100, 5)

    assert together(run, Ended(101, 1, replace(MAKER, **other))) == [run]


def test_a_seed_that_nobody_promised_stands_alone_and_is_never_taken():
    further, promised = Ended(7, 2), Ended(100, 3)

    assert together(further, promised, Ended(101, 1)) == [further]
    assert together(promised, further) == [promised]
