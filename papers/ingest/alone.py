"""One try of one document in a process of its own, so that a death can be blamed on the file.

The worker watches. If the process dies and the worker lives, the file did it. If both are killed
from outside, nobody is left to blame the file. The process does not outlive its worker.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from papers.ingest import leasing
from papers.models import Document
from work import job

log = logging.getLogger(__name__)

LONGEST_SECONDS = 180.0
_ROOT = Path(__file__).resolve().parents[2]
_ASKED_TO_END = (-signal.SIGTERM, -signal.SIGINT)
_PR_SET_PDEATHSIG = 1


def try_alone(document: Document) -> None:
    """Let a process of its own carry a leased document on; note what became of it."""
    try:
        ended = subprocess.run(
            _command(document), cwd=_ROOT, stdin=subprocess.DEVNULL, timeout=LONGEST_SECONDS
        ).returncode
    except subprocess.TimeoutExpired:
        ended = -signal.SIGKILL
    if ended == 0:
        return
    log.warning("document %s, tried alone, ended its process with %s", document.pk, ended)
    if ended < 0 and ended not in _ASKED_TO_END:
        leasing.note_death(document)
    else:  # it was told to end, or could not even start: that says nothing of the file
        job.give_back(document)


def _command(document: Document) -> list[str]:
    call = f"carry_on_alone({document.pk}, {str(document.lease)!r}, watcher={os.getpid()})"
    setup = "import django; django.setup(); from papers.ingest import pipeline"
    return [sys.executable, "-c", f"{setup}; pipeline.{call}"]


def end_with(watcher: int) -> None:
    """Tie this process to its watcher: when that is killed, so is this one."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != watcher:
        os._exit(1)
