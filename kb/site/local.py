"""What this machine must offer before anything starts: a folder, room in it, a port, no twin."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kb.site.data_dir import make_private

NEEDED_MEGABYTES = 500
LEFT_BEHIND_SECONDS = 15.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class LocalProblem(Exception):
    """Something about this machine that its user can put right; the text says how."""


def ensure_writable(folder: Path, needed_megabytes: int = NEEDED_MEGABYTES) -> None:
    """Make `folder` and prove that it can be written and has room.

    Raises LocalProblem with a sentence for the user.
    """
    try:
        make_private(folder)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass
    except OSError as error:
        raise LocalProblem(
            f"The data folder {folder} cannot be written ({error.strerror}). "
            "Choose another with KB_DATA_DIR=/path/to/folder."
        ) from error
    free = shutil.disk_usage(folder).free // 2**20
    if free < needed_megabytes:
        raise LocalProblem(
            f"Only {free} MB are free where the data folder {folder} lies; at least "
            f"{needed_megabytes} MB are needed. Free some space or choose another folder "
            "with KB_DATA_DIR=/path/to/folder."
        )


def ensure_behind_proxy(host: str) -> None:
    """Raises LocalProblem for an address of this machine that others reach without a proxy.

    The web server waits for slow bodies as long as they like; a proxy reads requests first.
    """
    if host in LOOPBACK or os.environ.get("KB_BEHIND_PROXY") == "1":
        return
    raise LocalProblem(
        f"HOST={host} can be reached by others, and some dozen slow uploads would stop the "
        "site. Leave HOST alone and put a proxy before it, or set KB_BEHIND_PROXY=1 when one "
        "stands there; docs/operations.md gives its settings."
    )


def was_killed(folder: Path) -> bool:
    """Whether the last `up` in this folder could not end in order, and is gone."""
    try:
        pid = int((folder / "up.lock").read_text())
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        pass
    return False


def ensure_port_free(host: str, port: int, patience: float = 0.0) -> None:
    """Raises LocalProblem when something listens on `port` already, and still does after `patience`
    seconds: processes of an `up` that was killed need a moment to end."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(LocalProblem):
            _ensure_port_free(host, port)
            return
        time.sleep(0.1)
    _ensure_port_free(host, port)


def _ensure_port_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise LocalProblem(
                f"Port {port} needs special rights. Choose one above 1023: PORT=8000."
            ) from error
        except OSError as error:
            raise LocalProblem(
                f"Port {port} on {host} is taken ({error.strerror}). Stop what uses it, or choose "
                f"another port: PORT={port + 1} make run"
            ) from error


@contextlib.contextmanager
def only_instance(folder: Path) -> Iterator[None]:
    """Hold the data folder's lock for as long as the block runs.

    Raises LocalProblem when another instance holds it. The lock goes with the process.
    """
    path = folder / "up.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise LocalProblem(
                f"Another instance (process {holder}) already uses the data folder {folder}. "
                "Stop it, or choose another folder with KB_DATA_DIR=/path/to/folder."
            ) from error
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
