"""The repository's history, as far as it is here: commits, and the code that stood in them."""

from __future__ import annotations

import io
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CODE = "reproductions"


class History:
    """Answers about one repository. `whole` is False in a clone that lacks older commits."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.whole = _git(root, "rev-parse", "--is-shallow-repository") == "false"
        self._code: dict[str, dict[str, bytes]] = {}

    @classmethod
    def here(cls, root: Path = ROOT) -> History | None:
        """The history of the working tree; None outside a repository or without Git."""
        try:
            return cls(root)
        except (OSError, subprocess.SubprocessError):
            return None

    def knows(self, commit: str) -> bool:
        """Whether that commit is the present one or among its ancestors."""
        return _succeeds(self.root, "merge-base", "--is-ancestor", commit, "HEAD")

    def code(self, commit: str) -> dict[str, bytes]:
        """Names (below the folder of the programs' app) and contents of the code in a commit."""
        if commit not in self._code:
            packed = _run(self.root, "archive", commit, CODE)
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                self._code[commit] = {
                    member.name.removeprefix(f"{CODE}/"): content.read()
                    for member in archive
                    if (content := archive.extractfile(member)) is not None
                }
        return self._code[commit]


def commit(root: Path = ROOT) -> dict[str, Any]:
    """The present commit, and whether the programs' code differs from it; {} outside a repository.

    A run keeps it, so that its record names the code that really ran.
    """
    try:
        head = _git(root, "rev-parse", "HEAD")
        return {"commit": head, "dirty": bool(_git(root, "status", "--porcelain", "--", CODE))}
    except (OSError, subprocess.SubprocessError):
        return {}


@cache
def lost_commits(folder: Path) -> dict[str, str]:
    """Commits that records name and no history holds any more, each with the reason.

    They stand in `lost_commits.txt` beside the records: a hash, a blank, why it is lost.
    """
    path = folder / "lost_commits.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    named = (line.partition(" ") for line in lines if line.strip() and not line.startswith("#"))
    return {commit: reason.strip() for commit, _, reason in named}


def _succeeds(root: Path, *words: str) -> bool:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, timeout=60)
    return done.returncode == 0


def _run(root: Path, *words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=True, timeout=60)
    return done.stdout


def _git(root: Path, *words: str) -> str:
    return _run(root, *words).decode().strip()
