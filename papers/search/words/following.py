"""Keeping the index level with the database, in the background of every process.

Each process looks about once a second whether a follower on this machine was there lately; if
not, it takes the writer lock and follows itself. So one dies, another goes on. With
KB_SEARCH_FOLLOW = "inline" (for tests) every search follows first, inside its own transaction.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from django.conf import settings
from django.db import connection

from papers.search.words import changes, index
from papers.search.words.index import build_beside, catch_up, has_drifted, seconds_behind

log = logging.getLogger(__name__)

PERIOD_SECONDS = 0.8
TIDY_SECONDS = 900.0

_thread: threading.Thread | None = None
_thread_owner = 0
_starting = threading.Lock()
_stop = threading.Event()


def mode() -> str:
    """ "thread" (default), "inline", or "off"."""
    return getattr(settings, "KB_SEARCH_FOLLOW", "thread")


def start() -> None:
    """Start the follower of this process if it does not run yet. Survives a fork."""
    global _thread, _thread_owner
    if mode() != "thread" or (_thread_owner == os.getpid() and _thread and _thread.is_alive()):
        return
    with _starting:
        if _thread_owner == os.getpid() and _thread and _thread.is_alive():
            return
        _stop.clear()
        _thread = threading.Thread(target=_follow, name="index-follower", daemon=True)
        _thread_owner = os.getpid()
        _thread.start()


def stop() -> None:
    """End the follower of this process."""
    _stop.set()
    if _thread and _thread.is_alive():
        _thread.join(timeout=10)


def step() -> bool:
    """Follow once, unless another process does. Returns whether this one did."""
    if _recent():
        return False
    with index.writer_lock() as mine:
        if not mine or _recent():
            return False
        catch_up()
        return True


def follow_inline() -> None:
    """Follow in the caller's own transaction. Rows of one that was rolled back leave the index."""
    with index.writer_lock(wait=True):
        catch_up()
        if has_drifted(index.current_folder()):
            build_beside()


def level(patience: float = 5.0) -> None:
    """Come level with all that is committed by now; for harvesters, who ask for what changed since
    their last look and must not miss what the index has not seen yet. Raises index.Unusable."""
    began = time.time()
    if mode() == "off":
        return
    if mode() == "inline":
        follow_inline()
        return
    while time.time() < began + patience:
        with index.writer_lock() as mine:
            if mine:
                catch_up()
                return
        behind = seconds_behind(index.current_folder())
        if behind is not None and time.time() - behind >= began:
            return
        time.sleep(0.05)
    raise index.Unusable("the index is behind the database")


def tidy() -> None:
    """Now and then: forget old changes, and make sure that nothing was missed."""
    changes.prune()
    with index.writer_lock() as mine:
        if mine and not catch_up() and has_drifted(index.current_folder()):
            log.warning("The search index had drifted from the database; it was built anew.")
            build_beside()


def _recent() -> bool:
    """Whether somebody on this machine looked for changes a moment ago, and the index is sound."""
    try:
        where = index.current_folder()
        index.check(where)
    except index.Unusable:
        return False
    behind = seconds_behind(where)
    return (
        behind is not None
        and behind < PERIOD_SECONDS * 0.75
        and index.is_filled_by_this_code(where)
    )


def _follow() -> None:
    pause, next_tidy = PERIOD_SECONDS, time.monotonic()
    while not _stop.wait(pause):
        try:
            followed = step()
            if followed and time.monotonic() > next_tidy:
                tidy()
                next_tidy = time.monotonic() + TIDY_SECONDS
            pause = PERIOD_SECONDS
        except Exception as error:
            log.warning("The search index could not be followed: %s", error)
            pause = min(pause * 2, 30.0)
            connection.close()
    connection.close()
