"""What this machine has: devices, data sets, and the code of its programs."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from reproductions import datasets
from reproductions.judging.manifest import ManifestError
from reproductions.programs import Program, hashes, program_in, slugs_in
from reproductions.protocol import DataMissing
from reproductions.runs.confined import Machine

DATA_SETS: dict[str, Callable[[Path | None], object]] = {
    "MNIST": datasets.mnist,
    "Fashion-MNIST": datasets.fashion_mnist,
    "King James Bible": datasets.king_james,
    "CIFAR-10": datasets.cifar10,
    "CIFAR-100": datasets.cifar100,
    "Penn Treebank": datasets.penn_treebank,
    "WikiText-2": datasets.wikitext,
}
"""Those that the site tells people of; a program looks for others by itself."""


@dataclass(frozen=True)
class Lent:
    """What the owner lends. Empty programs: all that are listed."""

    machine: Machine
    package: str
    devices: Sequence[str]
    scales: Sequence[str]
    programs: Sequence[str] = ()

    def equipment(self) -> dict[str, Any]:
        """What the site is told before it gives a run out."""
        return {
            "devices": list(self.devices),
            "scales": list(self.scales),
            "data_sets": data_sets_in(self.machine.data),
            "machine": words(),
            "code": {program.slug: hashes(program) for program in self.listed()},
        }

    def listed(self) -> list[Program]:
        """Programs that may run here; one whose manifest is broken is left out."""
        kept = []
        for slug in self.programs or slugs_in(self.package):
            try:
                kept.append(program_in(self.package, slug))
            except ManifestError:
                continue
        return kept


def devices() -> list[str]:
    """Devices that PyTorch finds."""
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def words() -> str:
    """The machine in words: accelerator, or processor."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name(0)
    return platform.processor() or platform.machine()


def data_sets_in(folder: Path | None) -> list[str]:
    """Names of the data sets that are there, by the digests of their files."""
    names = []
    for name, load in DATA_SETS.items():
        try:
            load(folder)
        except (DataMissing, OSError):
            continue
        names.append(name)
    return names
