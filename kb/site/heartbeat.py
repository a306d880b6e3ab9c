"""A worker's own signs of life, one for each queue it serves, written every few seconds."""

from __future__ import annotations

import os
import socket
import threading
from typing import Any

from celery import bootsteps
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

EVERY_SECONDS = 10.0
# What a worker of each queue is called in the report of kb.site.health.
NAMES = {"celery": "worker", "reproductions": "reproductions"}


class SignOfWork(bootsteps.StartStopStep):
    """Writes a row for each queue of NAMES that this worker serves, while its main loop lives."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.ended = threading.Event()
        self.names: list[str] = []

    def start(self, parent: Any) -> None:
        self.names = self.names_of(parent)
        threading.Thread(target=self._write, name="sign-of-work", daemon=True).start()

    def stop(self, parent: Any) -> None:
        self.ended.set()

    def names_of(self, worker: Any) -> list[str]:
        return [NAMES[queue] for queue in worker.app.amqp.queues.consume_from if queue in NAMES]

    def write_signs(self) -> None:
        """One row for each name, with this moment."""
        from kb.models import SignOfLife

        told = {
            "at": timezone.now(),
            "detail": {"host": socket.gethostname(), "pid": os.getpid()},
        }
        for name in self.names:
            SignOfLife.objects.update_or_create(name=name, defaults=told)

    def _write(self) -> None:
        while not self.ended.is_set():
            try:
                close_old_connections()
                self.write_signs()
            except DatabaseError:
                connections.close_all()
            self.ended.wait(EVERY_SECONDS)
