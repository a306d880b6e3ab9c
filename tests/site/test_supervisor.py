"""The supervisor: children end with it, fallen ones come back, problems are told in words."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kb.site.local import LocalProblem, ensure_port_free, ensure_writable, only_instance
from kb.site.supervisor import Child, Supervisor

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


def test_a_child_that_always_falls_ends_the_supervisor_with_a_reason() -> None:
    supervisor = Supervisor(
        [Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])], lambda text: None
    )
    supervisor.start()
    with pytest.raises(LocalProblem, match="web server ended"):
        supervisor.watch(seconds=60)
    supervisor.stop()


def test_stopping_ends_even_children_that_do_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.site.supervisor.STOP_SECONDS", 0.3)
    children = [Child("polite", SLEEP), Child("stubborn", STUBBORN)]
    supervisor = Supervisor(children, lambda text: None)
    supervisor.start()
    time.sleep(0.5)

    supervisor.stop()

    assert all(child.process and child.process.poll() is not None for child in children)


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

    for _ in range(100):
        if not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == "zombie":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child outlived its supervisor")
