"""A real site, started with `manage.py up`, whose processes can be killed one by one."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.upload_to_search import Paper, make_paper, send, sign_up

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600.0
COMMANDS: dict[str, tuple[str, ...]] = {
    "web server": ("gunicorn",),
    "worker": ("celery", "worker", "celery@%h"),
    "reproduction worker": ("celery", "worker", "reproductions@%h"),
    "scheduler": ("celery", "beat"),
    "Valkey": ("valkey-server",),
}
INSIDE = {"process of the web server": "web server", "process of the worker": "worker"}
ROLES = (*COMMANDS, *INSIDE, "PostgreSQL", "process of PostgreSQL")
SIGNS = ("scheduler", "queue", "worker", "reproductions")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lives(process: psutil.Process) -> bool:
    """Whether it is neither gone nor waiting for its burial."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def command_of(process: psutil.Process) -> str:
    """Its command line; "" if it has ended meanwhile."""
    with contextlib.suppress(psutil.NoSuchProcess):  # a zombie is one, too
        return " ".join(process.cmdline())
    return ""


def wait_until(holds: Callable[[], bool], what: str, pause: float = 0.2) -> None:
    """Ask until it holds. Raises TimeoutError after PATIENCE_SECONDS."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(pause)


@dataclass
class StartedSite:
    """`manage.py up` in a data folder; what it says goes to `log`."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"

    def start(self) -> None:
        """Start it, and wait until it is ready. Raises RuntimeError with what it said instead."""
        forgotten = ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "KB_STATIC", "PORT", "HOST")
        kept = {name: value for name, value in os.environ.items() if name not in forgotten}
        more = {"KB_DATA_DIR": str(self.folder), "PORT": str(self.port), **self.environment}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=kept | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: "Ready after" in self.said() or self._has_ended(), "the site is up")
        if self._has_ended():
            raise RuntimeError(self.said())

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def said(self, since: int = 0) -> str:
        """What `up` and its children said, from a byte of the log on."""
        return self.log.read_bytes()[since:].decode("utf-8", "replace")

    def mark(self) -> int:
        return self.log.stat().st_size

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end, and wait; returns its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def members(self) -> list[psutil.Process]:
        """Everything that runs for the site: `up`, what it started, and PostgreSQL."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess, OSError, IndexError):
            top = psutil.Process(self.process.pid)
            database = self._postmaster()
            return [top, *top.children(recursive=True), database, *database.children()]
        return []

    def process_of(self, role: str) -> psutil.Process:
        """The process in a role now. Raises LookupError when there is none."""
        if self.process is None:
            raise LookupError(role)
        with contextlib.suppress(psutil.NoSuchProcess, OSError, IndexError):
            if role == "PostgreSQL":
                return self._postmaster()
            if role == "process of PostgreSQL":
                return self._backend()
            if role in INSIDE:
                return self.process_of(INSIDE[role]).children()[0]
            for child in psutil.Process(self.process.pid).children():
                line = command_of(child)
                if all(word in line for word in COMMANDS[role]):
                    return child
        raise LookupError(role)

    def _postmaster(self) -> psutil.Process:
        pid = int((self.folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        return psutil.Process(pid)

    def _backend(self) -> psutil.Process:
        """A process of PostgreSQL that serves a connection of ours."""
        for child in self._postmaster().children():
            if "postgres: postgres" in command_of(child):
                return child
        raise LookupError("no connection is open")

    def parts(self) -> dict[str, dict[str, object]]:
        """What /healthz says; nothing while it does not answer, or says that all is not well."""
        with contextlib.suppress(httpx.HTTPError, ValueError):
            answer = httpx.get(f"{self.url}/healthz", timeout=5)
            if answer.status_code == 200:
                parts: dict[str, dict[str, object]] = answer.json()["parts"]
                return parts
        return {}

    def is_well_since(self, moment: float) -> bool:
        """Whether all is well, and every part that gives signs has given one after `moment`
        (time.time()): a message went from the scheduler through the queue to the worker."""
        parts = self.parts()
        if not parts or any(
            parts[name]["state"] != "ok" for name in (*SIGNS, "database", "broker")
        ):
            return False
        now = time.time()
        return all(now - float(str(parts[name]["age_seconds"])) > moment for name in SIGNS)

    def silent_since(self, moment: float) -> list[str]:
        """Parts that have given no sign after `moment` (time.time())."""
        parts, now = self.parts(), time.time()
        ages = {name: parts[name].get("age_seconds") for name in SIGNS if parts}
        return [
            name for name, age in ages.items() if age is None or now - float(str(age)) <= moment
        ]

    def serves_pages(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/about/", timeout=5).status_code == 200
        return False


@dataclass
class Sender:
    """A member who sends PDFs whatever happens, and looks later what became of them."""

    site: StartedSite
    chance: random.Random = field(default_factory=random.Random)
    papers: list[Paper] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = httpx.Client(base_url=self.site.url, timeout=30, follow_redirects=True)
        sign_up(self.browser, f"sender{self.chance.randrange(10**9)}")

    def send(self) -> Paper:
        """Send a new PDF, again and again until the site has taken it."""
        paper = make_paper(self.chance)
        wait_until(lambda: self._is_taken(paper), f"{paper.title} is taken")
        self.papers.append(paper)
        return paper

    def _is_taken(self, paper: Paper) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            send(self.browser, paper)
            return True
        return False

    def states(self) -> dict[str, str]:
        """Where each work stands that was read from what was sent, by its title: it waits."""
        return {row["title"]: row["state"] for row in self._works()}

    def _works(self) -> Iterator[dict[str, Any]]:
        address = "/api/v1/waiting/?per_page=100"
        while address:
            try:
                answer = self.browser.get(address)
            except httpx.TransportError:  # a connection to a process that was killed
                return
            if answer.status_code == 503:  # the database is being started again
                return
            body = answer.raise_for_status().json()
            yield from body["results"]
            address = body.get("next") or ""

    def lost(self) -> list[str]:
        """Titles of papers that were taken and are not there."""
        states = self.states()
        return [paper.title for paper in self.papers if paper.title not in states]
