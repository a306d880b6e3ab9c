"""`make data`: bring Peterson and Barney's vowels out of Praat, where that is installed.

    python -m reproductions.reference.local_experts.fetch [folder]   # data/datasets if not given

What is written is compared with its digest before it is kept.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from reproductions.datasets.fetch import PLACE, Source, fetch

from .vowels import FILE, PETERSON_BARNEY_MD5


def _of_praat(work: Path) -> dict[str, bytes]:
    script = work / "save.praat"
    script.write_text(
        "Create formant table (Peterson & Barney 1952)\n"
        f'Save as tab-separated file: "{work / FILE}"\n'
    )
    command = ["praat", "--run", script.name]
    subprocess.run(command, cwd=work, capture_output=True, check=True, timeout=600)
    return {FILE: (work / FILE).read_bytes()}


VOWELS = Source(
    "Peterson and Barney's vowels",
    "peterson-barney",
    {FILE: PETERSON_BARNEY_MD5},
    "measured by G. E. Peterson and H. L. Barney, in Praat under GPL 2 or later",
    'apt-get install praat; then in Praat "Create formant table (Peterson & Barney 1952)" and '
    f'"Save as tab-separated file", as {FILE}',
    _of_praat,
)


def main() -> int:
    """Fetch the table; without Praat it is left out, which is no failure."""
    options = argparse.ArgumentParser(prog="python -m reproductions.reference.local_experts.fetch")
    options.add_argument("folder", nargs="?", type=Path, default=PLACE)
    place = options.parse_args().folder
    if shutil.which("praat") is None and not (place / VOWELS.folder / FILE).is_file():
        print(f"{VOWELS.name}: left out without praat; by hand: {VOWELS.by_hand}")
        return 0
    told = fetch(VOWELS, place)
    print(told)
    return int("not fetched" in told or "not kept" in told)


if __name__ == "__main__":
    sys.exit(main())
