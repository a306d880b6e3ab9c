"""Many at once, cancelling in flight, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection, connections
from django.utils import timezone

from reproductions.models import Run
from reproductions.runs import confined, perform, recovery
from reproductions.runs import start as running
from reproductions.runs.start import start_run

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


def until(condition, seconds=600):
    """Wait for something another process does; fails the test if it never comes."""
    for _ in range(seconds * 20):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never happened")


def worker(run):
    """A real process that performs one run, as a Celery worker would."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.reproductions_site.worker_settings",
        "TEST_DATABASE_NAME": connection.settings_dict["NAME"],
    }
    act = f"import django; django.setup(); from reproductions.runs import perform; perform.perform({run})"
    return subprocess.Popen([sys.executable, "-c", act], cwd=ROOT, env=env)


def asleep(run):
    return run.lines.filter(text="asleep").exists()


def test_fifty_starts_at_once_give_one_run(counted, sent):
    answers, barrier = [], threading.Barrier(50)

    def start():
        barrier.wait()
        try:
            answers.append(start_run(program="counting", scale="exact"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert {run.pk for run, _ in answers} == {Run.objects.get().pk}
    assert sum(new for _, new in answers) == 1
    assert sent == [Run.objects.get().pk]


def test_only_one_of_many_workers_gets_a_run(counted):
    run, _ = start_run(program="counting", scale="exact")
    taken, barrier = [], threading.Barrier(10)

    def take():
        barrier.wait()
        try:
            taken.append(perform.lease(run.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([one for one in taken if one]) == 1


def test_a_running_run_is_cancelled_with_everything_it_started(counted, operator):
    run, _ = start_run(program="sleeping", scale="smoke", by=operator)
    process = worker(run.pk)
    try:
        until(lambda: asleep(run))
        tree = psutil.Process(process.pid).children(recursive=True)
        running.cancel_run(run=run, by=operator)
        process.wait(300)
    finally:
        process.kill()

    run.refresh_from_db()
    assert (run.state, run.exit_cause, run.cancelled_by) == ("cancelled", "on request", operator)
    assert len(tree) >= 3
    assert not any(one.is_running() and one.status() != "zombie" for one in tree)


def test_a_killed_worker_leaves_a_lost_run_one_repetition_and_no_process(counted, sent):
    run, _ = start_run(program="sleeping", scale="smoke")
    process = worker(run.pk)
    until(lambda: asleep(run))
    tree = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(300)

    assert len(tree) >= 3
    until(lambda: not any(one.is_running() and one.status() != "zombie" for one in tree))
    assert recovery.sweep()["lost"] == 0  # the lease still holds
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recovery.sweep()["lost"] == 1

    run.refresh_from_db()
    again = Run.objects.get(state="queued")
    assert run.state == "lost" and run.exit_cause.startswith("its worker was not heard of")
    assert (again.again_of, again.attempt, again.program) == (run, 2, "sleeping")
    assert sent == [run.pk, again.pk]
    assert run.lines.last().text == "The worker was lost."


def test_what_a_killed_worker_left_is_done_by_the_next_one_and_nothing_stays_active(
    counted, operator
):
    run, _ = start_run(program="sleeping", scale="smoke", by=operator)
    first = worker(run.pk)
    until(lambda: asleep(run))
    os.kill(first.pid, signal.SIGKILL)
    first.wait(300)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    recovery.sweep()
    again = Run.objects.get(state="queued")

    second = worker(again.pk)
    try:
        until(lambda: asleep(again))
        running.cancel_run(run=again, by=operator)
        second.wait(300)
    finally:
        second.kill()

    states = dict(Run.objects.values_list("pk", "state"))
    assert states == {run.pk: "lost", again.pk: "cancelled"}
    assert not Run.objects.active().exists()
    assert recovery.sweep() == {"lost": 0, "sent again": 0}
    assert start_run(program="sleeping", scale="smoke", by=operator)[1]


def test_a_run_that_is_lost_twice_is_not_queued_a_third_time(counted):
    start_run(program="sleeping", scale="smoke")
    for _ in range(2):
        waiting = Run.objects.get(state="queued")
        assert perform.lease(waiting.pk)
        Run.objects.filter(pk=waiting.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        recovery.sweep()

    assert [(r.attempt, r.state) for r in Run.objects.order_by("pk")] == [(1, "lost"), (2, "lost")]


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(counted, monkeypatch):
    run, _ = start_run(program="counting", scale="exact")
    real = confined.run_confined

    def slow(*args, **options):
        ended = real(*args, **options)
        Run.objects.filter(pk=run.pk).update(state="lost")
        return ended

    monkeypatch.setattr(confined, "run_confined", slow)

    assert perform.perform(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.judgements.count()) == ("lost", 0)
