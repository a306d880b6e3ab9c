"""How well papers are read: our extraction beside plain pypdf, on PDFs whose truth is known.

    python -m benchmarks.extract [FOLDER] [--explain] [--profile] [--no-timing] [--readers N]

FOLDER (or the environment's BENCH_DATA) holds `pdf/manifest.jsonl` with the publishers'
records and `references/labelled.jsonl` with references taken apart by hand; it defaults to
../shared/data/bench beside the repository. Every figure printed is measured in this run.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.extraction_scores import (
    Outcome,
    Reading,
    first_pages_text,
    from_extraction,
    is_printed,
    read_plainly,
    reason,
    score,
    score_labelled,
)
from papers.pdf.confined.pool import ReaderPool
from papers.pdf.extraction import Extraction
from papers.pdf.limits import Budget
from papers.pdf.understanding import understand_pdf

DEFAULT_FOLDER = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "bench"
ROUNDS = 10
_PROCESSORS = Path("/proc/stat")
GOALS = {
    "title": 0.97,
    "authors": 0.90,
    "abstract": 0.90,
    "doi": 0.98,
    "reference count": 0.90,
}
STAGES = {
    "check_unpacked_size": "count what streams unpack to",
    "_page": "words of pages (PDFium)",
    "read_structure": "metadata, active content (pypdf)",
    "order_document": "lines in reading order",
    "understand_pages": "clean lines, running heads",
    "read_header": "title, authors, abstract, sections, captions",
    "find_references": "reference list",
    "_full_text": "full text",
}


def measure_speed(paths: list[Path], readers: int) -> dict[str, float]:
    """Papers per second through read and understand, CPU seconds per paper, peak memory.

    Also how many processors other work kept busy meanwhile, where the system tells.
    """
    with ReaderPool(readers) as pool:
        list(pool.read_many(paths[:readers]))  # start the processes
        before, used, busy = time.perf_counter(), pool.cpu_seconds, _busy_seconds()
        done = sum(isinstance(result, Extraction) for _, result in pool.read_many(paths))
        wall, used = time.perf_counter() - before, pool.cpu_seconds - used
        others = {"processors busy with other work": (_busy_seconds() - busy - used) / wall}
        peak = pool.peak_bytes
    return (others if busy else {}) | {
        "papers": done,
        "papers per second": done / wall,
        "CPU seconds per paper": used / done,
        "papers per second and core, by CPU time": done / used,
        "peak MiB of a reader": peak / 2**20,
    }


def _busy_seconds() -> float:
    """Processor time of everything since the machine started; 0 where the system does not tell."""
    if not _PROCESSORS.exists():
        return 0.0
    ticks = [int(tick) for tick in _PROCESSORS.read_text().splitlines()[0].split()[1:9]]
    _user, _nice, _system, idle, waiting, *_ = ticks
    return (sum(ticks) - idle - waiting) / os.sysconf("SC_CLK_TCK")


def print_profile(paths: list[Path]) -> None:
    """Share of the time each stage takes, measured in this process under a profiler."""
    profiler = cProfile.Profile()
    for path in paths:
        data = path.read_bytes()
        profiler.runcall(understand_pdf, data, Budget())
    calls = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    spent = {
        name: entry[3]
        for (file, _, name), entry in calls.items()
        if name in STAGES and Path(file).parent.name == "ingest"
    }
    whole = next(entry[3] for (_, _, name), entry in calls.items() if name == "understand_pdf")
    print(f"\nprofile of {len(paths)} papers of 8 pages and more")
    for name, words in STAGES.items():
        print(f"{words:<50}{spent.get(name, 0.0) / whole:>9.1%}")


def _print_set_aside(truths: list[dict[str, Any]], paths: dict[str, Path]) -> None:
    """Say how many abstracts were not asked for, since their PDF prints another wording."""
    recorded = [truth for truth in truths if truth.get("abstract")]
    other = [
        truth["file"]
        for truth in recorded
        if not is_printed(truth["abstract"], first_pages_text(paths[truth["file"]]))
    ]
    print(f"\n{len(other)} of {len(recorded)} recorded abstracts not asked for: the PDF prints")
    print("another wording, or none: " + ", ".join(other))


def print_scores(ours: list[Outcome], plain: list[Outcome]) -> None:
    """A table of the share right per field, ours beside the yardstick, with the goal."""
    print(f"{'field':<18}{'asked':>6}{'ours':>9}{'plain pypdf':>13}{'goal':>7}")
    for name in dict.fromkeys(outcome.field for outcome in ours):
        rows = [
            [outcome.right for outcome in outcomes if outcome.field == name]
            for outcomes in (ours, plain)
        ]
        shares = [sum(row) / len(row) for row in rows]
        goal = f"{GOALS[name]:.0%}" if name in GOALS else ""
        print(f"{name:<18}{len(rows[0]):>6}{shares[0]:>9.1%}{shares[1]:>13.1%}{goal:>7}")


def explain(ours: list[Outcome], results: dict[str, Extraction]) -> None:
    """Every wrong outcome with what was expected, what was read, and the likely reason."""
    for outcome in ours:
        if outcome.right or outcome.field == "title, similar":
            continue
        print(f"\n{outcome.file}: {outcome.field}")
        print(f"  expected {outcome.expected[:400]}")
        print(f"  read     {outcome.read[:400]}")
        print(f"  reason   {reason(outcome, results[outcome.file])}")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description="Score the reading of papers.")
    default = Path(os.environ.get("BENCH_DATA", DEFAULT_FOLDER))
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--explain", action="store_true", help="print wrong extractions")
    parser.add_argument("--no-timing", action="store_true", help="skip the throughput run")
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    manifest = options.folder / "pdf" / "manifest.jsonl"
    if not manifest.exists():
        sys.exit(f"No benchmark data at {options.folder}")
    truths = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    paths = {truth["file"]: manifest.parent / truth["file"] for truth in truths}
    results: dict[str, Extraction] = {}
    with ReaderPool(options.readers) as pool:
        for path, result in pool.read_many(paths.values()):
            if isinstance(result, OSError):
                raise result
            results[Path(path).name] = result
    ours, plain = _score_all(truths, paths, results)
    print(f"{len(truths)} papers\n")
    print_scores(ours, plain)
    _print_set_aside(truths, paths)
    _print_labelled(options.folder / "references" / "labelled.jsonl")
    if not options.no_timing:
        _print_speed(paths, results, options.readers)
    if options.profile:
        print_profile([path for file, path in paths.items() if results[file].page_count >= 8])
    if options.explain:
        explain(ours, results)


def _score_all(
    truths: list[dict[str, Any]], paths: dict[str, Path], results: dict[str, Extraction]
) -> tuple[list[Outcome], list[Outcome]]:
    ours: list[Outcome] = []
    plain: list[Outcome] = []
    readers: list[tuple[list[Outcome], Callable[[str], Reading]]] = [
        (ours, lambda file: from_extraction(results[file])),
        (plain, lambda file: read_plainly(paths[file])),
    ]
    for truth in truths:
        printed = first_pages_text(paths[truth["file"]])
        for outcomes, reader in readers:
            outcomes += score(truth, reader(truth["file"]), printed)
    return ours, plain


def _print_labelled(path: Path) -> None:
    if path.exists():
        print("\nreferences taken apart by hand")
        for name, (right, total) in score_labelled(path).items():
            print(f"{name:<18}{total:>6}{right / total:>9.1%}")


def _print_speed(paths: dict[str, Path], results: dict[str, Extraction], readers: int) -> None:
    usual = [paths[file] for file, result in results.items() if 8 <= result.page_count <= 15]
    print(f"\n{len(usual)} papers of 8 to 15 pages, {ROUNDS} times, {readers} readers")
    for name, value in measure_speed(usual * ROUNDS, readers).items():
        print(f"{name:<50}{value:>9.2f}")
    print(f"{'load of the machine (1 minute)':<50}{os.getloadavg()[0]:>9.2f}")


if __name__ == "__main__":
    main()
