"""Formants of spoken vowels, measured by Peterson and Barney (1952)."""

import csv
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from reproductions.datasets.files import checked

FILE = "peterson-barney-1952.tsv"
PETERSON_BARNEY_MD5 = "7fa21d10738d9b64275a321a9848a458"
"""Of the table that Praat carries, as its "Save as tab-separated file" writes it."""


@dataclass(frozen=True)
class Vowels:
    """1520 vowels: 76 speakers (33 men, 28 women, 15 children), 10 vowels each, twice.

    formants: F1, F2 and F3 in Hz, (1520, 3).  speakers: 1 to 76, (1520,), men first, children last.
    vowels: in ARPABET, such as "iy".
    """

    formants: Tensor
    speakers: Tensor
    vowels: tuple[str, ...]


def peterson_barney(folder: Path | None) -> Vowels:
    """The table in its order.  Raises DataMissing."""
    table = checked(FILE, PETERSON_BARNEY_MD5, folder, what="Peterson and Barney's vowels")
    rows = list(csv.DictReader(table.decode().splitlines(), delimiter="\t"))
    return Vowels(
        torch.tensor([[float(row[name]) for name in ("F1", "F2", "F3")] for row in rows]),
        torch.tensor([int(row["Speaker"]) for row in rows]),
        tuple(row["Vowel"] for row in rows),
    )
