"""What the benchmark of a long life calls well, and what it counts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from benchmarks import long_life
from benchmarks.long_life import QUEUES, TABLES, Sizes, print_sizes
from kb.site.logs import LONGEST_BYTES

QUIET = Sizes(
    {"postgres/log": 1000},
    dict.fromkeys(TABLES, (0, 8192)),
    dict.fromkeys(QUEUES, 0),
)


@pytest.mark.parametrize(
    ("change", "well"),
    [
        ({}, True),
        ({"logs": {"postgres/log": LONGEST_BYTES + 1}}, False),
        ({"queues": {"celery": 1, "reproductions": 0}}, False),
        ({"tables": QUIET.tables | {"accounts_mail": (1, 8192)}}, False),
        ({"tables": QUIET.tables | {"public_change": (900, 65536)}}, True),
    ],
)
def test_a_long_log_and_what_is_left_are_not_well(
    change: dict[str, Any], well: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert print_sizes(QUIET, dataclasses.replace(QUIET, **change)) is well
    assert "postgres/log" in capsys.readouterr().out


class _Broker:
    """A queue whose messages have two priorities, and something else beside it."""

    kept = {"celery": 2, "celery\x06\x163": 5, "celery@host.pidbox": 1, "unacked": 9}

    def keys(self, pattern: str) -> list[str]:
        return [name for name in self.kept if name.startswith(pattern.rstrip("*"))]

    def llen(self, name: str) -> int:
        return self.kept.get(name, 0)


@pytest.mark.django_db
def test_tables_logs_and_messages_of_every_priority_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_life.redis, "from_url", lambda url: _Broker())
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "log").write_bytes(b"x" * 70)

    counted = long_life.sizes(tmp_path, "unix://socket")

    assert counted.logs == {"postgres/log": 70}
    assert counted.queues == {"celery": 7, "reproductions": 0}
    assert set(TABLES) <= set(connection.introspection.table_names())
    assert all(size > 0 for _, size in counted.tables.values())
