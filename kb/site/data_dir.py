"""Where this machine keeps what the site writes, for the eyes of the site's user alone."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
MARKS_OF_OURS = ("secret_key", "up.lock", "postgres")


def data_dir() -> Path:
    """The folder named by KB_DATA_DIR, else `data/` beside manage.py."""
    return Path(os.environ.get("KB_DATA_DIR") or BASE_DIR / "data").expanduser().resolve()


def make_private(folder: Path, for_group: bool = False) -> None:
    """Make the data folder, closed to other users of this machine; uploads lie in it.

    for_group: our group may pass through it, but not look around. A folder that was somebody's
    before, or that all may write, keeps its mode. Raises OSError when it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.stat()
    is_ours = any((folder / name).exists() for name in MARKS_OF_OURS) or not any(folder.iterdir())
    if status.st_uid != os.geteuid() or status.st_mode & stat.S_ISVTX or not is_ours:
        return
    if for_group:
        os.chown(folder, -1, os.getegid())
        folder.chmod(0o710)
    elif status.st_mode & 0o067:  # but a group may have been let through before
        folder.chmod(0o700)


def kept_secret(folder: Path) -> str:
    """The secret of this data folder, made when there is none (or an empty one, as after a crash).

    Written beside and renamed, so that it is there whole or not at all; under a lock, so that all
    processes that start together have the same. Raises OSError.
    """
    kept = folder / "secret_key"
    with contextlib.suppress(FileNotFoundError):
        if text := kept.read_text().strip():
            return text
    make_private(folder)
    with (folder / "secret_key.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if text := kept.read_text().strip():
                return text
        text = secrets.token_urlsafe(50)
        _write_whole(kept, text)
        return text


def keep_secret(folder: Path, text: str) -> None:
    """Keep a secret that comes from elsewhere, in the place of this folder's own."""
    make_private(folder)
    _write_whole(folder / "secret_key", text)


def _write_whole(path: Path, text: str) -> None:
    """Write a private file so that a crash at any moment leaves the old one or the new one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
