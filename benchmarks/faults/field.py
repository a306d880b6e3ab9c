"""The field of the broken site: taxonomy, venues and some of the papers, so that it starts soon."""

from __future__ import annotations

import shutil
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PAPERS = 60


def small_field(folder: Path) -> Path:
    """Data files with the taxonomy, all venues and PAPERS papers at even distances."""
    for name in ("papers", "people", "workshops", "numbers", "runs"):
        (folder / name).mkdir(parents=True)
    for name in ("taxonomy", "venues"):
        shutil.copytree(FIXTURES / name, folder / name)
    files = sorted((FIXTURES / "papers").iterdir())
    for file in files[:: len(files) // PAPERS][:PAPERS]:
        shutil.copy(file, folder / "papers")
    return folder
