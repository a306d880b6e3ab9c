"""The beat's schedule, which says that it works."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler
from celery.utils.time import maybe_make_aware

from kb.site import heartbeat

CLOCK = timedelta(seconds=5)


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
        self.forget_the_future()
        seconds: float = super().tick(*args, **kwargs)
        if not self.has_failed:
            heartbeat.give("scheduler")
        return seconds

    def forget_the_future(self) -> None:
        """Begin anew what was last sent later than now: the clock was set back, and nothing would
        be sent until it is that late again."""
        for entry in self.schedule.values():
            now = entry.default_now()
            if maybe_make_aware(entry.last_run_at) > maybe_make_aware(now) + CLOCK:
                entry.last_run_at = now
                self._heap = None
