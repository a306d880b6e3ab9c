"""The Celery application of the site."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

app = Celery("kb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def _report_life(sender: Celery, **kwargs: object) -> None:
    from kb.site.heartbeat import Heartbeat

    sender.steps["consumer"].add(Heartbeat)


@worker_process_init.connect
def _end_with_worker(**kwargs: object) -> None:
    """A killed worker leaves no process behind that goes on with its task: its job is taken by the
    next worker, and what confined programs it had started end with it."""
    from kb.site.parents import die_with_parent

    die_with_parent(signal.SIGKILL)


@worker_ready.connect
def greet_worker(sender: Any, **kwargs: object) -> None:
    """A worker that will read papers loads the encoder before the first one comes."""
    if "celery" in sender.app.amqp.queues.consume_from:
        sender.app.send_task("papers.ingest.warm_up")
