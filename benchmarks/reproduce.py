"""Run the programs again and hold every value against the records that ship.

    python -m benchmarks.reproduce [PROGRAM ...] [--scale exact] [--scale toy] [--one-seed]

Needs no database and no site. Prints the wall time of each run, what the claims came out as, and
how many measured values equal those in fixtures/runs to the last digit. The goal for all cheap
scales together is ten minutes on two idle cores. Ends with 1 if a program failed, or if a value
of the exact scale differs: that scale is arithmetic and must not depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reproductions.judging.judge import Judgement
from reproductions.judging.manifest import Manifest, load_manifest, slugs
from reproductions.protocol import Measure, read_events
from reproductions.runs.reproduce import CHEAP, judge_program, run_program

GOAL_SECONDS = 600
RECORDS = Path(__file__).resolve().parent.parent / "fixtures" / "runs"


@dataclass
class Outcome:
    """One program at one scale: seconds, verdicts, and values against the record."""

    name: str
    seconds: float = 0.0
    verdicts: Counter[str] = field(default_factory=Counter)
    same: int = 0
    other: list[str] = field(default_factory=list)
    unrecorded: int = 0
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, compare, print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.reproduce")
    options.add_argument("programs", nargs="*")
    options.add_argument("--scale", action="append", choices=CHEAP)
    options.add_argument("--one-seed", action="store_true", help="the first seed of each scale")
    args = options.parse_args(arguments)
    outcomes = []
    for slug in args.programs or slugs():
        manifest = load_manifest(slug)
        for scale in args.scale or CHEAP:
            if scale in manifest.scales:
                outcomes.append(one(manifest, scale, first_only=args.one_seed))
                print(line(outcomes[-1]), flush=True)
    return summary(outcomes)


def one(manifest: Manifest, scale: str, *, first_only: bool) -> Outcome:
    """Run one program at one scale and compare it with its records."""
    outcome = Outcome(f"{manifest.slug}, {scale}")
    lines: list[str] = []
    seeds = manifest.scales[scale].seeds[: 1 if first_only else None]
    started = time.perf_counter()
    try:
        for seed in seeds:
            own = run_program(manifest.slug, scale=scale, seed=seed)
            compare(outcome, own, recorded(manifest.slug, scale, seed))
            lines += own
    except subprocess.CalledProcessError as error:
        outcome.failure = (error.stderr or str(error)).strip().splitlines()[-1]
    outcome.seconds = time.perf_counter() - started
    if lines and not outcome.failure:
        judged: list[Judgement] = judge_program(manifest.slug, lines)
        outcome.verdicts.update(str(judgement.verdict) for judgement in judged)
        del outcome.verdicts["not-run"]
    return outcome


def recorded(slug: str, scale: str, seed: int) -> Mapping[tuple[str, int], float]:
    """Values of the newest record by measurement and seed; empty if there is none."""
    path = RECORDS / f"{slug}-{scale}-{seed}.json"
    if not path.exists():
        return {}
    last = json.loads(path.read_text(encoding="utf-8"))[-1]
    return {(row["id"], row["seed"]): row["value"] for row in last["measurements"]}


def compare(
    outcome: Outcome, lines: Sequence[str], record: Mapping[tuple[str, int], float]
) -> None:
    """Count values that equal the record's, and name those that do not."""
    for event in read_events(lines):
        if not isinstance(event, Measure):
            continue
        before = record.get((event.id, event.seed))
        if before is None:
            outcome.unrecorded += 1
        elif before == event.value:
            outcome.same += 1
        else:
            outcome.other.append(f"{event.id}: {before:g} in the record, {event.value:g} now")


def line(outcome: Outcome) -> str:
    """One outcome in one line."""
    if outcome.failure:
        return f"{outcome.name:<34} FAILED: {outcome.failure}"
    verdicts = ", ".join(f"{count} {name}" for name, count in outcome.verdicts.most_common())
    compared = f"{outcome.same} values as recorded, {len(outcome.other)} other"
    return f"{outcome.name:<34} {outcome.seconds:7.1f} s  {compared}  ({verdicts})"


def summary(outcomes: Sequence[Outcome]) -> int:
    """Totals, the goal, and what differs at the exact scale; the exit code."""
    seconds = sum(outcome.seconds for outcome in outcomes)
    verdicts: Counter[str] = sum((outcome.verdicts for outcome in outcomes), Counter())
    print(f"{len(outcomes)} programs and scales in {seconds:.0f} s; the goal is {GOAL_SECONDS} s")
    print(", ".join(f"{count} {name}" for name, count in verdicts.most_common()))
    exact = [outcome for outcome in outcomes if outcome.name.endswith("exact")]
    wrong = [text for outcome in exact for text in outcome.other]
    print(
        f"exact scale: {sum(outcome.same for outcome in exact)} values as recorded, "
        f"{len(wrong)} other, {sum(outcome.unrecorded for outcome in exact)} without a record"
    )
    for text in wrong:
        print(f"  {text}")
    return int(bool(wrong or any(outcome.failure for outcome in outcomes)))


if __name__ == "__main__":
    sys.exit(main())
