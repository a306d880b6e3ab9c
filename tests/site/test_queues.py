"""Queues, the workers that serve them, and what /healthz says of both."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kb.celery import app, greet_worker
from kb.management.commands.up import Command
from kb.models import SignOfLife
from kb.site.heartbeat import SignOfWork


def queues_served() -> list[str]:
    """The queues of each worker that `up` starts."""
    commands = [child.command for child in Command()._children("127.0.0.1", 8000, 1)]
    return [command[command.index("--queues") + 1] for command in commands if "celery" in command]


def worker_of(queues: list[str], sent: list[str] | None = None) -> SimpleNamespace:
    """As much of a Celery worker as the site looks at; tasks it sends go to `sent`."""
    served = SimpleNamespace(consume_from=dict.fromkeys(queues))
    amqp = SimpleNamespace(queues=served)
    send = [].append if sent is None else sent.append
    return SimpleNamespace(app=SimpleNamespace(amqp=amqp, send_task=send), steps=[])


def test_each_queue_has_one_worker_and_no_worker_serves_two() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}

    assert sorted(queues_served()) == sorted(routed | {app.conf.task_default_queue})


def test_what_is_short_never_waits_behind_a_run() -> None:
    def queue_of(task: str) -> str:
        return app.amqp.router.route({}, task)["queue"].name

    assert queue_of("reproductions.tasks.perform_run") == "reproductions"
    short = ["papers.ingest.ingest_document", "papers.ingest.sweep_documents"]
    short += ["reproductions.tasks.sweep_runs", "kb.tasks.prove_the_queue"]
    assert {queue_of(task) for task in short} == {"celery"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("queues", "signs"),
    [
        (["celery"], ["worker"]),
        (["reproductions"], ["reproductions"]),
        (["celery", "reproductions"], ["reproductions", "worker"]),
        (["somebody's own"], []),
    ],
)
def test_a_worker_gives_a_sign_for_each_queue_that_it_serves(
    queues: list[str], signs: list[str]
) -> None:
    worker = worker_of(queues)
    step = SignOfWork(worker)
    step.names = step.names_of(worker)

    step.write_signs()

    assert sorted(SignOfLife.objects.values_list("name", flat=True)) == signs


@pytest.mark.django_db
def test_healthz_tells_a_silent_reproduction_worker_from_the_other(client: Client) -> None:
    now = timezone.now()
    SignOfLife.objects.create(name="worker", at=now)
    SignOfLife.objects.create(name="reproductions", at=now - timedelta(minutes=5))

    answer = client.get("/healthz")

    parts = answer.json()["parts"]
    assert answer.status_code == 200
    assert (parts["worker"]["state"], parts["reproductions"]["state"]) == ("ok", "silent")


def test_a_worker_that_reads_papers_loads_the_encoder_before_the_first_comes() -> None:
    sent: list[str] = []

    greet_worker(worker_of(["reproductions"], sent))
    assert sent == []
    greet_worker(worker_of(["celery"], sent))
    assert sent == ["papers.ingest.warm_up"]
