"""The embedded PostgreSQL of a data folder."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from kb.local import embedded_database


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
    monkeypatch.setattr("kb.local.MOST_SHARED_MEGABYTES", 200)
    home = tmp_path / "postgres"

    assert shared_buffers(home) == "128MB"
    assert shared_buffers(home, "ALTER SYSTEM SET shared_buffers = '64MB'") == "200MB"
    assert shared_buffers(home) == "64MB"  # somebody's choice stays
