"""`pip install .[cluster]`, as the docs and the benchmarks print it, finds something to install."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = "from setuptools import build_meta; print(build_meta.prepare_metadata_for_build_wheel('.'))"


def test_pip_can_read_the_project(tmp_path: Path) -> None:
    for folder in ROOT.iterdir():  # what setuptools would take for packages, were it not told
        if folder.is_dir() and not folder.name.startswith("."):
            (tmp_path / folder.name).mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)

    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, asked.stderr
    metadata = (tmp_path / asked.stdout.split()[-1] / "METADATA").read_text()
    assert "Provides-Extra: cluster" in metadata
    assert "Requires-Dist: django~=5.2.0" in metadata.replace("Django", "django")
