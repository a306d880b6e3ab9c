"""Which runs are judged together: one rule for the site, its records and their check.  Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Run = TypeVar("Run")


@dataclass(frozen=True)
class Maker:
    """What made a run.  Runs of two makers are never averaged.

    digests: of the program, of all code that it shares with others, and of its manifest.
    machine: processor and accelerator.
    """

    program: str
    scale: str
    device: str
    digests: frozenset[tuple[str, str]]
    machine: tuple[str, str]


@dataclass(frozen=True)
class Made:
    """How one finished run came about.  ended_at: with its time zone."""

    by: Maker
    seed: int
    ended_at: datetime


def digests_of(code: Mapping[str, object]) -> frozenset[tuple[str, str]]:
    """What a run's `code` says of its source, without the commit that it stood in."""
    return frozenset((name, str(code[name])) for name in code if name.endswith("_sha256"))


def processors_of(environment: Mapping[str, object]) -> tuple[str, str]:
    """Processor and accelerator of a run's `environment`, "" for what it does not name."""
    return str(environment.get("cpu") or ""), str(environment.get("accelerator") or "")


def pooled(
    run: Run, others: Iterable[Run], promised: Collection[int], made: Callable[[Run], Made]
) -> list[Run]:
    """The runs whose seeds decide together after `run`, by seed.

    They have one maker, their seeds are `promised` by the manifest, and they had ended when `run`
    ended; of a seed that ran twice the newest counts, and of the seed of `run` none but itself.  So
    a verdict follows from the runs before it, never from the hour at which somebody judges; the
    newest run has the newest of every seed, and what ran earlier, or by other code, is history.
    A run of a seed that nobody promised stands alone.
    others: in any order, `run` among them or not; of runs that ended together, the last counts.
    """
    this = made(run)
    if this.seed not in promised:
        return [run]
    newest: dict[int, tuple[datetime, Run]] = {}
    for other in others:
        that = made(other)
        if that.by != this.by or that.seed not in promised or that.ended_at > this.ended_at:
            continue
        if that.seed not in newest or that.ended_at >= newest[that.seed][0]:
            newest[that.seed] = that.ended_at, other
    newest[this.seed] = this.ended_at, run
    return [newest[seed][1] for seed in sorted(newest)]
