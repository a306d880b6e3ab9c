"""The supervisor: children end with it, fallen ones come back, problems are told in words."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from kb.site.local import (
    LocalProblem,
    ensure_port_free,
    ensure_writable,
    only_instance,
    was_killed,
)
from kb.site.supervisor import Child, Helper, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
]


def test_a_taken_port_is_explained() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalProblem, match=rf"Port {port} .* taken .* PORT={port + 1}"):
            ensure_port_free("127.0.0.1", port)


def test_a_second_instance_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with (
        only_instance(tmp_path),
        pytest.raises(LocalProblem, match=f"process {os.getpid()}"),
        only_instance(tmp_path),
    ):
        pass
    with only_instance(tmp_path):
        pass


def test_the_port_of_an_instance_that_was_killed_is_waited_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        threading.Timer(0.5, taken.close).start()
        ensure_port_free("127.0.0.1", port, patience=60)


def test_an_instance_that_was_killed_is_told_from_one_that_ended(tmp_path: Path) -> None:
    assert not was_killed(tmp_path)
    with only_instance(tmp_path):
        assert not was_killed(tmp_path)
    assert not was_killed(tmp_path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "up.lock").write_text(str(gone.pid))

    assert was_killed(tmp_path)


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(LocalProblem, match="KB_DATA_DIR"):
        ensure_writable(blocked / "data")


def test_a_full_disk_is_explained(tmp_path: Path) -> None:
    with pytest.raises(LocalProblem, match="MB are free"):
        ensure_writable(tmp_path, needed_megabytes=10**9)


def test_a_fallen_child_is_started_again() -> None:
    said: list[str] = []
    child = Child("sleeper", SLEEP)
    supervisor = Supervisor([child], said.append)
    supervisor.start()
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)

    supervisor.watch(seconds=1.5)

    assert child.process.pid != first
    assert child.process.poll() is None
    assert said == ["The sleeper ended (exit code -9); starting it again."]
    supervisor.stop()


def test_a_child_that_always_falls_ends_the_supervisor_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kb.site.supervisor.RESTART_SECONDS", 0.05)
    supervisor = Supervisor(
        [Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])], lambda text: None
    )
    supervisor.start()
    with pytest.raises(LocalProblem, match="web server ended"):
        supervisor.watch(seconds=600)
    supervisor.stop()


def test_stopping_ends_even_children_that_do_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.site.supervisor.STOP_SECONDS", 0.3)
    children = [Child("polite", SLEEP), Child("stubborn", STUBBORN)]
    supervisor = Supervisor(children, lambda text: None)
    supervisor.start()
    time.sleep(0.5)

    supervisor.stop()

    assert all(child.process and child.process.poll() is not None for child in children)


def test_some_children_are_started_before_the_others() -> None:
    first, second = Child("first", SLEEP), Child("second", SLEEP)
    supervisor = Supervisor([first, second], say=lambda text: None)
    try:
        supervisor.start("first")
        supervisor.watch(seconds=0.1)
        assert first.process is not None
        assert second.process is None
        began = first.process.pid

        supervisor.start()

        assert first.process.pid == began
        assert second.process is not None
    finally:
        supervisor.stop()


def test_children_end_when_their_supervisor_is_killed() -> None:
    program = (
        "import sys, time\n"
        "from kb.site.supervisor import Child, Supervisor\n"
        f"child = Child('sleeper', {SLEEP!r})\n"
        "Supervisor([child], print).start()\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())

    parent.kill()
    parent.wait()

    for _ in range(3000):
        if not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == "zombie":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child outlived its supervisor")


# A worker as Celery's: a process of its own group, a child, and a child in a session of its own.
FAMILY = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    f"near = subprocess.Popen({SLEEP!r})\n"
    f"far = subprocess.Popen({SLEEP!r}, start_new_session=True)\n"
    "open(sys.argv[1], 'w').write(f'{near.pid} {far.pid} ')\n"
    "time.sleep(600)\n",
]


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_killed_child_leaves_nothing_behind(tmp_path: Path) -> None:
    """Run in a process of its own, which becomes the parent of orphans."""
    program = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from kb.site.supervisor import Child, Supervisor\n"
        f"note = Path({str(tmp_path / 'pids')!r})\n"
        f"child = Child('worker', [*{FAMILY!r}, str(note)])\n"
        "supervisor = Supervisor([child], print)\n"
        "supervisor.adopt_orphans()\n"
        "supervisor.start()\n"
        "while not note.exists() or not note.read_text().endswith(' '): time.sleep(0.05)\n"
        "first = note.read_text()\n"
        "note.unlink()\n"
        "os.kill(child.process.pid, signal.SIGKILL)\n"
        "while not note.exists() or not note.read_text().endswith(' '):\n"
        "    supervisor.watch(seconds=0.1)\n"
        "second = note.read_text()\n"
        "print('first', first)\n"
        "print('alive', *[pid for pid in first.split() if os.path.exists(f'/proc/{pid}')])\n"
        "supervisor.stop()\n"
        "print('after', *[pid for pid in second.split() if os.path.exists(f'/proc/{pid}')])\n"
    )
    lines = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert lines[0] == "The worker ended (exit code -9); starting it again."
    assert len(lines[1].split()) == 3
    assert lines[2:] == ["alive", "after"]


def _wait(helper: Helper) -> int:
    while (code := helper.result()) is None:
        time.sleep(0.01)
    return code


def test_a_helper_works_beside_and_tells_how_it_ended_once() -> None:
    helper = Helper([sys.executable, "-c", "import os; raise SystemExit(os.nice(0))"])
    assert helper.result() is None

    helper.start()
    assert helper.is_at_work
    code = _wait(helper)

    assert code > os.nice(0)  # it gives way to the children
    assert helper.result() is None
    assert not helper.is_at_work


def test_a_helper_is_no_orphan_and_ends_with_the_children() -> None:
    """Run in a process of its own: whatever else were its child would end as an orphan."""
    program = (
        "import psutil\n"
        "from kb.site.supervisor import Child, Helper, Supervisor\n"
        f"helper, child = Helper({SLEEP!r}), Child('sleeper', {SLEEP!r})\n"
        "supervisor = Supervisor([child], print, helpers=[helper])\n"
        "supervisor.adopt_orphans()\n"
        "helper.start()\n"
        "supervisor.start()\n"
        "seen = psutil.Process(helper.process.pid)\n"
        "supervisor._end_orphans()\n"
        "print('before', seen.is_running(), helper.is_at_work)\n"
        "supervisor.stop()\n"
        "print('after', seen.is_running(), helper.is_at_work)\n"
    )
    lines = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert lines == ["before True True", "after False False"]


def test_a_child_that_falls_silent_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.site.supervisor.SILENT_SECONDS", 0.2)
    monkeypatch.setattr("kb.site.supervisor.BOOT_SECONDS", 1.0)
    monkeypatch.setattr("kb.site.supervisor.ASK_SECONDS", 0.0)
    said: list[str] = []
    began = time.monotonic()
    silences: dict[str, Callable[[], float | None]] = {
        "never seen": lambda: time.monotonic() - began + 100,
        "seen once": lambda: time.monotonic() - began - 0.1,
        "well": lambda: 0.1,
        "in the dark": lambda: None,
    }
    children = [Child(name, SLEEP, silence=silence) for name, silence in silences.items()]
    supervisor = Supervisor(children, said.append)
    supervisor.start()
    pids = [child.process.pid for child in children if child.process]

    while len(said) < 2:
        supervisor.watch(seconds=0.1)

    assert set(said[:2]) == {
        "The seen once gives no sign any more; starting it again.",
        "The never seen gives no sign any more; starting it again.",
    }
    assert [lives(pid) for pid in pids] == [False, False, True, True]
    supervisor.stop()


class FallingDatabase:
    """Falls once; starting it again fails at first."""

    def __init__(self) -> None:
        self.running = False
        self.problems = [LocalProblem("The disk is full.")]

    def is_running(self) -> bool:
        return self.running

    def start_again(self, say: Any, give_up: Any) -> None:
        if self.problems:
            raise self.problems.pop()
        self.running = True


def test_a_database_that_fell_is_started_again_and_failures_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kb.site.supervisor.LONGEST_PAUSE_SECONDS", 0.0)
    said: list[str] = []
    database = FallingDatabase()
    supervisor = Supervisor([], said.append, database)

    while not database.running:
        supervisor.watch(seconds=0.1)

    assert said[:2] == [
        "PostgreSQL ended; starting it again.",
        "The disk is full. Trying again in 0 s.",
    ]
    assert said[-1].startswith("PostgreSQL runs again, after")


def test_who_serves_others_is_stopped_last(tmp_path: Path) -> None:
    note = tmp_path / "order"
    program = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(float(sys.argv[2]))\n"
        "    open(sys.argv[3], 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )

    def child(name: str, pause: str, **more: Any) -> Child:
        ready = tmp_path / f"{name}.ready"
        run = program.replace("print('ready', flush=True)", f"open({str(ready)!r}, 'w').close()")
        command = [sys.executable, "-c", run, name, pause, str(note)]
        return Child(name, command, is_ready=ready.exists, **more)

    supervisor = Supervisor(
        [child("broker", "0", serves_others=True), child("worker", "0.5")], lambda text: None
    )
    supervisor.start()
    supervisor.stop()

    assert note.read_text().split() == ["worker", "broker"]


def test_a_child_that_is_never_ready_is_explained() -> None:
    child = Child("Valkey", [sys.executable, "-c", ""], is_ready=lambda: False)

    with pytest.raises(LocalProblem, match="Valkey could not be started"):
        Supervisor([child], lambda text: None).start()
