"""When nothing can be written any more: what is said of it, and to whom."""

from __future__ import annotations

import errno
import shutil

from django.conf import settings

FULL = (errno.ENOSPC, errno.EDQUOT)
NEEDED_BYTES = 64 * 2**20
RETRY_SECONDS = 600
SENTENCE = "The disk of this site is full. Nothing was kept; try again later."
# PostgreSQL's code for the same: disk_full.
_SQLSTATE = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether the error, or what it came from, says that there is no room to write."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if getattr(error, "sqlstate", None) == _SQLSTATE:
            return True
        error = error.__cause__ or error.__context__
    return False


def free_bytes() -> int:
    """Room where the data folder lies."""
    return shutil.disk_usage(settings.KB_DATA_DIR).free
