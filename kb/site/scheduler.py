"""The beat's schedule, which says that it works."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler

from kb.site import heartbeat


class Scheduler(PersistentScheduler):
    """Gives a sign with each look at the schedule, as long as what was due could be sent."""

    max_interval = heartbeat.EVERY_SECONDS
    has_failed = False

    def apply_async(self, *args: Any, **kwargs: Any) -> object:
        self.has_failed = True
        result = super().apply_async(*args, **kwargs)
        self.has_failed = False
        return result

    def tick(self, *args: Any, **kwargs: Any) -> float:
        seconds: float = super().tick(*args, **kwargs)
        if not self.has_failed:
            heartbeat.give("scheduler")
        return seconds
