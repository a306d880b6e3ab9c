"""Signs of life: who works in the background says so every few seconds, in the cache."""

from __future__ import annotations

import os
import socket
import time
from functools import cache
from pathlib import Path
from typing import Any

from celery import bootsteps

from kb.site.cache import site_cache

EVERY_SECONDS = 5.0
KEPT_SECONDS = 24 * 3600
# What a worker of each queue is called in the report of kb.site.health.
NAMES = {"celery": "worker", "reproductions": "reproductions"}


def give(name: str) -> None:
    """Note that `name` is alive at this moment. Lost while the cache is away."""
    sign = {
        "at": time.time(),
        "since_boot": time.monotonic(),
        "boot": _boot(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
    }
    site_cache().set(f"heartbeat:{name}", sign, KEPT_SECONDS)


def age(name: str) -> float | None:
    """Seconds since `name` was last heard of, by any machine; None when it never was.

    Of this machine by a clock that nobody can set: a part that died before the time was set back
    would else count as living for as long.
    """
    sign = site_cache().get(f"heartbeat:{name}")
    if sign is None:
        return None
    if _boot() and sign.get("boot") == _boot():
        return max(0.0, time.monotonic() - float(sign["since_boot"]))
    return max(0.0, time.time() - float(sign["at"]))


@cache
def _boot() -> str:
    """Names this start of this machine; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def silence(name: str) -> float | None:
    """Seconds without a sign of `name`, at most since the cache began; None while that is away."""
    uptime = site_cache().client.uptime()
    if uptime is None:
        return None
    since = age(name)
    return uptime if since is None else since


class Heartbeat(bootsteps.StartStopStep):
    """A sign for each queue of NAMES that this worker serves, from the loop that takes messages.

    A worker that has lost its broker, or hangs, gives none.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        self.names = names_of(parent)
        self.give_all()
        self.timer = parent.timer.call_repeatedly(EVERY_SECONDS, self.give_all)

    def stop(self, parent: object) -> None:
        self.timer.cancel()

    def give_all(self) -> None:
        for name in self.names:
            give(name)


def names_of(worker: Any) -> list[str]:
    """The names under which a worker gives signs."""
    return [NAMES[queue] for queue in worker.app.amqp.queues.consume_from if queue in NAMES]
