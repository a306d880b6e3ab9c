"""CONTRIBUTING.md is followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "data", "var", "__pycache__", ".*_cache", ".import_linter_cache"
)
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Block = tuple[str, str, str]


def blocks() -> list[Block]:
    """Language, file ("" for none) and text of every block of the guide."""
    guide = (ROOT / "CONTRIBUTING.md").read_text()
    return [(found[1], found[2] or "", found[3]) for found in _BLOCK.finditer(guide)]


def add_lines(text: str, change: str) -> str:
    """The text with the `+` lines of a change below the line that stands before them."""
    first, *added = change.splitlines()
    anchor = first.removeprefix(" ") + "\n"
    assert text.count("\n" + anchor) == 1, f"{anchor!r} does not stand there once"
    assert all(line.startswith("+") for line in added)
    return text.replace(anchor, anchor + "".join(f"{line[1:]}\n" for line in added))


def follow(folder: Path, block: Block) -> None:
    """Do in the folder what one block says."""
    language, file, text = block
    if not file:
        return
    path = folder / file
    if language == "diff":
        path.write_text(add_lines(path.read_text(), text))
    else:
        assert not path.exists(), f"{file} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(folder: Path, *arguments: str) -> str:
    """What a command printed that ran well in the folder, on the server of these tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=own | {"TEST_DATABASE_URL": os.environ["DATABASE_URL"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which every step of every guide was taken."""
    folder = tmp_path_factory.mktemp("copy") / "survey"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
    (folder / "data").mkdir()
    # Slots and templates are shared, so that the copy's databases are nobody else's.
    (folder / "data" / "test").symlink_to((ROOT / "data" / "test").resolve())
    for block in blocks():
        follow(folder, block)
    return folder


def test_the_tests_that_the_guides_write_pass_in_the_copy(followed: Path) -> None:
    tests = [file for _, file, _ in blocks() if file.startswith("tests/")]

    printed = run(followed, "-m", "pytest", "-q", "-p", "no:xdist", *tests)

    assert len(tests) == 4
    assert "...." in printed


def test_the_commands_that_the_guide_names_exist(followed: Path) -> None:
    shell = "\n".join(text for language, _, text in blocks() if language == "sh")
    targets = set(re.findall(r"^make (\w+)", shell, re.MULTILINE))

    run(followed, "manage.py", "load_field", "--check")
    assert targets <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    paths = re.findall(r"(?:TESTS=|pytest )(\S+)", shell)
    assert paths and all((ROOT / path).exists() for path in paths)
