"""`make bench`: every benchmark that this machine can run, one after the other.

Each is a command of its own (`python -m benchmarks.search --help`); this only calls them with the
material beside the repository, and says what it leaves out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "bench"
SCIFACT = BENCH / "retrieval" / "scifact"

COMMANDS: dict[str, list[str]] = {
    "search": [
        *("--corpus", str(SCIFACT / "corpus.jsonl"), "--queries", str(SCIFACT / "queries.jsonl")),
        *("--qrels", str(SCIFACT / "qrels.tsv")),
    ],
    "fusion": [],
    "extract": [],
    "hostile": [],
    "reproduce": [],
    "counters": [],
}
WITHOUT_MATERIAL = ("reproduce", "fusion", "counters")


def main() -> int:
    """Run the named benchmarks, or all; the exit code is that of the worst."""
    wanted = sys.argv[1:] or list(COMMANDS)
    worst = 0
    for name in wanted:
        if name not in COMMANDS:
            print(f"No benchmark {name!r}; there are {', '.join(COMMANDS)}.", file=sys.stderr)
            return 2
        if name not in WITHOUT_MATERIAL and not BENCH.is_dir():
            print(f"== {name}: left out, its material is not beside this repository")
            continue
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *COMMANDS[name]]
        worst = max(worst, subprocess.run(command, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
