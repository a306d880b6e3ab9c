"""What hostile PDFs do to the reader: every file must end in a status, within its budget.

    python -m benchmarks.hostile [FOLDER] [--full] [--verbose]

Reads the collected files of FOLDER/hostile (default: ../shared/data/bench beside the
repository), files made here, and damaged copies of papers; with --full more than two
thousand. Exit code 1 when a file was not classified, ran past its budget, or left a process
behind.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.hostile_files import HostileFile, made_files
from benchmarks.hostile_objects import assemble, page_with
from papers.pdf.confined.pool import ReaderPool
from papers.pdf.extraction import Extraction

DEFAULT_FOLDER = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "bench"
_GRACE_SECONDS = 5.0


Outcome = tuple[HostileFile, Extraction | Exception, float]
"""A file, its extraction or what was raised instead, and the seconds it took."""


@dataclass
class Tally:
    """What became of the files of one family."""

    statuses: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failures: list[str] = field(default_factory=list)


def collected_files(folder: Path) -> Iterator[HostileFile]:
    """The files of the collection, read one by one."""
    for path in sorted(folder.glob("hostile/*.pdf")):
        yield HostileFile("collected", path.name, path.read_bytes())


def papers_to_damage(folder: Path, count: int) -> dict[str, bytes]:
    """The smallest papers of the collection, or a page of our own when there are none."""
    paths = sorted(folder.glob("pdf/*.pdf"), key=lambda path: path.stat().st_size)[:count]
    papers = {path.stem: path.read_bytes() for path in paths}
    line = b"BT /F 10 Tf 72 %d Td (A line of text in a small paper, number %d.) Tj ET\n"
    content = b"".join(line % (720 - 12 * n, n) for n in range(50))
    return papers or {"made": assemble(page_with(content))}


def truncations(papers: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Each paper cut after every hundredth of its bytes."""
    for name, data in papers.items():
        for percent in range(1, 100):
            yield f"{name}-{percent}%", data[: len(data) * percent // 100]


def mutations(papers: dict[str, bytes], count: int) -> Iterator[tuple[str, bytes]]:
    """Seeded damage: flipped bits, overwritten, removed, repeated and exchanged pieces."""
    names = sorted(papers)
    for seed in range(count):
        chance = random.Random(seed)
        name = chance.choice(names)
        data = bytearray(papers[name])
        for _ in range(chance.choice((1, 3, 20, 200))):
            place = chance.randrange(len(data))
            length = chance.randrange(1, 400)
            kind = chance.randrange(6)
            if kind <= 1:
                data[place] ^= 1 << chance.randrange(8)
            elif kind == 2:
                data[place : place + length] = chance.randbytes(length)
            elif kind == 3 and len(data) > 2_000:
                del data[place : place + length]
            elif kind == 4:
                data[place:place] = data[place : place + length]
            else:
                other = chance.randrange(len(data))
                data[place : place + length] = data[other : other + length]
        yield f"{name}-seed{seed}", bytes(data)


def all_files(folder: Path, *, full: bool) -> Iterator[HostileFile]:
    """Collected, made, truncated and damaged files."""
    yield from collected_files(folder)
    yield from made_files()
    papers = papers_to_damage(folder, 8)
    cut = papers if full else dict(list(papers.items())[:1])
    for name, data in truncations(cut):
        yield HostileFile("truncated at every 1 %", name, data)
    for name, data in mutations(papers, 1_200 if full else 60):
        yield HostileFile("damaged copies", name, data)


def run(files: Iterator[HostileFile], readers: int, *, verbose: bool) -> dict[str, Tally]:
    """Read every file and note what became of it."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    with ReaderPool(readers) as pool, tempfile.TemporaryDirectory() as folder:
        limit = pool.budget.wall_seconds + _GRACE_SECONDS

        def read(
            numbered: tuple[int, HostileFile],
        ) -> tuple[HostileFile, Extraction | Exception, float]:
            number, file = numbered
            path = Path(folder, f"{number}.pdf")
            path.write_bytes(file.data)
            started = time.monotonic()
            try:
                result: Extraction | Exception = pool.read(path)
            except Exception as problem:  # a failure to report, not to stop at
                result = problem
            path.unlink()
            return file, result, time.monotonic() - started

        with ThreadPoolExecutor(readers) as threads:
            for batch in _batches(enumerate(files), 50):
                for file, result, seconds in threads.map(read, batch):
                    _note(tallies[file.family], file, result, seconds, limit)
                    if verbose and isinstance(result, Extraction):
                        warnings = " ".join(result.warnings)
                        outcome = f"{result.status} {seconds:.2f} s {warnings}"
                        print(f"{file.family}: {file.name}: {outcome}")
        print(f"{pool.deaths} readers ended and replaced; ", end="")
        print(f"largest reader {pool.peak_bytes / 2**20:.0f} MiB")
    return dict(tallies)


def _batches(
    files: Iterator[tuple[int, HostileFile]], size: int
) -> Iterator[list[tuple[int, HostileFile]]]:
    batch: list[tuple[int, HostileFile]] = []
    for numbered_file in files:
        batch.append(numbered_file)
        if len(batch) == size or sum(len(file.data) for _, file in batch) > 100 << 20:
            yield batch
            batch = []
    yield batch


def _note(
    tally: Tally, file: HostileFile, result: Extraction | Exception, seconds: float, limit: float
) -> None:
    if isinstance(result, Exception):
        tally.statuses["NOT CLASSIFIED"] += 1
        tally.failures.append(f"{file.name}: {result!r}")
        return
    tally.statuses[str(result.status)] += 1
    tally.slowest = max(tally.slowest, (seconds, file.name))
    if seconds > limit:
        tally.failures.append(f"{file.name}: {seconds:.1f} s, allowed {limit:.0f} s")


def print_table(tallies: dict[str, Tally]) -> int:
    """The outcome per family; returns how many files failed."""
    total: Counter[str] = Counter()
    print(f"{'family':<26}{'files':>6}{'slowest':>9}  statuses")
    for family, tally in tallies.items():
        total += tally.statuses
        statuses = ", ".join(f"{name} {count}" for name, count in tally.statuses.most_common())
        print(f"{family:<26}{tally.statuses.total():>6}{tally.slowest[0]:>8.2f}s  {statuses}")
    print(f"{'all':<26}{total.total():>6}")
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    for failure in failures:
        print("FAILED", failure)
    print(f"{len(failures)} files not classified or past their budget")
    return len(failures)


def main() -> None:
    """Run the benchmark; exit code 1 on any failure."""
    parser = argparse.ArgumentParser(description="Read hostile PDFs.")
    default = Path(os.environ.get("BENCH_DATA", DEFAULT_FOLDER))
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--full", action="store_true", help="more than two thousand files")
    parser.add_argument("--verbose", action="store_true", help="one line for each file")
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    files = all_files(options.folder, full=options.full)
    tallies = run(files, options.readers, verbose=options.verbose)
    sys.exit(1 if print_table(tallies) else 0)


if __name__ == "__main__":
    main()
