"""`manage.py up`: everything the site needs, on this machine, in one command."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.site import heartbeat, valkey
from kb.site.data_dir import BASE_DIR, data_dir
from kb.site.local import (
    LEFT_BEHIND_SECONDS,
    LocalProblem,
    ensure_behind_proxy,
    ensure_port_free,
    ensure_writable,
    only_instance,
    was_killed,
)
from kb.site.logs import LogKeeper
from kb.site.postgres import EmbeddedDatabase, embedded_database
from kb.site.prepared import Prepared
from kb.site.static_files import NOT_SERVED, Collected, Keeper
from kb.site.supervisor import (
    Child,
    Helper,
    Supervisor,
    python_module,
    wait_until_answering,
)


class Command(BaseCommand):
    help = "Start database, broker, web server and workers; load, embed, index what is missing."
    requires_system_checks: list[str] = []
    database: EmbeddedDatabase | None = None
    prepare_at = math.inf

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WEB_WORKERS") or 2))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._up(**options)
        except LocalProblem as problem:
            raise CommandError(str(problem)) from None
        except subprocess.CalledProcessError as error:
            step = " ".join(error.cmd[2:])
            raise CommandError(
                f"The step '{step}' failed (exit code {error.returncode}); see above."
            ) from None

    def _up(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        began = time.monotonic()
        folder = data_dir()
        os.umask(0o077)  # what the site writes is nobody else's to read
        ensure_behind_proxy(host)
        ensure_port_free(host, port, LEFT_BEHIND_SECONDS if was_killed(folder) else 0.0)
        ensure_writable(folder)
        # Every early end goes through the same clean-up as a late one.
        signal.signal(signal.SIGTERM, _as_keyboard_interrupt)
        self.prepared = Prepared(folder / "postgres", settings.FIXTURES_DIR)
        self.preparing = Helper([sys.executable, str(MANAGE), *PREPARE])
        self.collecting = Helper([sys.executable, str(MANAGE), *COLLECT])
        self.static = Keeper(Collected(folder), self.collecting, self.say)
        with contextlib.ExitStack() as cleanup:
            cleanup.enter_context(only_instance(folder))
            try:
                cleanup.callback(self.collecting.end)
                self._prepare(cleanup)
                self._serve(cleanup, host, port, workers, began)
            except KeyboardInterrupt:
                self.say("Stopped before the site was up.")

    def _prepare(self, cleanup: contextlib.ExitStack) -> None:
        """Database, static files and what `prepare` does; the last two beside pages, where these
        can be answered meanwhile."""
        if not os.environ.get("DATABASE_URL"):
            self.say("Database server …")
            self.database = embedded_database(say=self.say)
            cleanup.callback(self.database.leave)
            os.environ["DATABASE_URL"] = self.database.url
        os.environ["KB_STATIC"] = "hashed"
        self.is_level = self.database is not None and self.prepared.is_level()
        self.static.begin(TIDY_SECONDS if self.is_level else 0.0)
        if not self.is_level:
            subprocess.run(self.preparing.command, check=True)
            if self.database is not None:
                self.prepared.note()

    def _serve(
        self, cleanup: contextlib.ExitStack, host: str, port: int, workers: int, began: float
    ) -> None:
        children = [*self._broker(), *self._children(host, port, workers)]
        supervisor = Supervisor(
            children, self.say, self.database, self._upkeep(), [self.collecting, self.preparing]
        )
        supervisor.adopt_orphans()
        cleanup.callback(supervisor.stop)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, supervisor.on_signal)
        supervisor.start(*FIRST)
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{port}/"

        def give_up() -> bool:
            supervisor.watch(seconds=0.01)
            return supervisor.stopping

        if wait_until_answering(f"{url}healthz", give_up):
            self.say(f"Ready after {time.monotonic() - began:.1f} s: {url}   (Ctrl-C stops it)")
        elif not supervisor.stopping:
            raise LocalProblem("The web server did not answer within two minutes; see above.")
        supervisor.start()
        if self.is_level:
            self.prepare_at = time.monotonic() + TIDY_SECONDS
        supervisor.watch()
        self.say("Stopping …")

    def _children(self, host: str, port: int, workers: int) -> list[Child]:
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        web = python_module(
            *("gunicorn", "kb.wsgi", "--bind", address, "--workers", str(workers)),
            *("--worker-class", WEB_WORKER, "--threads", "4", "--timeout", "60"),
            *("--config", "python:kb.site.gunicorn", "--log-level", "warning"),
        )
        # Celery warns of root at each start; the data folder is ours alone, and so is the queue.
        quiet = {"PYTHONWARNINGS": "ignore"}
        return [
            Child("web server", web),
            Child("worker", worker_command("celery"), quiet, silence=silence_of("worker")),
            # A run may take hours; it has a worker of its own, so that nothing waits behind it.
            Child(
                "reproduction worker",
                worker_command("reproductions"),
                quiet,
                silence=silence_of("reproductions"),
            ),
            Child("scheduler", SCHEDULER, quiet, silence=silence_of("scheduler")),
        ]

    def _upkeep(self) -> Callable[[], None]:
        """What is looked after besides processes: the static files, and logs that grow."""
        logs = LogKeeper(data_dir() / "postgres" / "log", valkey.log_path(data_dir()))

        def look() -> None:
            logs.look()
            self.static.look()
            if time.monotonic() > self.prepare_at:
                self.prepare_at = math.inf
                self.preparing.start()
            if self.preparing.result():
                self.prepared.forget()
                self.say("`manage.py prepare` failed, see above; the next start does it first.")

        return look

    def _broker(self) -> list[Child]:
        """The embedded Valkey, unless broker and cache are both somewhere else."""
        if os.environ.get("CELERY_BROKER_URL") and os.environ.get("CACHE_URL"):
            return []
        folder = data_dir()
        return [
            Child(
                "Valkey server",
                valkey.server_command(folder),
                is_ready=lambda: valkey.answers(folder),
                serves_others=True,
            )
        ]

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


MANAGE = BASE_DIR / "manage.py"
# What a start may leave for later comes when all that answers has begun.
TIDY_SECONDS = 60.0
PREPARE = ("prepare", "--pages-first")
COLLECT = (
    *("collectstatic", "--noinput", "--verbosity", "0", "--clear"),
    *(f"--ignore={pattern}" for pattern in NOT_SERVED),
)
# Pages come back first; what works behind them would take the processors from them at the start.
FIRST = ("Valkey server", "web server")
WEB_WORKER = "kb.site.patient_worker.PatientWorker"
SCHEDULER = python_module(
    *("celery", "-A", "kb", "--quiet", "beat", "--loglevel", "WARNING", "--pidfile=")
)


def silence_of(name: str) -> Callable[[], float | None]:
    """How long nothing was heard of a part of the site, to be asked again and again."""
    return lambda: heartbeat.silence(name)


def worker_command(queue: str) -> list[str]:
    """The command line of a Celery worker that takes one task at a time from one queue."""
    return python_module(
        *("celery", "-A", "kb", "--quiet", "worker", "--concurrency", "1", "--queues", queue),
        *("--hostname", f"{queue}@%h", "--loglevel", "WARNING"),
        *("--without-mingle", "--without-gossip"),
    )


def _as_keyboard_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
