"""One process that looks after the others: database, web server, worker.

Children die with their supervisor (even when it is killed), are started again when they fall
over, and are stopped in order on Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from kb.site.local import LocalProblem

STOP_SECONDS = 15.0
RESTART_SECONDS = 2.0
TOO_MANY_RESTARTS = 5
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """In the child: a session of its own, and SIGTERM when the supervisor is gone."""
    os.setsid()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """A process that should be running."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )

    def signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def kill_group(self) -> None:
        """End the child and whatever it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts children, keeps them running, stops them."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = False

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self) -> None:
        for child in self.children:
            child.start()

    def watch(self, seconds: float | None = None) -> None:
        """Start fallen children again until a signal arrives, or for `seconds`."""
        end = time.monotonic() + seconds if seconds is not None else None
        while not self.stopping and (end is None or time.monotonic() < end):
            for child in self.children:
                self._look_after(child)
            time.sleep(0.2)

    def _look_after(self, child: Child) -> None:
        code = child.process.poll() if child.process else None
        if child.process is None or code is None or self.stopping:
            return
        lived = time.monotonic() - child.started_at
        child.restarts = 0 if lived > 60 else child.restarts + 1
        if child.restarts > TOO_MANY_RESTARTS:
            self.stopping = True
            raise LocalProblem(
                f"The {child.name} ended {child.restarts} times in a row (exit code {code}). "
                "What it said stands above."
            )
        self.say(f"The {child.name} ended (exit code {code}); starting it again.")
        time.sleep(min(RESTART_SECONDS * max(child.restarts - 1, 0), 10.0))
        child.start()

    def stop(self) -> None:
        """Ask every child to end, last started first; end those that do not."""
        self.stopping = True
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        for child in reversed(self.children):
            if child.process is None:
                continue
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, end - time.monotonic()))
            child.kill_group()


def wait_until_answering(url: str, give_up: Callable[[], bool], seconds: float = 120.0) -> bool:
    """Ask `url` until it answers; False when it never does or `give_up` says so.

    Any HTTP answer counts: in production a plain request may be refused, but it is answered.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and not give_up():
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own address)
                return True
        except urllib.error.HTTPError:
            return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.15)
    return False


def python_module(*arguments: str) -> list[str]:
    """A command line that runs a module with this very interpreter."""
    return [sys.executable, "-m", *arguments]
