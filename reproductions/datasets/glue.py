"""GLUE in its usual TSV files: ``<task>/train.tsv`` and ``<task>/dev.tsv``."""

import csv
from dataclasses import dataclass
from pathlib import Path

from reproductions.protocol import DataMissing

from .files import named


@dataclass(frozen=True)
class Layout:
    """Columns of one task, by heading, and how many rows its development set has."""

    sentences: tuple[str, ...]
    label: str
    rows: int


LAYOUTS = {
    "SST-2": Layout(("sentence",), "label", 872),
    "MRPC": Layout(("#1 String", "#2 String"), "Quality", 408),
    "QQP": Layout(("question1", "question2"), "is_duplicate", 40_430),
    "QNLI": Layout(("question", "sentence"), "label", 5463),
    "RTE": Layout(("sentence1", "sentence2"), "label", 277),
    "MNLI": Layout(("sentence1", "sentence2"), "gold_label", 9815),
    "STS-B": Layout(("sentence1", "sentence2"), "score", 1500),
}

Rows = list[tuple[tuple[str, ...], str]]


def glue(task: str, folder: Path | None) -> dict[str, Rows]:
    """Sentences and label of every row of "train" and "dev"; KeyError for a task we do not know.

    The labels of the test files are not public, so papers report the development set.  A file
    is known by its headings and by how many rows the development set has.  Raises DataMissing.
    """
    layout = LAYOUTS[task]
    dev = "dev_matched.tsv" if task == "MNLI" else "dev.tsv"
    for place in named(task, folder):
        if (place / "train.tsv").is_file() and (place / dev).is_file():
            parts = {"train": _rows(place / "train.tsv", layout), "dev": _rows(place / dev, layout)}
            if len(parts["dev"]) != layout.rows:
                raise DataMissing(f"{task}: {layout.rows} rows in {dev}, not {len(parts['dev'])}")
            return parts
    raise DataMissing(f"{task}/ with train.tsv and {dev}, as GLUE distributes them")


def _rows(path: Path, layout: Layout) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {*layout.sentences, layout.label} - set(table.fieldnames or ())
        if missing:
            raise DataMissing(f"{path.name} has no column {', '.join(sorted(missing))}")
        return [
            (tuple(row[name] or "" for name in layout.sentences), row[layout.label])
            for row in table
            if row[layout.label] is not None
        ]
