"""Loaded before Django's settings: a data folder, a database and a Valkey of the tests' own.

The embedded PostgreSQL of the tests lives in data/test and is kept between runs with the templates
of `tests.databases`, which makes the next run quick; should the machine itself fall while tests
run, remove data/test. Processes side by side (workers of one run, or several runs) hold a slot
each, and with it databases, a data folder and a Valkey of their own, which end with them.
TEST_DATABASE_URL names another server.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

import psycopg

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "data" / "test"
SLOTS = 64


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


def _own_data_folder(slot: IO[str]) -> Path:
    """A new data folder, whose name the slot keeps; that of a killed process goes."""
    slot.seek(0)
    if left_behind := slot.read().strip():
        shutil.rmtree(left_behind, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix="survey-test-")
    slot.truncate(0)
    slot.write(folder)
    slot.flush()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


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

folder = _own_data_folder(_held)
(folder / "static").mkdir()
os.environ["KB_DATA_DIR"] = str(folder)
os.environ.pop("CACHE_URL", None)
os.environ.pop("CELERY_BROKER_URL", None)

from kb.site.supervisor import Child  # noqa: E402
from kb.site.valkey import answers, server_command  # noqa: E402

broker = Child("Valkey", server_command(folder), is_ready=lambda: answers(folder))
broker.start()
atexit.register(broker.end)
