"""One process that looks after the others: PostgreSQL, Valkey, web server, workers, scheduler.

Children die with their supervisor (even when it is killed), are started again when they fall
over or fall silent, and are stopped in order on Ctrl-C or SIGTERM. What a killed child leaves
behind, children of its own included, is ended before the next one starts.
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Protocol

import psutil

from kb.site.local import LocalProblem
from kb.site.parents import die_with_parent
from kb.site.postgres import Interrupted

STOP_SECONDS = 15.0
READY_SECONDS = 30.0
RESTART_SECONDS = 2.0
TOO_MANY_RESTARTS = 5
# Two missed minutes: signs come every five seconds, and a machine under load may be late.
SILENT_SECONDS = 120.0
# Until the first sign: a worker on a slow machine under load has been seen to need 90 s.
BOOT_SECONDS = 600.0
ASK_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 30.0
PR_SET_CHILD_SUBREAPER = 36
HELPER_NICENESS = 10


class Database(Protocol):
    """A server that is no child of ours, but ours to keep running."""

    def is_running(self) -> bool: ...

    def start_again(self, say: Callable[[str], None], give_up: Callable[[], bool]) -> None: ...


def _die_with_parent(number: int) -> None:
    """In the child: a session of its own, and this signal when the supervisor is gone."""
    os.setsid()
    die_with_parent(number)


@dataclass
class Child:
    """A process that should be running.

    is_ready: asked before the next child is started.
    silence: seconds since it was last heard of; None when nobody can know.
    serves_others: it is stopped when all others have ended.
    """

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] | None = None
    silence: Callable[[], float | None] | None = None
    serves_others: bool = False
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0
    asked_at: float = 0.0

    def start(self) -> None:
        """Start it, and wait until it is ready. Raises LocalProblem when it never is."""
        self.started_at = self.asked_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            preexec_fn=partial(_die_with_parent, self.orphaned_by),
        )
        while self.is_ready is not None and not self.is_ready():
            if self.has_ended() or time.monotonic() > self.started_at + READY_SECONDS:
                raise LocalProblem(f"The {self.name} could not be started; see above.")
            time.sleep(0.02)

    @property
    def orphaned_by(self) -> signal.Signals:
        """What ends it when the supervisor is killed. A worker that is asked to end waits for its
        task and for its broker, half a minute in which nothing can be started again; so it is
        killed, as by a power cut."""
        return signal.SIGTERM if self.serves_others else signal.SIGKILL

    @property
    def lived_seconds(self) -> float:
        return time.monotonic() - self.started_at

    def has_ended(self) -> bool:
        """Whether it is dead. It stays a zombie until `end`, so that its number stays its own."""
        if self.process is None or self.process.returncode is not None:
            return self.process is not None
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, flags) is not None

    def has_fallen_silent(self) -> bool:
        """Whether it lives, but has given no sign for SILENT_SECONDS, or none since its start, for
        BOOT_SECONDS. Asks now and then."""
        now = time.monotonic()
        if self.silence is None or now < self.asked_at + ASK_SECONDS:
            return False
        self.asked_at = now
        silence, lived = self.silence(), self.lived_seconds
        if silence is None:
            return False
        return silence > SILENT_SECONDS if silence < lived else lived > BOOT_SECONDS

    def signal(self, number: int) -> None:
        if self.process and not self.has_ended():
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def end(self) -> int:
        """End the child and its process group, at once; returns its exit code."""
        if self.process is None:
            return 0
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()


@dataclass
class Helper:
    """A command that works beside the children, to its end, and lets them have the processors."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it is at work."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, preexec_fn=_step_back_and_die_with_parent
            )

    @property
    def is_at_work(self) -> bool:
        return self.process is not None

    def result(self) -> int | None:
        """Its exit code, once, when it has ended; None before that and when it was not started."""
        code = None if self.process is None else self.process.poll()
        if code is not None:
            self.process = None
        return code

    def end(self) -> None:
        """End it at once, with what it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def _step_back_and_die_with_parent() -> None:
    os.nice(HELPER_NICENESS)
    _die_with_parent(signal.SIGKILL)


class Supervisor:
    """Starts children, keeps them and the database running, stops them."""

    def __init__(
        self,
        children: list[Child],
        say: Callable[[str], None],
        database: Database | None = None,
        upkeep: Callable[[], None] = lambda: None,
        helpers: Sequence[Helper] = (),
    ) -> None:
        """upkeep: what else is to be looked after, called with each look at the children.
        helpers: started by whoever it is that needs them; they end with the children."""
        self.children = children
        self.helpers = helpers
        self.say = say
        self.database = database
        self.upkeep = upkeep
        self.stopping = False
        self.adopts_orphans = False
        self._database_pause = 0.0
        self._try_database_at = 0.0

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def adopt_orphans(self) -> None:
        """Become the parent of what dead children leave behind, so that it can be ended. For a
        process that has no other children."""
        with contextlib.suppress(OSError, AttributeError):
            self.adopts_orphans = not ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)

    def start(self, *names: str) -> None:
        """Start those of these names that do not run yet, or all."""
        for child in self.children:
            if self.stopping:
                return
            if child.process is None and (not names or child.name in names):
                child.start()

    def watch(self, seconds: float | None = None) -> None:
        """Start fallen children again until a signal arrives, or for `seconds`."""
        end = time.monotonic() + seconds if seconds is not None else None
        while not self.stopping and (end is None or time.monotonic() < end):
            self._look_after_database()
            for child in self.children:
                self._look_after(child)
            self._bury_orphans()
            self.upkeep()
            time.sleep(0.2)

    def _look_after(self, child: Child) -> None:
        if self.stopping or child.process is None:
            return
        if child.has_ended():
            lived = child.lived_seconds
            code = child.end()
            self._end_orphans()
            child.restarts = 0 if lived > 60 else child.restarts + 1
            if child.restarts > TOO_MANY_RESTARTS:
                self.stopping = True
                raise LocalProblem(
                    f"The {child.name} ended {child.restarts} times in a row (exit code {code}). "
                    "What it said stands above."
                )
            self.say(f"The {child.name} ended (exit code {code}); starting it again.")
            self._pause(min(RESTART_SECONDS * max(child.restarts - 1, 0), 10.0))
        elif child.has_fallen_silent():
            self.say(f"The {child.name} gives no sign any more; starting it again.")
            child.end()
            self._end_orphans()
        else:
            return
        if not self.stopping:
            child.start()

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < end:
            time.sleep(0.05)

    def _look_after_database(self) -> None:
        """Start the database again if it died; if that fails, say why and try again later."""
        if self.database is None or time.monotonic() < self._try_database_at:
            return
        if self.database.is_running():
            self._database_pause = 0.0
            return
        self._end_orphans()
        self.say("PostgreSQL ended; starting it again.")
        began = time.monotonic()
        try:
            self.database.start_again(self.say, lambda: self.stopping)
        except Interrupted:
            return
        except LocalProblem as problem:
            self._database_pause = min(self._database_pause + 5.0, LONGEST_PAUSE_SECONDS)
            self._try_database_at = time.monotonic() + self._database_pause
            self.say(f"{problem} Trying again in {self._database_pause:.0f} s.")
        else:
            self.say(f"PostgreSQL runs again, after {time.monotonic() - began:.1f} s.")

    def _end_orphans(self) -> None:
        """End what dead children left behind. PostgreSQL, which leaves its starter by design, is
        not meant."""
        if not self.adopts_orphans:
            return
        ours = self._pids()
        for process in psutil.Process().children():
            with contextlib.suppress(psutil.Error, OSError):
                if process.pid in ours or process.name() == "postgres":
                    continue
                if os.getpgid(process.pid) == process.pid:
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
                os.waitpid(process.pid, 0)
        self._bury_orphans()

    def _bury_orphans(self) -> None:
        """Read the exit code of adopted processes that have ended, so that they are gone."""
        if not self.adopts_orphans:
            return
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, flags)) and ended.si_pid not in self._pids():
                os.waitpid(ended.si_pid, 0)

    def _pids(self) -> set[int]:
        children = {child.process.pid for child in self.children if child.process}
        return children | {helper.process.pid for helper in self.helpers if helper.process}

    def stop(self) -> None:
        """Ask every child to end, those that serve others last; end those that do not."""
        self.stopping = True
        for helper in self.helpers:
            helper.end()
        for serves_others in (False, True):
            round_ = [child for child in self.children if child.serves_others is serves_others]
            for child in round_:
                child.signal(signal.SIGTERM)
            end = time.monotonic() + STOP_SECONDS
            for child in round_:
                while child.process and not child.has_ended() and time.monotonic() < end:
                    time.sleep(0.02)
                child.end()
        self._end_orphans()


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
