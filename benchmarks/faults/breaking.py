"""What is done to the site, one after the other. Each fault is a row of the table."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.site.started_site import ROLES, ROOT, StartedSite, wait_until

ROOM_MEGABYTES = 1500
"""Size of the data folder's own file system, where one may be made."""
FULL_SECONDS = READ_ONLY_SECONDS = 15.0
FIND_FOLLOWER_SECONDS = 10.0
DAY_SECONDS = 86_400
CLOCK_SOURCE = Path(__file__).with_name("clock.c")


@dataclass
class Patient:
    """The site, and what of its machine may be changed. `has_own_disk`: its data folder is a file
    system that nobody else uses; clock: the file that shifts the site's clock."""

    site: StartedSite
    has_own_disk: bool
    clock: Path
    told: list[str] = field(default_factory=list)
    """What commands said that were run beside it."""

    def kill(self, *roles: str) -> None:
        """All of them are looked up before one falls."""
        for process in [self.site.process_of(role) for role in roles]:
            process.send_signal(signal.SIGKILL)

    def restart(self) -> None:
        """End `up` with SIGKILL and start it again, as after a power cut."""
        if self.site.process is not None:
            family = [one for one in self.site.members() if one.name() != "postgres"]
            self.site.process.kill()
            self.site.process.wait()
            psutil.wait_procs(family, timeout=30)
        self.site.start()

    def revive(self) -> None:
        """Whatever runs or does not: start it, as an operator would."""
        if self.site.process is None or self.site.process.poll() is not None:
            self.site.start()


Act = Callable[[Patient], None]


@dataclass(frozen=True)
class Fault:
    """One way to break the site. `mend` is what an operator does about it, when anything need be
    done; `before` makes the site one that can be broken so, and is no part of the fault; `untried`
    says why it cannot be tried, or nothing."""

    name: str
    act: Act
    mend: Act | None = None
    before: Act | None = None
    untried: Callable[[Patient], str] = lambda patient: ""


# --- processes ---


def _kills(role: str) -> Act:
    return lambda patient: patient.kill(role)


def kill_follower(patient: Patient) -> None:
    """Kill the process whose thread follows the change sequence: who holds the writer's lock."""
    lock = (patient.site.folder / "index" / "writer.lock").stat().st_ino
    ours = {process.pid for process in patient.site.members()}
    end = time.monotonic() + FIND_FOLLOWER_SECONDS
    while time.monotonic() < end:
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if words[1] == "FLOCK" and words[5].endswith(f":{lock}") and int(words[4]) in ours:
                os.kill(int(words[4]), signal.SIGKILL)
                return
    raise LookupError("nobody holds the lock of the index")


def start_second(patient: Patient) -> None:
    """Another `up` in the same data folder."""
    patient.told.append(_up(patient, PORT="0"))


def _up(patient: Patient, **more: str) -> str:
    """What `up` says before it gives up."""
    environment = {**os.environ, **patient.site.environment, **more}
    environment["KB_DATA_DIR"] = str(patient.site.folder)
    for name in ("DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL", "LD_PRELOAD", "CLOCK_SHIFT"):
        environment.pop(name, None)
    command = [sys.executable, "manage.py", "up", "--port", more.get("PORT", "0")]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    lines = (ran.stdout + ran.stderr).strip().splitlines()
    return f"exit {ran.returncode}: {lines[-1] if lines else ''}"


# --- files of the data folder ---


def fill_with_rubbish(folder: Path) -> None:
    """Overwrite every file where it lies: every other one shortened, as a torn write leaves it."""
    for number, path in enumerate(sorted(folder.rglob("*"))):
        if path.is_file() and not path.is_symlink():
            size = path.stat().st_size if number % 2 else min(100, path.stat().st_size)
            with contextlib.suppress(OSError), path.open("r+b") as file:
                file.write(os.urandom(min(size, 1_000_000)))
                file.truncate(size)


def _deletes(name: str, *killed: str) -> Act:
    def act(patient: Patient) -> None:
        shutil.rmtree(patient.site.folder / name, ignore_errors=True)  # it may heal meanwhile
        patient.kill(*killed)

    return act


def _spoils(name: str, *killed: str) -> Act:
    def act(patient: Patient) -> None:
        fill_with_rubbish(patient.site.folder / name)
        patient.kill(*killed)

    return act


def _then_restarts(act: Act) -> Act:
    def both(patient: Patient) -> None:
        act(patient)
        patient.restart()

    return both


def empty_secret(patient: Patient) -> None:
    """What a crash may leave of a file that was being written."""
    (patient.site.folder / "secret_key").write_bytes(b"")
    patient.kill("web server")


def tear_small_files(patient: Patient) -> None:
    """Half of each small file of state, then a start."""
    folder = patient.site.folder
    for path in (*folder.glob("beat-schedule*"), folder / "static.stamp", folder / "up.lock"):
        with contextlib.suppress(OSError):
            os.truncate(path, path.stat().st_size // 2)
    for path in (folder / "index").glob("g-*/follow.json"):
        os.truncate(path, path.stat().st_size // 2)
    patient.restart()


# --- the disk ---


@contextlib.contextmanager
def own_disk(folder: Path) -> Iterator[bool]:
    """A file system of ROOM_MEGABYTES for the folder, where we may make one."""
    folder.mkdir(parents=True)
    made = os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", f"size={ROOM_MEGABYTES}m", "faults",
                                        str(folder))  # fmt: skip
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


def _without_disk(patient: Patient) -> str:
    return "" if patient.has_own_disk else "only root can make a file system for it"


def fill_disk(patient: Patient) -> None:
    """Not one byte free for FULL_SECONDS."""
    end = time.monotonic() + FULL_SECONDS
    with (patient.site.folder / "ballast").open("ab", buffering=0) as ballast:
        while time.monotonic() < end:
            for size in (2**20, 2**12, 1):
                with contextlib.suppress(OSError):
                    while time.monotonic() < end and ballast.write(b"\0" * size):
                        pass
            time.sleep(0.2)


def make_room(patient: Patient) -> None:
    (patient.site.folder / "ballast").unlink()


def make_read_only(patient: Patient) -> None:
    """Whoever opens a file of the folder from now on cannot write; another `up` says so."""
    folder = str(patient.site.folder)
    if not (_mount("--bind", folder, folder) and _mount("-o", "remount,ro,bind", folder)):
        raise LookupError("the folder could not be made read-only")
    time.sleep(READ_ONLY_SECONDS)
    patient.told.append(_up(patient))


def make_writable(patient: Patient) -> None:
    subprocess.run(["umount", "--lazy", str(patient.site.folder)], check=True)


# --- the clock ---


def set_clock(file: Path, seconds: int) -> None:
    """Shift the clock of whoever has it from this file."""
    with file.open("r+b" if file.exists() else "w+b") as written:  # in place: it is mapped
        written.write(struct.pack("=q", seconds))
    file.chmod(0o644)


def shifted(file: Path) -> dict[str, str]:
    """The environment of processes whose clock the file shifts. Raises LookupError without a C
    compiler, or where Python does not get the shifted time or cannot sleep with it."""
    set_clock(file, 0)
    library = file.with_suffix(".so")
    compiler = shutil.which("cc")
    if compiler is None:
        raise LookupError("there is no C compiler")
    if not library.exists():
        command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(CLOCK_SOURCE)]
        subprocess.run(command, check=True)
        library.chmod(0o755)
    environment = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(file)}
    set_clock(file, DAY_SECONDS)
    tells = [sys.executable, "-c", "import time; time.sleep(0.01); print(time.time())"]
    told = subprocess.run(tells, env=os.environ | environment, capture_output=True, text=True)
    set_clock(file, 0)
    if told.returncode or float(told.stdout) < time.time() + DAY_SECONDS / 2:
        raise LookupError("Python does not follow the shifted clock here")
    return environment


def begin_clock(patient: Patient) -> None:
    """Start the site anew, with a clock that can be set, unless it has one."""
    if "LD_PRELOAD" in patient.site.environment:
        return
    patient.site.environment |= shifted(patient.clock)
    patient.site.stop()
    patient.site.start()
    wait_until(lambda: patient.site.is_well_since(0), "all is well with another clock")


def _sets_clock(seconds: int) -> Act:
    return lambda patient: set_clock(patient.clock, seconds)


FAULTS: tuple[Fault, ...] = (
    *(Fault(f"{role}, killed", _kills(role)) for role in ROLES),
    Fault("index follower, killed", kill_follower),
    Fault("`up` itself, killed, started again", Patient.restart),
    Fault("a second `up`", start_second),
    Fault("index deleted", _deletes("index")),
    Fault("index filled with rubbish", _spoils("index")),
    Fault("index deleted, web server killed", _deletes("index", "web server")),
    Fault("static files deleted", _deletes("static")),
    Fault("static files deleted, web server killed", _deletes("static", "web server")),
    Fault("static files full of rubbish, started again", _then_restarts(_spoils("static"))),
    Fault("static files deleted, started again", _then_restarts(_deletes("static"))),
    Fault("encoder deleted, web server killed", _deletes("encoders", "web server", "worker")),
    Fault("encoder full of rubbish, web server killed",
          _spoils("encoders", "web server", "worker")),
    Fault("encoder deleted, started again", _then_restarts(_deletes("encoders"))),
    Fault("`secret_key` empty, web server killed", empty_secret),
    Fault("files of state torn in half, started again", tear_small_files),
    Fault(f"disk full for {FULL_SECONDS:.0f} s", fill_disk, make_room, untried=_without_disk),
    Fault(f"data folder read-only for {READ_ONLY_SECONDS:.0f} s", make_read_only, make_writable,
          untried=_without_disk),
    Fault("clock a day forward", _sets_clock(DAY_SECONDS), before=begin_clock),
    Fault("clock a day back", _sets_clock(0), before=begin_clock),
    Fault("clock a day back once more", _sets_clock(-DAY_SECONDS), before=begin_clock),
)  # fmt: skip
