"""A program as a confined process: its lines as they come, its limits, its end.

What is confined, and how, stands in `confinement.inside`; this is the worker's side.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from confinement.fences import NEVER_NEEDED, NOBODY
from confinement.usage import bytes_below, memory_of

BATCH_SECONDS = 0.5
MEMORY_SECONDS = 1.0
DRAIN_SECONDS = 5.0
SHARED_BYTES = 256 * 2**20  # /dev/shm: four loaders of image batches share about 100 MiB
_ROOT = Path(__file__).resolve().parents[1]
_BOOT = (
    "import json, sys; sys.path.insert(0, {root!r}); "
    "from confinement.inside import main; main(int(sys.argv[1]), json.loads(sys.argv[2]))"
)


@dataclass(frozen=True)
class Limits:
    """What a run may use. Memory counts the whole process tree.

    output_bytes: all that it prints; a line beyond line_bytes is cut. file_bytes: one file of
    the scratch folder; scratch_bytes: all of them. processes: threads count too.
    """

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int = 6 * 2**30
    output_bytes: int = 20 * 2**20
    line_bytes: int = 65_536
    file_bytes: int = 512 * 2**20  # a checkpoint of ResNet-152 with its optimiser: 460 MiB
    scratch_bytes: int = 1024 * 2**20
    processes: int = 256  # PyTorch with 16 threads and four loaders starts about 90


@dataclass(frozen=True)
class Line:
    """One line of output. `seconds` since the start."""

    text: bytes
    from_stderr: bool
    seconds: float


@dataclass
class Ended:
    """How the process ended. `cause` is "" when the program left by itself."""

    exit_code: int | None = None
    cause: str = ""
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    output_sha256: str = ""
    output_bytes: int = 0
    in_force: dict[str, Any] = field(default_factory=dict)


Deliver = Callable[[Sequence[Line]], str]
"""Takes new lines (perhaps none) about twice a second; a reason to stop, or ""."""


def run_confined(
    command: Sequence[str],
    *,
    environment: dict[str, str],
    limits: Limits,
    deliver: Deliver,
    cover: Sequence[Path] = (),
    keep: Sequence[Path] = (),
) -> Ended:
    """Run a command to its end, confined, and hand its lines over as they come.

    command: absolute path of the executable, then arguments.
    cover: folders it must not see; what of `keep` lies below stays, for reading.
    Whatever `deliver` raises passes, after everything started here was killed.
    """
    scratch = Path(tempfile.mkdtemp(prefix="run-"))
    if os.geteuid() == 0:
        os.chown(scratch, NOBODY, NOBODY)  # whom the program becomes
    try:
        with _Process(command, environment, limits, scratch, cover, keep) as process:
            return process.watch(deliver)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Process:
    """The confined process, its pipes, and what has been read of them."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        limits: Limits,
        scratch: Path,
        cover: Sequence[Path],
        keep: Sequence[Path],
    ) -> None:
        self.limits, self.scratch = limits, scratch
        plan = {
            "parent": os.getpid(),
            "scratch": str(scratch),
            "scratch_bytes": limits.scratch_bytes,
            "shared_bytes": SHARED_BYTES,
            "refuse": NEVER_NEEDED,
            "cover": [str(path) for path in cover],
            "keep": [str(path) for path in keep],
            "command": list(command),
            "environment": {**environment, "HOME": str(scratch), "TMPDIR": str(scratch)},
            "limits": {
                "core": 0,
                "cpu": limits.cpu_seconds,
                "data": limits.memory_bytes,
                "fsize": limits.file_bytes,
                "nofile": 1024,
                "nproc": limits.processes,
            },
        }
        self.control, theirs = os.pipe()
        self.popen = subprocess.Popen(
            [
                *(sys.executable, "-I", "-B", "-c", _BOOT.format(root=str(_ROOT))),
                *(str(theirs), json.dumps(plan)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[theirs],
            close_fds=True,
        )
        os.close(theirs)
        self.started = time.monotonic()
        self.parts: dict[str, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self.too_long: dict[str, bool] = {"stdout": False, "stderr": False}
        self.said = bytearray()
        self.digest = hashlib.sha256()
        self.bytes = 0
        self.lines: list[Line] = []
        self.peak, self.spent = 0, 0.0

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        for pipe in (self.popen.stdout, self.popen.stderr):
            if pipe:
                pipe.close()
        os.close(self.control)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def watch(self, deliver: Deliver) -> Ended:
        """Read until the process has ended; stop it at a limit or when `deliver` says so."""
        ended = Ended()
        with selectors.DefaultSelector() as selector:
            for name, pipe in (
                ("stdout", self.popen.stdout),
                ("stderr", self.popen.stderr),
                ("control", self.control),
            ):
                os.set_blocking(pipe if isinstance(pipe, int) else pipe.fileno(), False)  # type: ignore[union-attr]
                selector.register(pipe, selectors.EVENT_READ, name)  # type: ignore[arg-type]
            next_batch = next_look = 0.0
            deadline: float | None = None
            while selector.get_map():
                for key, _ in selector.select(timeout=0.1):
                    if not self._read(key.data, key.fd):
                        selector.unregister(key.fileobj)
                now = self.seconds
                if not ended.cause:
                    ended.cause = self._over(now, look=now >= next_look)
                    next_look = now + MEMORY_SECONDS if now >= next_look else next_look
                if now >= next_batch or len(self.lines) > 500:
                    reason = self._hand_over(deliver)
                    ended.cause = ended.cause or reason
                    next_batch = now + BATCH_SECONDS
                if ended.cause and deadline is None:
                    self.kill()
                    deadline = now + DRAIN_SECONDS
                if deadline is not None and now > deadline:
                    break
        self._flush_parts()
        self._hand_over(deliver)
        self.popen.wait()
        return self._ended(ended)

    def _read(self, name: str, descriptor: int) -> bool:
        """Take what the pipe has; False at its end."""
        try:
            data = os.read(descriptor, 65_536)
        except BlockingIOError:
            return True
        if not data:
            return False
        if name == "control":
            self.said += data
            return True
        room = max(0, self.limits.output_bytes - self.bytes)
        self.bytes += len(data)
        self.digest.update(data)
        self._split(name, data[:room])
        return True

    def _split(self, name: str, data: bytes) -> None:
        part = self.parts[name]
        part += data
        while (end := part.find(b"\n")) >= 0:
            self._line(name, bytes(part[:end]))
            del part[: end + 1]
        if len(part) > self.limits.line_bytes:  # the rest of the line, however long, is dropped
            self._line(name, bytes(part[: self.limits.line_bytes + 1]))
            self.too_long[name] = True
            part.clear()

    def _line(self, name: str, text: bytes) -> None:
        if self.too_long[name]:
            self.too_long[name] = False
        elif text.strip():
            self.lines.append(Line(text, name == "stderr", self.seconds))

    def _flush_parts(self) -> None:
        for name, part in self.parts.items():
            if part:
                self._line(name, bytes(part))
                part.clear()

    def _hand_over(self, deliver: Deliver) -> str:
        lines, self.lines = self.lines, []
        return deliver(lines)

    def _over(self, now: float, *, look: bool) -> str:
        if now > self.limits.wall_seconds:
            return f"stopped at the time limit of {self.limits.wall_seconds:.0f} s"
        if self.bytes > self.limits.output_bytes:
            return f"stopped at the output limit of {self.limits.output_bytes} bytes"
        return self._looked_over() if look else ""

    def _looked_over(self) -> str:
        """The limits that are dear to look at; the kernel keeps them where it can."""
        if (used := self._memory()) > self.limits.memory_bytes:
            return f"stopped at the memory limit: {used} of {self.limits.memory_bytes} bytes"
        if (written := bytes_below(self.scratch)) > self.limits.scratch_bytes:
            return f"stopped at the scratch limit: {written} of {self.limits.scratch_bytes} bytes"
        return ""

    def _tree(self) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.popen.pid)
            return [top, *top.children(recursive=True)]
        except psutil.Error:
            return []

    def _memory(self) -> int:
        """Bytes that the whole tree holds now; remembers the peak, and the time it has used."""
        tree, spent = self._tree(), 0.0
        used = memory_of(tree)
        for process in tree:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                spent += times.user + times.system
        self.peak = max(self.peak, used)
        self.spent = max(self.spent, spent)
        return used

    def kill(self) -> None:
        """End everything that was started here."""
        if self.popen.poll() is not None:
            return
        tree = self._tree()
        for process in reversed(tree):
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.popen.kill()

    def _ended(self, ended: Ended) -> Ended:
        ended.wall_seconds = self.seconds
        ended.output_bytes = self.bytes
        ended.output_sha256 = self.digest.hexdigest()
        ended.cpu_seconds, ended.peak_memory_bytes = self.spent, self.peak
        for line in bytes(self.said).splitlines():
            with contextlib.suppress(ValueError):
                report = json.loads(line)
                if "exit_code" in report:
                    ended.exit_code = report["exit_code"]
                    ended.cpu_seconds = report["cpu_seconds"]
                    ended.peak_memory_bytes = max(report["peak_memory_bytes"], self.peak)
                else:
                    ended.in_force = report
        return ended
