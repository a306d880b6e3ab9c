"""What processes hold, counted from outside."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

import psutil


def memory_of(processes: Iterable[psutil.Process]) -> int:
    """Bytes that these processes hold: resident pages, and files in memory that have no name.

    The pages of such a file count even while no process has them mapped, and are counted once.
    """
    resident, unnamed = 0, {}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            resident += process.memory_info().rss
            unnamed.update(_unnamed_files(process.pid))
    return resident + sum(unnamed.values())


def _unnamed_files(pid: int) -> dict[tuple[int, int], int]:
    """Size in bytes of each memfd that a process holds open, by device and inode."""
    sizes = {}
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(handle.readlink()).startswith("/memfd:"):
                    status = handle.stat()
                    sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sizes


def bytes_below(folder: Path) -> int:
    """Bytes on disk of all files in a folder."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(place, name).lstat().st_blocks * 512
    return total
