"""What production refuses to start with."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def start(**environment: str) -> str:
    """The last line of what settings say in production."""
    kept = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    settings = {"KB_PRODUCTION": "1", "ALLOWED_HOSTS": "survey.example", **environment}
    ran = subprocess.run(
        [sys.executable, "-c", "import kb.settings; print('started')"],
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    return (ran.stdout or ran.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize("secret", ["short", "ab" * 40])
def test_a_secret_that_can_be_guessed_is_refused(secret: str) -> None:
    assert "SECRET_KEY can be guessed" in start(SECRET_KEY=secret)


def test_a_secret_is_needed() -> None:
    assert "needs SECRET_KEY" in start()


def test_a_good_secret_will_do() -> None:
    assert (
        start(SECRET_KEY="0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        == "started"
    )
