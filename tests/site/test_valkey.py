"""Where the embedded Valkey listens, and that nobody else can."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import redis
from kombu import Connection

from kb.site import valkey
from kb.site.local import LocalProblem
from kb.site.supervisor import Child


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose path is too long for a socket."""
    monkeypatch.setattr("kb.site.valkey.tempfile.gettempdir", lambda: str(tmp_path))
    folder = tmp_path / ("long-" * 10) / ("longer-" * 10)
    folder.mkdir(parents=True)
    return folder


def test_the_socket_lies_in_the_data_folder() -> None:
    assert valkey.socket_path(Path("/srv/site")) == Path("/srv/site/valkey/socket")


def test_a_long_path_gets_a_short_socket_in_a_folder_of_our_own(deep: Path) -> None:
    path = valkey.socket_path(deep)

    assert len(os.fsencode(path)) <= valkey.LONGEST_SOCKET_PATH
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert valkey.socket_path(deep) == path
    path.parent.rmdir()


def test_a_folder_that_others_may_write_is_not_believed(deep: Path) -> None:
    path = valkey.socket_path(deep)
    path.parent.chmod(0o777)

    with pytest.raises(LocalProblem, match="belongs to somebody else"):
        valkey.socket_path(deep)
    path.parent.rmdir()


@pytest.mark.parametrize("name", ["plain", "with space & sign?", "数据"])
def test_celery_and_cache_reach_the_same_server_in_different_databases(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    child = Child("Valkey", valkey.server_command(folder), is_ready=lambda: valkey.answers(folder))
    child.start()
    try:
        with Connection(valkey.broker_url(folder)) as connection:
            connection.SimpleQueue("letters").put({"to": "you"})
        counts = [
            redis.Redis(unix_socket_path=str(valkey.socket_path(folder)), db=number).dbsize()
            for number in (valkey.BROKER, valkey.CACHE)
        ]
        mode = stat.S_IMODE(valkey.socket_path(folder).stat().st_mode)
    finally:
        child.end()

    assert counts[0] > 0
    assert counts[1] == 0
    assert mode == 0o700
    assert not valkey.answers(folder)
