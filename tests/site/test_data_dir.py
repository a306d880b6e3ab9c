"""The data folder: a secret that survives crashes, and nothing for other users to read."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kb.site.data_dir import kept_secret, make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    first = kept_secret(folder)

    assert kept_secret(folder) == first
    assert len(first) >= 50
    assert mode(folder / "secret_key") == 0o600
    assert mode(folder) == 0o700


@pytest.mark.parametrize("torn", ["", "\n"])
def test_an_empty_secret_is_made_anew(tmp_path: Path, torn: str) -> None:
    (tmp_path / "secret_key").write_text(torn)

    secret = kept_secret(tmp_path)

    assert len(secret) >= 50
    assert kept_secret(tmp_path) == secret


def test_a_crash_while_it_is_written_leaves_no_torn_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kb.site.data_dir.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        kept_secret(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["secret_key.lock"]


def test_processes_that_start_together_have_the_same_secret(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    program = (
        "import sys; from pathlib import Path; from kb.site.data_dir import kept_secret\n"
        "sys.stdin.read(); print(kept_secret(Path(sys.argv[1])))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]

    assert len({process.communicate()[0] for process in running}) == 1


def test_an_open_data_folder_of_ours_is_closed(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    tmp_path.chmod(0o755)

    make_private(tmp_path)

    assert mode(tmp_path) == 0o700


def test_our_group_may_pass_but_not_look_around(tmp_path: Path) -> None:
    make_private(tmp_path, for_group=True)
    passed = mode(tmp_path)
    make_private(tmp_path)

    assert (passed, mode(tmp_path)) == (0o710, 0o710)


@pytest.mark.parametrize("was", [0o1777, 0o755])
def test_a_folder_that_was_somebodys_before_keeps_its_mode(tmp_path: Path, was: int) -> None:
    (tmp_path / "letters.txt").touch()
    tmp_path.chmod(was)

    make_private(tmp_path)

    assert mode(tmp_path) == was
