"""Loaded before Django's settings: a data folder, a database and a Valkey of the tests' own.

The embedded PostgreSQL of the tests lives in data/test and is kept between runs, which makes the
next run quick. Runs side by side take different databases. The Valkey lies in the data folder, which
is new for each process, and ends with it. TEST_DATABASE_URL names another server.
"""

import atexit
import fcntl
import os
import tempfile
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["KB_ENCODER"] = "fake"
os.environ.pop("KB_STATIC", None)
os.environ.pop("KB_PRODUCTION", None)

if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    from kb.site.postgres import embedded_database

    home = ROOT / "data" / "test"
    home.mkdir(parents=True, exist_ok=True)
    for number in range(20):
        slot = (home / f"slot-{number}.lock").open("w")  # held until this process ends
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            slot.close()
    server = embedded_database(folder=home / "postgres").server
    unfinished = home / f"slot-{number}.unfinished"
    if unfinished.exists():  # a run was killed here; what it left, and still does, goes
        with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as session:
            session.execute(f"DROP DATABASE IF EXISTS test_slot{number} WITH (FORCE)")
    unfinished.touch()
    atexit.register(unfinished.unlink, missing_ok=True)
    os.environ["DATABASE_URL"] = server.get_uri(database=f"slot{number}")

folder = Path(tempfile.mkdtemp(prefix="survey-test-"))
(folder / "static").mkdir()
os.environ["KB_DATA_DIR"] = str(folder)
os.environ.pop("CACHE_URL", None)
os.environ.pop("CELERY_BROKER_URL", None)

from kb.site.supervisor import Child  # noqa: E402
from kb.site.valkey import answers, server_command  # noqa: E402

broker = Child("Valkey", server_command(folder), is_ready=lambda: answers(folder))
broker.start()
atexit.register(broker.end)
