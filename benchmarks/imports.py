"""Damaged bibliographies by the thousand: does a reader fail, and what do the worst ones cost?

    python -m benchmarks.imports [--inputs 20000] [--seed 1]

Each input is put together from pieces of BibTeX, RIS, CSL-JSON, plain references and README files,
cut, repeated and mixed by chance. Every reader of imports reads every input. Prints one table: for
each reader the inputs, failures, the slowest input (processor seconds and its length) and the
largest memory that one input took; the baseline is Python's own `json.loads` and `str.split` over
the same texts, so that the pace of the machine can be told from that of the readers.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from papers.formats import bibtex, csl, ris
from papers.formats.tex import from_tex
from papers.identifiers import all_in
from papers.pdf.reference_parsing import parse_reference

PIECES = (
    "@article{k, ", "@inproceedings{a,", "@string{m=", "@proceedings{p,", "@xdata{x,", "title={",
    'title = "', "author={Erste, Anna and Zweite, Bo", "year={2021}", "crossref={p}", "xdata={x}",
    "}", "}}\n", '"', ",", "#", "{", "\\texttt{", "\\href{", "\\footnote{", "$", "$_2$", "\\verb",
    "doi={10.1145/3698767}", "eprint={1703.09844}", "TY  - JOUR\n", "TY - CONF\n", 
    "AU  - Erste, A.\n",
    "TI  - Quiet Lamps\n", "PY  - 2021\n", "ER  - \n", '[{"title": "T"',
    '"author": [{"family": "E"',
    '"issued": {"date-parts": [[2021', "]]}", "}]", "[1] A. Erste and B. Zweite. ", "Quiet Lamps. ",
    "In Proc. ICML, 2021.", "arXiv:1703.09844", 
    "https://doi.org/10.1002/(SICI)1097:1<3::AID>3.0.CO;2-Z",
    "王小明, 李华. ", "小型网络[J]. 计算机学报, 2021.", "# Papers\n",
    "| Date | Paper |\n", "* [Lamp](https://x.org)\n",
    "&amp;", "<i>", "\u0301", "\u200b", "\x00", "\ud800", "\n", " ", "A. ", "and ",
    "et al.", "9" * 40,
)  # fmt: skip
HEAD = {"inputs": 8, "failed": 8, "s": 9, "slowest ms": 12, "of chars": 10, "peak kB": 9}
LONGEST = 4_000
"""Characters of an input: that of a long entry. Growth with length is held by the tests."""


@dataclass
class Cost:
    """What one reader took over all inputs."""

    failures: int = 0
    total: float = 0.0
    slowest: float = 0.0
    slowest_length: int = 0
    largest: int = 0


def main() -> int:
    """Print the table; the exit code says whether a reader failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    texts = inputs(chosen.inputs, random.Random(chosen.seed))
    worst = 0
    print(f"{'reader':22}" + "".join(f"{word:>{width}}" for word, width in HEAD.items()))

    for name, read in READERS.items():
        cost = measure(read, texts)
        worst = max(worst, cost.failures if name not in BASELINES else 0)
        print(
            f"{name:22}{len(texts):8}{cost.failures:8}{cost.total:9.2f}{1000 * cost.slowest:12.1f}"
            f"{cost.slowest_length:10}{cost.largest // 1024:9}",
            flush=True,
        )
    return 1 if worst else 0


def inputs(number: int, chance: random.Random) -> list[str]:
    """Texts of 1 to LONGEST characters; one piece in ten is repeated up to 200 times."""
    texts = []
    for _ in range(number):
        pieces = []
        for _ in range(chance.randint(1, 40)):
            piece = chance.choice(PIECES)
            pieces.append(piece * chance.randint(2, 200) if chance.random() < 0.1 else piece)
        texts.append("".join(pieces)[: chance.randint(1, LONGEST)])
    return texts


def measure(read: Callable[[str], object], texts: list[str]) -> Cost:
    """Time every text; memory is traced for one in twenty, since tracing is slow."""
    cost = Cost()
    for number, text in enumerate(texts):
        traced = number % 20 == 0
        if traced:
            tracemalloc.start()
        before = time.process_time()
        try:
            read(text)
        except Exception as error:
            cost.failures += 1
            if cost.failures == 1:
                print(f"   {type(error).__name__}: {error} at {text[:80]!r}", file=sys.stderr)
        seconds = time.process_time() - before
        if traced:
            cost.largest = max(cost.largest, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            continue
        cost.total += seconds
        if seconds > cost.slowest:
            cost.slowest, cost.slowest_length = seconds, len(text)
    return cost


READERS: dict[str, Callable[[str], object]] = {
    "bibtex": bibtex.read,
    "ris": ris.read,
    "csl": csl.read,
    "tex": from_tex,
    "identifiers": all_in,
    "references": parse_reference,
    "json.loads (baseline)": json.loads,
    "str.split (baseline)": str.split,
}
BASELINES = ("json.loads (baseline)", "str.split (baseline)")

if __name__ == "__main__":
    sys.exit(main())
