"""Run reference programs and print what became of every claim.

    python -m reproductions.runs.reproduce                    # every program, cheap scales
    python -m reproductions.runs.reproduce slimmable msdnet --scale exact

Needs no site and no database: the site calls the same :func:`judge_program`.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from reproductions.judging.judge import Judgement, judge_run
from reproductions.judging.manifest import Manifest, load_manifest, slugs
from reproductions.judging.rules import Verdict
from reproductions.judging.shown import with_spread
from reproductions.protocol import SCALES, End, Log, Measure, NeedsData, Start, read_events
from reproductions.published import published

CHEAP = ("exact", "toy")
"""Scales run when none is asked for: those that decide something in minutes."""


def judge_program(slug: str, lines: Iterable[str | bytes]) -> list[Judgement]:
    """Judge the claims of a program against the lines it printed.

    lines: of one run, or of several seeds of one scale one after the other.
    Raises ValueError if no run starts in them, or if runs of two scales are mixed.
    """
    events = list(read_events(lines))
    scales = {event.scale for event in events if isinstance(event, Start)}
    if len(scales) != 1:
        raise ValueError(f"{slug}: expected runs of one scale, found {sorted(scales) or 'none'}")
    measures = [event for event in events if isinstance(event, Measure)]
    return judge_run(load_manifest(slug), published(), measures, scale=scales.pop())


def run_program(slug: str, *, scale: str, seed: int, extra: Sequence[str] = ()) -> list[str]:
    """Run a program to its end in a process of its own and return its lines.

    Raises subprocess.CalledProcessError, with what it wrote to stderr, if it fails.
    """
    command = [sys.executable, "-m", f"reproductions.reference.{slug}"]
    command += ["--scale", scale, "--seed", str(seed), *extra]
    root = Path(__file__).resolve().parents[2]
    # One thread, as on the site, unless the caller has set a number.
    threads = os.environ.get("OMP_NUM_THREADS", "1")
    variables = {**os.environ, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    done = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def table(judged: Sequence[Judgement], manifest: Manifest, scale: str) -> str:
    """Claim, published, measured, difference and verdict, one line a claim, in columns.

    scale: of the run. What a smaller run measures never stands beside the number of the paper.
    """
    head = ("claim", "published", "measured", "unit", "difference", "verdict")
    rows = [head]
    for judgement in judged:
        stated = manifest.claim(judgement.claim).scale
        is_smaller = SCALES.index(scale) < SCALES.index(stated)
        rows.append(_row(judgement, beside=not is_smaller))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if 1 <= column <= 4 and column != 3 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _row(judged: Judgement, *, beside: bool) -> tuple[str, str, str, str, str, str]:
    """beside: whether the printed number may stand beside ours."""
    return (
        judged.claim,
        f"{judged.published:g}" if beside and judged.published is not None else "",
        "" if judged.measured is None else with_spread(judged.measured, judged.values),
        judged.unit,
        f"{judged.relative:+.2%}" if beside and judged.relative is not None else "",
        str(judged.verdict),
    )


def _scales(manifest: Manifest, wanted: Sequence[str]) -> list[str]:
    return [scale for scale in (wanted or CHEAP) if scale in manifest.scales]


def _run_all(manifest: Manifest, scale: str, args: argparse.Namespace) -> list[str]:
    lines: list[str] = []
    extra = ["--device", args.device] + (["--data", str(args.data)] if args.data else [])
    for seed in manifest.scales[scale].seeds:
        started = time.perf_counter()
        measures = run_program(manifest.slug, scale=scale, seed=seed, extra=extra)
        print(f"  {scale}, seed {seed}: {time.perf_counter() - started:.1f} s", flush=True)
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            name = f"{manifest.slug}-{scale}-{seed}.jsonl"
            (args.keep / name).write_text("\n".join(measures) + "\n", encoding="utf-8")
        lines += measures
    for event in read_events(lines):
        if isinstance(event, NeedsData):
            print(f"  needs data: {event.what}")
        elif isinstance(event, Log) and args.verbose:
            print(f"  {event.text}")
        elif isinstance(event, End) and event.status == "failed":
            raise RuntimeError(f"{manifest.slug} says that it failed")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, judge and print; returns 1 if a program failed, whatever the verdicts are."""
    options = argparse.ArgumentParser(prog="python -m reproductions.runs.reproduce")
    options.add_argument("slugs", nargs="*", help="programs; all of them if none is named")
    options.add_argument("--scale", action="append", choices=SCALES, default=None)
    options.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    options.add_argument("--data", type=Path, default=None)
    options.add_argument("--keep", type=Path, default=None, help="folder for the printed lines")
    options.add_argument("--verbose", action="store_true", help="also print the programs' logs")
    args = options.parse_args(arguments)
    totals: Counter[Verdict] = Counter()
    failed, started = [], time.perf_counter()
    for slug in args.slugs or slugs():
        manifest = load_manifest(slug)
        for scale in _scales(manifest, args.scale or ()):
            print(f"{slug}: {manifest.title}")
            try:
                judged = judge_program(slug, _run_all(manifest, scale, args))
            except subprocess.CalledProcessError as error:
                failed.append(slug)
                print(error.stderr or error, file=sys.stderr)
                continue
            shown = [judgement for judgement in judged if judgement.verdict is not Verdict.NOT_RUN]
            print(table(shown, manifest, scale) + "\n", flush=True)
            totals.update(judgement.verdict for judgement in shown)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in totals.most_common())
    print(f"{totals.total()} claims judged in {time.perf_counter() - started:.0f} s: {counted}")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
