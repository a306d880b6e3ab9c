"""Processes that end with the one that started them, even when that is killed."""

from __future__ import annotations

import contextlib
import ctypes

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> None:
    """Have the kernel send this process a signal when its parent (the thread that made it) ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
