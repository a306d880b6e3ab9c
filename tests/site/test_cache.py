"""Counting in one step for everybody, and a cache that no page depends on."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kb.site import cache as site_cache
from kb.site import valkey
from kb.site.supervisor import Child
from tests import make
from tests.community.members import PASSWORD
from tests.community.test_moderation import user

THREADS, EACH = 16, 50


@pytest.fixture
def nowhere(settings: Any) -> None:
    """The cache's server is away."""
    settings.CACHES = {
        "default": {
            "BACKEND": "kb.site.cache.PatientCache",
            "LOCATION": "unix:///nowhere/socket?db=1",
        }
    }


def test_parallel_threads_count_every_step_once() -> None:
    numbers: list[int] = []
    together = threading.Barrier(THREADS)

    def count_often() -> None:
        together.wait()
        numbers.extend(site_cache.count("steps", 60) for _ in range(EACH))

    threads = [threading.Thread(target=count_often) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == list(range(1, THREADS * EACH + 1))


def test_processes_count_together() -> None:
    program = (
        "import django; django.setup()\n"
        "from kb.site.cache import count\n"
        "print(*[count('steps', 60) for _ in range(100)])\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    numbers = [int(word) for process in running for word in process.communicate()[0].split()]

    assert sorted(numbers) == list(range(1, 201))


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "kb.settings"}


def test_every_counter_has_an_end() -> None:
    for caller in range(20):
        site_cache.count(f"caller-{caller}", 60)
        site_cache.count(f"caller-{caller}", 60)

    server = site_cache.site_cache().client.get_client()
    keys = list(server.scan_iter("*caller-*"))
    assert len(keys) == 20
    assert all(0 < server.ttl(key) <= 60 for key in keys)


@pytest.mark.django_db
def test_an_account_cannot_ask_more_by_asking_at_once(settings: Any) -> None:
    settings.KB_API_RATE = "30/h"
    codes: list[int] = []

    def ask() -> None:
        codes.extend(Client().get("/api/v1/nothing/").status_code for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (codes.count(404), codes.count(429)) == (30, 50)


def test_a_full_memory_gives_up_what_expires_and_keeps_messages() -> None:
    server = site_cache.site_cache().client.get_client()

    chosen = server.config_get("maxmemory*")

    assert chosen["maxmemory-policy"] == "volatile-lru"
    assert int(chosen["maxmemory"]) == 256 * 2**20
    assert server.config_get("save")["save"] == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("nowhere")
def test_pages_and_signing_in_work_while_the_cache_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make.paper("Skip RNN", key="skip")
    who = user("mia")
    who.set_password(PASSWORD)
    who.save()
    client = Client()

    with caplog.at_level(logging.WARNING):
        codes = [
            client.get(address).status_code for address in ("/", "/papers/skip/", "/api/v1/venues/")
        ]
        signed_in = client.post("/accounts/login/", {"login": "mia", "password": PASSWORD})

    assert codes == [200, 200, 200]
    assert signed_in.status_code == 302
    lines = [line for line in caplog.messages if "The cache does not answer" in line]
    assert len(lines) == 1  # once a minute, however many ask


@pytest.mark.usefixtures("nowhere")
def test_every_question_has_an_answer_while_the_cache_is_away() -> None:
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert cache.add("a", 1) is True
    assert (cache.get("a"), cache.get("a", "none"), cache.get_many(["a"])) == (None, "none", {})
    assert (cache.has_key("a"), cache.touch("a"), cache.delete("a")) == (False, False, False)
    assert (cache.incr("a"), site_cache.count("a", 60)) == (1, 1)
    assert cache.clear() is False


def test_a_new_server_is_used_without_a_word(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.site.cache.PAUSE_SECONDS", 0.0)
    child = Child(
        "Valkey", valkey.server_command(tmp_path), is_ready=lambda: valkey.answers(tmp_path)
    )
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": valkey.cache_url(tmp_path),
        }
    }
    child.start()
    before = [site_cache.count("steps", 60) for _ in range(3)]
    child.end()
    away = [site_cache.count("steps", 60) for _ in range(2)]
    child.start()
    after = [site_cache.count("steps", 60) for _ in range(2)]
    child.end()

    assert (before, away, after) == ([1, 2, 3], [1, 1], [1, 2])
