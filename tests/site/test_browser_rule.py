"""Tests that drive a browser are skipped loudly without one, and never in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_DAY = "tests/community/test_first_day.py"
REVIEWS = "tests/community/test_reviews_in_a_browser.py"


@pytest.fixture
def no_browser(tmp_path: Path) -> str:
    """A PATH with everything that stands on this one, but no Chromium."""
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*"):
            link = tmp_path / program.name
            if program.name != "chromium" and not link.is_symlink():
                link.symlink_to(program)
    assert shutil.which("chromium", path=str(tmp_path)) is None
    return str(tmp_path)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_chromium_browser_tests_are_skipped_by_name(no_browser: str) -> None:
    told = run("-m", "browser", FIRST_DAY, REVIEWS, PATH=no_browser)

    assert told.returncode == 0
    assert "NO CHROMIUM: browser tests skipped" in told.stdout
    assert "passed" not in told.stdout


def test_ci_refuses_to_run_without_chromium(no_browser: str) -> None:
    told = run("tests/browser/test_reading.py", PATH=no_browser, CI="true")

    assert told.returncode == 2
    assert "CI must run the browser tests" in told.stdout
