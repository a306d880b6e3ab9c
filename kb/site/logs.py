"""Logs that servers of this machine write for years: none grows for ever."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

# A log longer than this is set aside; the one that was set aside before goes.
LONGEST_BYTES = 16 * 2**20
LOOK_EVERY_SECONDS = 60.0


def keep_short(log: Path) -> None:
    """Set a long log aside as `<name>.1`. Its server goes on writing to the same file, at its new
    end: it appends."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LONGEST_BYTES:
            shutil.copyfile(log, log.with_name(f"{log.name}.1"))
            os.truncate(log, 0)


class LogKeeper:
    """Looks at some logs now and then."""

    def __init__(self, *logs: Path) -> None:
        self.logs = logs
        self._look_at = 0.0

    def look(self) -> None:
        """To be called often."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + LOOK_EVERY_SECONDS
        for log in self.logs:
            keep_short(log)
