"""One machine of the cluster: a set of namespaces of its own on this computer.

Each has its own name, user, processes and data folder, and an address of its own on the loopback
interface. What is laid over its file system (the names of the others, its users) ends with it, and
so does everything that it started: nothing is left on this computer.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

END_SECONDS = 60.0
NETWORKS = tuple(f"127.{number}.0" for number in range(77, 100))
"""Of the loopback interface; one for each cluster on this computer."""
# Process 1 of a machine. It stays root, or the kernel would forget with whom it is to die.
_ENTER = """
set -e
hostname "$NAME"
mount -t proc proc "$ROOT/proc"
if [ "$ROOT" = / ]; then
  mkdir -p "$SHARED/python" && mount --bind "$PYTHON" "$SHARED/python"
  mount -t tmpfs -o mode=755 cluster /root
  mkdir -p "$PYTHON" && mount --move "$SHARED/python" "$PYTHON"
else
  mount --rbind /dev "$ROOT/dev"
  mount -t tmpfs -o mode=1777 cluster "$ROOT/tmp"
  mkdir -p "$ROOT$SHARED" && mount --bind "$SHARED" "$ROOT$SHARED"
fi
for file in hosts passwd group; do mount --bind "$SHARED/$file" "$ROOT/etc/$file"; done
chroot "$ROOT" env --chdir "$FOLDER" -- \\
  setpriv --reuid "$ID" --regid "$ID" --clear-groups -- "$@"
exit 0
"""


@dataclass
class Machine:
    """A machine by its name. `number` makes its address and user; `debian` is the root of the
    Debian system whose programs it runs, `/` for this computer's own."""

    name: str
    number: int
    shared: Path
    command: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    debian: Path = Path("/")
    network: str = NETWORKS[0]
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{self.network}.{self.number}"

    @property
    def user(self) -> int:
        return 20_000 + self.number

    @property
    def folder(self) -> Path:
        """Its data folder, open to its own user alone."""
        return self.shared / self.name

    @property
    def log(self) -> Path:
        return self.shared / "logs" / f"{self.name}.log"

    def make_folder(self) -> None:
        self.folder.mkdir()
        os.chown(self.folder, self.user, self.user)
        self.folder.chmod(0o700)

    def start(self) -> None:
        """Switch it on."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._line(self.command),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *command: str, seconds: float = 1800) -> str:
        """A command of this machine to its end; what it printed. Raises RuntimeError with that."""
        ran = subprocess.run(
            self._line(list(command)),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            start_new_session=True,
        )
        if ran.returncode:
            raise RuntimeError(f"{self.name}: {shlex.join(command)}\n{ran.stdout[-3000:]}")
        return ran.stdout

    def kill(self) -> None:
        """Pull its plug: SIGKILL to all that runs there, at once."""
        if (first := self._first()) is not None:
            first.kill()
        self._wait()

    def stop(self) -> None:
        """Ask its program to end, and wait; kill what has not ended after END_SECONDS."""
        if (first := self._first()) is not None:
            for program in first.children():
                program.send_signal(signal.SIGTERM)
        self._wait()

    def freeze(self) -> None:
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def said(self, most: int = 2000) -> str:
        """The end of what its programs said."""
        return self.log.read_bytes()[-most:].decode("utf-8", "replace") if self.log.exists() else ""

    def _first(self) -> psutil.Process | None:
        """Process 1 of the machine, whose end is the end of all others there."""
        if self.process is None or self.process.poll() is not None:
            return None
        children = psutil.Process(self.process.pid).children()
        return children[0] if children else None

    def _wait(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()  # --kill-child takes all with it
            self.process.wait()
        self.process = None

    def _signal_all(self, number: int) -> None:
        if (first := self._first()) is not None:
            for process in [first, *first.children(recursive=True)]:
                process.send_signal(number)

    def _line(self, command: list[str]) -> list[str]:
        return [
            *("setpriv", "--pdeathsig", "KILL", "--"),  # nothing outlives this command
            *("unshare", "--mount", "--propagation", "private", "--uts", "--pid", "--fork"),
            *("--kill-child", "--", "/bin/sh", "-c", _ENTER, self.name, *command),
        ]

    def _environment(self) -> dict[str, str]:
        """Nothing of this process's, but what the machine is told."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder) if self.debian == Path("/") else "/tmp",
            "NAME": self.name,
            "ID": str(self.user),
            "ROOT": str(self.debian),
            "SHARED": str(self.shared),
            "FOLDER": str(self.folder),
            "PYTHON": sys.base_prefix,
            **self.environment,
        }


def free_network(number: int, port: int) -> str:
    """The first of NETWORKS in which nobody listens at that machine's port."""
    for network in NETWORKS:
        with socket.socket() as probe:
            if probe.connect_ex((f"{network}.{number}", port)) != 0:
                return network
    raise OSError(f"somebody listens at port {port} in every network from {NETWORKS[0]} on")


def write_names(shared: Path, machines: list[Machine]) -> None:
    """What every machine knows of the others: their names, and a user each."""
    hosts = [f"{machine.address} {machine.name}" for machine in machines]
    users = [f"{one.name}:x:{one.user}:{one.user}::{one.folder}:/bin/sh" for one in machines]
    groups = [f"{machine.name}:x:{machine.user}:" for machine in machines]
    for name, first, lines in (
        ("hosts", "127.0.0.1 localhost", hosts),
        ("passwd", "root:x:0:0:root:/root:/bin/sh", users),
        ("group", "root:x:0:", groups),
    ):
        (shared / name).write_text("\n".join([first, *lines, ""]))
