"""Loaded before Django's settings: a data folder, a database and a Valkey of the tests' own.

The embedded PostgreSQL of the tests lives in data/test and is kept between runs with the templates
of `tests.databases`, which makes the next run quick; should the machine itself fall while tests
run, remove data/test. Processes side by side (workers of one run, or several runs) hold a slot
each, and with it databases, a data folder, a folder for search indexes and a Valkey of their own,
which end with them.
TEST_DATABASE_URL names another server.
"""

import atexit
import fcntl
import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

import psycopg

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "data" / "test"
SLOTS = 64
MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 256 * 2**20


def _hurry(address: str) -> None:
    """Let the tests' server not wait for the disk: what it holds can be made again."""
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SHOW fsync").fetchone() == ("on",):
            connection.execute("ALTER SYSTEM SET fsync TO off")
            connection.execute("ALTER SYSTEM SET full_page_writes TO off")
            connection.execute("SELECT pg_reload_conf()")


def _own_slot() -> tuple[int, IO[str]]:
    """The first slot that no living process holds, and the lock on it."""
    for number in range(SLOTS):
        slot = (HOME / f"slot-{number}").open("a+")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return number, slot
        except BlockingIOError:
            slot.close()
    raise RuntimeError(f"{SLOTS} test processes run here already.")


def _own_folders(slot: IO[str], *places: Path | None) -> list[Path]:
    """A new folder in each place, whose names the slot keeps; those of a killed process go."""
    slot.seek(0)
    for left_behind in slot.read().splitlines():
        shutil.rmtree(left_behind, ignore_errors=True)
    folders = [tempfile.mkdtemp(prefix="survey-test-", dir=place) for place in places]
    slot.truncate(0)
    slot.write("\n".join(folders))
    slot.flush()
    for folder in folders:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return [Path(folder) for folder in folders]


def _quick_place() -> Path | None:
    """Where nobody waits for a disk, if the system lends enough of it: an index that a test makes
    is brought to the disk in nineteen steps, and gone a moment later."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH_BYTES:
        return None
    return MEMORY


gc.disable()  # until all tests are collected: see tests/conftest.py

HOME.mkdir(parents=True, exist_ok=True)
SLOT, _held = _own_slot()  # held until this process ends

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["KB_ENCODER"] = "fake"
os.environ["KB_PAGE_CACHE_SECONDS"] = "0"  # a test is one transaction, whose changes count once
os.environ["KB_PAGE_RATE"] = "0/min"  # tests open pages quicker than anybody reads
os.environ.pop("KB_STATIC", None)
os.environ.pop("KB_PRODUCTION", None)

if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    from kb.site.postgres import embedded_database

    server = embedded_database(folder=HOME / "postgres").server
    os.environ["DATABASE_URL"] = server.get_uri(database="postgres")
    _hurry(os.environ["DATABASE_URL"])

folder, INDEXES = _own_folders(_held, None, _quick_place())
(folder / "static").mkdir()
os.environ["KB_DATA_DIR"] = str(folder)
os.environ.pop("CACHE_URL", None)
os.environ.pop("CELERY_BROKER_URL", None)

from kb.site.supervisor import Child  # noqa: E402
from kb.site.valkey import answers, server_command  # noqa: E402

broker = Child("Valkey", server_command(folder), is_ready=lambda: answers(folder))
broker.start()
atexit.register(broker.end)
