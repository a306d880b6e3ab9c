"""Each process of a started site is killed, and comes back; nothing is lost and nothing stays.

One test, because it starts one site, however the tests are dealt out to processes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings

from kb.site import health, valkey
from kb.site.cache import PatientCache
from tests.site.started_site import (
    ROLES,
    ROOT,
    Sender,
    StartedSite,
    command_of,
    lives,
    wait_until,
)

SAID = {
    "web server": "The web server ended (exit code -9); starting it again.",
    "worker": "The worker ended (exit code -9); starting it again.",
    "reproduction worker": "The reproduction worker ended (exit code -9); starting it again.",
    "scheduler": "The scheduler ended (exit code -9); starting it again.",
    "Valkey": "The Valkey server ended (exit code -9); starting it again.",
    "PostgreSQL": "PostgreSQL runs again, after",
}
"""What the supervisor says; the others are looked after by their own parents."""


def small_field(folder: Path) -> Path:
    """Data files with the taxonomy alone."""
    for name in ("papers", "venues", "people", "workshops", "numbers", "runs"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(settings.FIXTURES_DIR / "taxonomy", folder / "taxonomy")
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StartedSite]:
    site = StartedSite(
        tmp_path / "data",
        {
            "DJANGO_SETTINGS_MODULE": "tests.site.small_settings",
            "SURVEY_TEST_FIELD": str(small_field(tmp_path / "field")),
            "KB_ENCODER": "fake",
        },
    )
    site.start()
    yield site
    left = site.members()
    site.stop()
    psutil.wait_procs(left, timeout=60)


def test_a_started_site_outlives_each_of_its_processes_and_leaves_nothing(
    site: StartedSite,
) -> None:
    sender = Sender(site)
    for role in ROLES:
        what_is_killed_comes_back_and_loses_nothing(site, sender, role)
    exactly_one_scheduler_runs(site)
    a_scheduler_that_lives_and_does_nothing_makes_the_site_not_well(site)
    what_the_site_writes_is_nobody_elses_to_read(site, sender)
    a_visitor_cannot_claim_to_come_by_https(site)
    another_command_beside_it_does_not_stop_the_database(site)
    ctrl_c_ends_everything(site)


def what_is_killed_comes_back_and_loses_nothing(
    site: StartedSite, sender: Sender, role: str
) -> None:
    wait_until(lambda: site.is_well_since(0), "all is well before")
    mark = site.mark()
    sender.send()

    victim, remains = killed(site, role)
    moment = time.time()
    sender.send()
    wait_until(lambda: site.is_well_since(moment), f"all is well after {role} was killed")

    if role != "process of PostgreSQL":
        assert site.process_of(role).pid != victim.pid, role
    wait_until(lambda: SAID.get(role, "") in site.said(mark), f"it is said of {role}")
    assert [process for process in [victim, *remains] if lives(process)] == [], role
    wait_until(lambda: not sender.lost(), f"every paper is there after {role} was killed")


def killed(site: StartedSite, role: str) -> tuple[psutil.Process, list[psutil.Process]]:
    """A process of the role, killed, and what belonged to it. One of PostgreSQL's may end by itself
    before it is, and for a moment there may be none: then the next one is taken."""
    for _ in range(200):
        with contextlib.suppress(psutil.NoSuchProcess, LookupError):
            victim = site.process_of(role)
            remains = victim.children(recursive=True)
            victim.send_signal(signal.SIGKILL)
            return victim, remains
        time.sleep(0.05)
    raise AssertionError(f"no {role} lives long enough to be killed")


def exactly_one_scheduler_runs(site: StartedSite) -> None:
    assert site.process is not None
    lines = map(command_of, psutil.Process(site.process.pid).children(recursive=True))

    assert len([line for line in lines if " beat " in line]) == 1


def a_scheduler_that_lives_and_does_nothing_makes_the_site_not_well(
    site: StartedSite,
) -> None:
    wait_until(lambda: site.is_well_since(0), "all is well before")
    scheduler = site.process_of("scheduler")
    cache = PatientCache(valkey.cache_url(site.folder), {"KEY_PREFIX": "survey"})

    scheduler.suspend()
    wait_until(lambda: scheduler.status() == psutil.STATUS_STOPPED, "it stands still")
    a_while_ago = time.time() - health.QUIET_SECONDS
    cache.set("heartbeat:scheduler", {"at": a_while_ago, "host": "here", "pid": scheduler.pid})

    assert httpx.get(f"{site.url}/healthz", timeout=30).status_code == 503
    assert httpx.get(f"{site.url}/healthz?part=database", timeout=30).status_code == 200
    scheduler.resume()
    moment = time.time()
    wait_until(lambda: site.is_well_since(moment), "the scheduler works again")


def what_the_site_writes_is_nobody_elses_to_read(site: StartedSite, sender: Sender) -> None:
    sender.send()
    files = [path for path in (site.folder / "files").rglob("*") if path.is_file()]

    assert files
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in files)
    assert stat.S_IMODE(site.folder.stat().st_mode) & 0o067 == 0


def a_visitor_cannot_claim_to_come_by_https(site: StartedSite) -> None:
    headers = {"x-forwarded-proto": "https"}
    plain = httpx.get(f"{site.url}/sitemap.xml", headers=headers, timeout=60)

    assert "https://127.0.0.1" not in plain.text


def another_command_beside_it_does_not_stop_the_database(site: StartedSite) -> None:
    database = site.process_of("PostgreSQL")
    environment = {**os.environ, "KB_DATA_DIR": str(site.folder), "KB_ENCODER": "fake"}
    for name in ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL"):
        environment.pop(name, None)
    check = [sys.executable, "manage.py", "showmigrations", "--plan"]
    subprocess.run(check, cwd=ROOT, env=environment, check=True, capture_output=True)

    assert site.process_of("PostgreSQL").pid == database.pid
    assert json.loads((site.folder / "postgres" / ".handle_pids.json").read_text()) == [
        site.process.pid if site.process else 0
    ]


def ctrl_c_ends_everything(site: StartedSite) -> None:
    left = site.members()
    assert len(left) > 10

    assert site.stop(signal.SIGINT) == 0

    wait_until(lambda: not any(lives(process) for process in left), "nothing is left")
    assert not (site.folder / "valkey" / "socket").exists()
