"""Queues, the workers that serve them, and what /healthz says of all parts."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from kb.celery import app, greet_worker
from kb.management.commands.up import Command
from kb.site import health, heartbeat
from kb.site.scheduler import Scheduler
from kb.tasks import prove_the_queue

NOWHERE = {
    "default": {
        "BACKEND": "kb.site.cache.PatientCache",
        "LOCATION": "unix:///nowhere/socket?db=1",
    }
}


def queues_served() -> list[str]:
    """The queues of each worker that `up` starts."""
    commands = [child.command for child in Command()._children("127.0.0.1", 8000, 1)]
    return [command[command.index("--queues") + 1] for command in commands if "worker" in command]


def worker_of(queues: list[str], sent: list[str] | None = None) -> SimpleNamespace:
    """As much of a Celery worker as the site looks at; tasks it sends go to `sent`."""
    served = SimpleNamespace(consume_from=dict.fromkeys(queues))
    amqp = SimpleNamespace(queues=served)
    send = [].append if sent is None else sent.append
    timer = SimpleNamespace(call_repeatedly=lambda seconds, call: SimpleNamespace(cancel=list))
    return SimpleNamespace(app=SimpleNamespace(amqp=amqp, send_task=send), timer=timer, steps=[])


def give_old(name: str, seconds: float) -> None:
    """A sign of life that is so old."""
    cache.set(f"heartbeat:{name}", {"at": time.time() - seconds, "host": "here", "pid": 1})


@pytest.fixture
def old_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the cache has been up for an hour."""
    monkeypatch.setattr("kb.site.cache.PatientClient.uptime", lambda client: 3600.0)


def test_each_queue_has_one_worker_and_no_worker_serves_two() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}

    assert sorted(queues_served()) == sorted(routed | {app.conf.task_default_queue})


def test_exactly_one_process_is_the_scheduler() -> None:
    commands = [child.command for child in Command()._children("127.0.0.1", 8000, 1)]

    assert [("beat" in command, "--beat" in command) for command in commands].count(
        (True, False)
    ) == 1
    assert not any("--beat" in command for command in commands)


def test_what_is_short_never_waits_behind_a_run() -> None:
    def queue_of(task: str) -> str:
        return app.amqp.router.route({}, task)["queue"].name

    assert queue_of("reproductions.tasks.perform_run") == "reproductions"
    short = ["papers.ingest.ingest_document", "papers.ingest.sweep_documents"]
    short += ["reproductions.tasks.sweep_runs", "kb.tasks.prove_the_queue"]
    assert {queue_of(task) for task in short} == {"celery"}


def test_work_on_papers_keeps_its_order_and_comes_after_what_is_short() -> None:
    def priority_of(task: str) -> int:
        return int(app.amqp.router.route({}, task).get("priority", 0))  # 0 goes first in Redis

    beat = [str(entry["task"]) for entry in app.conf.beat_schedule.values()]
    work = ["papers.ingest.ingest_document", "papers.ingest.check_waiting"]
    assert {priority_of(one) for one in work} == {6}
    assert {priority_of(one) for one in beat if not one.startswith("papers.ingest.")} == {0}


@pytest.mark.parametrize(
    ("queues", "names"),
    [
        (["celery"], ["worker"]),
        (["reproductions"], ["reproductions"]),
        (["celery", "reproductions"], ["reproductions", "worker"]),
        (["somebody's own"], []),
    ],
)
def test_a_worker_gives_a_sign_for_each_queue_that_it_serves(
    queues: list[str], names: list[str]
) -> None:
    worker = worker_of(queues)

    heartbeat.Heartbeat(worker).start(worker)

    seen = [name for name in ("reproductions", "worker") if heartbeat.age(name) is not None]
    assert seen == names


def test_a_task_that_went_through_the_queue_proves_it() -> None:
    prove_the_queue()

    assert heartbeat.age("queue") is not None


def test_the_scheduler_gives_no_sign_while_it_cannot_send(monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler = Scheduler.__new__(Scheduler)
    scheduler._store = {"entries": {}}
    monkeypatch.setattr("celery.beat.PersistentScheduler.tick", lambda *args, **kwargs: 1.0)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("channel disconnected")

    monkeypatch.setattr("celery.beat.PersistentScheduler.apply_async", refuse)
    with pytest.raises(ConnectionError):
        scheduler.apply_async("an entry")
    scheduler.tick()
    after_a_failure = heartbeat.age("scheduler")
    monkeypatch.setattr("celery.beat.PersistentScheduler.apply_async", lambda *args: "sent")
    scheduler.apply_async("an entry")
    scheduler.tick()

    assert after_a_failure is None
    assert heartbeat.age("scheduler") is not None


@pytest.mark.django_db
@pytest.mark.usefixtures("old_server")
def test_healthz_tells_a_silent_reproduction_worker_from_the_other(client: Client) -> None:
    heartbeat.give("scheduler")
    heartbeat.give("worker")
    give_old("reproductions", 300)

    answer = client.get("/healthz")

    parts = answer.json()["parts"]
    assert answer.status_code == 200
    assert (parts["worker"]["state"], parts["reproductions"]["state"]) == ("ok", "silent")
    assert answer.json()["state"] == "degraded"


@pytest.mark.django_db
@pytest.mark.usefixtures("old_server")
@pytest.mark.parametrize("last", [None, 90])
def test_the_site_is_not_well_while_the_scheduler_is_silent(
    client: Client, last: float | None
) -> None:
    if last is not None:
        give_old("scheduler", last)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["state"]) == (503, "down")
    assert answer.json()["parts"]["scheduler"]["state"] == "silent"
    assert client.get("/healthz?part=database").status_code == 200


@pytest.mark.django_db
def test_parts_may_be_late_while_the_broker_is_young(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.site.cache.PatientClient.uptime", lambda client: 2.0)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["parts"]["scheduler"]["state"] == "starting"


@pytest.mark.django_db
def test_healthz_without_the_broker(client: Client, settings: Any) -> None:
    settings.CACHES = NOWHERE

    answer = client.get("/healthz")

    parts = answer.json()["parts"]
    assert answer.status_code == 503
    assert (parts["broker"]["state"], parts["scheduler"]["state"]) == ("failed", "unknown")
    assert parts["database"]["state"] == "ok"


def test_healthz_of_a_part_that_there_is_not(client: Client) -> None:
    assert client.get("/healthz?part=kitchen").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("part", list(health.CHECKS))
def test_each_part_can_be_asked_alone(client: Client, part: str) -> None:
    assert list(client.get(f"/healthz?part={part}").json()["parts"]) == [part]


@pytest.mark.django_db
def test_healthz_answers_by_address_where_pages_answer_by_name_only(
    client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["survey.example"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

    assert client.get("/healthz?part=database", headers={"host": "10.1.2.3"}).status_code == 200
    assert client.get("/about/", headers={"host": "10.1.2.3"}, secure=True).status_code == 400


def test_a_worker_that_reads_papers_loads_the_encoder_before_the_first_comes() -> None:
    sent: list[str] = []

    greet_worker(worker_of(["reproductions"], sent))
    assert sent == []
    greet_worker(worker_of(["celery"], sent))
    assert sent == ["papers.ingest.warm_up"]


def test_a_scheduler_whose_clock_was_set_back_goes_on_sending(tmp_path: Path) -> None:
    app = Celery("clock", broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {"often": {"task": "nothing", "schedule": 15.0}}
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    sent: list[str] = []
    scheduler.apply_async = lambda entry, *args, **more: sent.append(entry.name)
    entry = scheduler.schedule["often"]
    entry.last_run_at = entry.default_now() + timedelta(days=1)

    waits = scheduler.tick()
    entry.last_run_at -= timedelta(seconds=16)
    scheduler._heap = None
    scheduler.tick()

    assert waits <= 15
    assert "often" in sent
    scheduler.close()


def test_a_part_that_died_before_the_clock_was_set_back_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heartbeat.give("worker")
    since_boot, now = time.monotonic(), time.time()
    monkeypatch.setattr("time.monotonic", lambda: since_boot + 90)
    monkeypatch.setattr("time.time", lambda: now - 86_400)

    assert heartbeat.age("worker") == pytest.approx(90, abs=5)
