"""The runner as a lab starts it: a process in another folder, of another user, over real HTTP."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.tokens import make_token
from reproductions.attested import registering
from reproductions.models import Attestation, Run, Runner
from reproductions.runs import recovery
from reproductions.runs.start import start_run
from tests import make
from tests.environment import ROOT
from tests.reproductions_site.conftest import PROGRAMS

pytestmark = pytest.mark.django_db(transaction=True)

ANOTHER = 12_345
COPIED = ("confinement", "reproductions", "tests/reproductions_site/programs")
FILES = ("papers/__init__.py", "papers/checked.py", "tests/__init__.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "reference", "migrations", "*.md")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: Any) -> Iterator[Path]:
    """A folder with a copy of what a runner needs, without database, settings or history."""
    place = Path("/var/tmp") / f"survey-runner-{os.getpid()}"
    for folder in COPIED:
        shutil.copytree(ROOT / folder, place / folder, ignore=LEFT_OUT)
    for name in FILES:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    (place / "tests/reproductions_site/__init__.py").touch()
    (place / "home").mkdir()
    make_python(place)
    if os.geteuid() == 0:
        os.chown(place / "home", ANOTHER, ANOTHER)
    yield place
    shutil.rmtree(place)


def make_python(place: Path) -> None:
    """A Python of that folder's own, which any user can start, with the packages of this one."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    readable = [Path("/usr/bin") / version, Path("/usr/local/bin") / version]
    python = next((path for path in readable if path.exists()), Path(sys.executable))
    subprocess.run([python, "-m", "venv", "--without-pip", place / "venv"], check=True)
    packages = Path(sysconfig.get_path("purelib")).resolve()
    (place / "venv/lib" / version / "site-packages/shared.pth").write_text(f"{packages}\n")


@pytest.fixture
def lab(db: None, live_server: Any, elsewhere: Path) -> Iterator[Any]:
    """Starts a runner of mia's, or of another member; it is confirmed once it is registered."""
    started: list[subprocess.Popen[str]] = []

    def start(name: str = "mia", *words: str) -> subprocess.Popen[str]:
        member = make.member(name) if not started_by(name) else started_by(name)
        _, token = make_token(member, name="runner", scopes=["run"], days=7)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(elsewhere / "home"),
            "KB_RUNNER_TOKEN": token,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [
            str(elsewhere / "venv/bin/python"),
            "-m",
            "reproductions.runner",
            "--site",
            live_server.url,
        ]
        command += ["--package", PROGRAMS, "--key", f"{elsewhere}/home/{name}/key", "--name", name]
        command += ["--scale", "smoke", "--scale", "exact", *words]
        user = {"user": ANOTHER, "group": ANOTHER} if os.geteuid() == 0 else {}
        process = subprocess.Popen(
            command,
            cwd=elsewhere,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **user,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def started_by(name: str) -> Any:
    from accounts.models import User

    return User.objects.filter(username=name).first()


def until(condition: Any, seconds: int = 600) -> Any:
    for _ in range(seconds * 10):
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it never happened")


def confirmed(lab: Any, name: str = "mia") -> Runner:
    """A runner that registered itself, and that a curator has confirmed."""
    process = lab(name, "--once")
    said, _ = process.communicate(timeout=300)
    assert "waits for a curator" in said or "waiting" in said, said
    runner = Runner.objects.get(name=name)
    curator = started_by("cora") or make.member("cora", "curators")
    return registering.trust(runner=runner, by=curator)


def test_a_lab_performs_a_run_from_another_folder_and_user(counted: Any, lab: Any) -> None:
    runner = confirmed(lab)
    run, _ = start_run(program="counting", scale="exact", by=runner.decided_by, elsewhere=True)

    said, _ = lab("mia", "--once").communicate(timeout=300)

    run.refresh_from_db()
    assert (run.state, run.origin, run.runner) == ("finished", "attested", runner), said
    assert f"run {run.pk}: delivered" in said
    assert [m.value for m in run.measurements.all()] == [150.2e6, 325.4e6]
    assert [(j.claim.identifier, j.verdict) for j in run.judgements.all()] == [
        ("small", "exact"),
        ("large", "outside"),
    ]
    assert "half way" in list(run.lines.values_list("text", flat=True))
    assert run.isolation["account"] and str(ROOT) not in run.attestation.record
    assert Attestation.objects.get().signature


def test_a_killed_runner_loses_its_run_and_the_next_one_finishes_it(counted: Any, lab: Any) -> None:
    runner = confirmed(lab)
    run, _ = start_run(program="sleeping", scale="smoke", by=runner.decided_by, elsewhere=True)
    process = lab("mia")
    until(lambda: run.lines.filter(text="asleep").exists())
    process.send_signal(signal.SIGKILL)
    process.wait(300)

    assert recovery.sweep()["lost"] == 0
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recovery.sweep()["lost"] == 1

    fresh = Run.objects.get(state="queued")
    again = lab("mia")
    until(lambda: fresh.lines.filter(text="asleep").exists())
    again.send_signal(signal.SIGTERM)
    said, _ = again.communicate(timeout=300)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.again_of) == ("queued", run), said
    assert "Stopped." in said


def test_two_runners_lose_and_double_nothing(counted: Any, lab: Any) -> None:
    runners = [confirmed(lab, name) for name in ("mia", "ben")]
    asked = [
        start_run(
            program="counting", scale="exact", seed=seed, by=runners[0].decided_by, elsewhere=True
        )[0].pk
        for seed in range(4)
    ]

    processes = [lab(name) for name in ("mia", "ben")]
    until(lambda: not Run.objects.active().exists())
    for process in processes:
        process.send_signal(signal.SIGTERM)
    said = [process.communicate(timeout=300)[0] for process in processes]

    runs = list(Run.objects.order_by("pk"))
    assert [(run.pk, run.state) for run in runs] == [(pk, "finished") for pk in asked], said
    assert {run.attempts for run in runs} == {1}
    assert Attestation.objects.count() == 4
