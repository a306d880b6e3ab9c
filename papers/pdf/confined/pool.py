"""Reader processes kept ready, and replaced when they die, grow or overrun.

A reader is never trusted: its answer is capped, its time is measured from here, and its
whole process group is killed when it is let go.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from papers.pdf.confined.grobid import (
    GrobidUnavailable,
    ask_grobid,
    grobid_url,
    with_second_opinion,
)
from papers.pdf.extraction import Extraction
from papers.pdf.limits import LENGTH, Budget, Status

_ROOT = Path(__file__).resolve().parents[3]
_START_SECONDS = 60.0
_DOCUMENTS_PER_READER = 300
_BOOT = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from papers.pdf.confined.process import main; main({descriptor}, {memory})"
)


class ReaderDied(Exception):
    """The reader ended, or overran, before it answered. signal: what ended it, if one did."""

    def __init__(self, reason: str, ended_by: int = 0) -> None:
        super().__init__(reason)
        self.ended_by = ended_by


class Reader:
    """One confined process. Not for use by two threads at once.

    peak_bytes and cpu_seconds: memory held at most, and CPU time of the last document.
    """

    def __init__(self, budget: Budget) -> None:
        self.documents = 0
        self.peak_bytes = 0
        self.cpu_seconds = 0.0
        self._folder = tempfile.mkdtemp(prefix="reader-")
        Path(self._folder).chmod(0o755)
        self._complaints = Path(self._folder, "stderr").open("w+b")  # noqa: SIM115 - close() closes it
        self._channel, theirs = socket.socketpair()
        code = _BOOT.format(root=str(_ROOT), descriptor=theirs.fileno(), memory=budget.memory_bytes)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", code],
                cwd=self._folder,
                env={"TMPDIR": self._folder, "MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        try:
            self.fences: list[str] = self._receive(time.monotonic() + _START_SECONDS, 1 << 20)[
                "fences"
            ]
        except ReaderDied as death:
            self._complaints.seek(0)
            complaint = self._complaints.read(2000).decode("utf-8", "replace")
            self.close()
            raise RuntimeError(f"A reader process could not be started: {complaint}") from death
        shutil.rmtree(self._folder)  # it may not write anyway, and a killed parent leaves nothing

    @property
    def pid(self) -> int:
        return self._process.pid

    def read(self, file: int, budget: Budget) -> Extraction:
        """Send an open descriptor and wait. Raises ReaderDied when no answer comes in time."""
        answer = self._ask(file, budget, {})
        try:
            return Extraction.from_json(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise ReaderDied("The answer is not an extraction.") from problem

    def show(self, file: int, budget: Budget, wish: dict[str, Any]) -> dict[str, Any]:
        """What a viewer asks of an open descriptor. Raises ReaderDied."""
        return self._ask(file, budget, {"view": wish})

    def _ask(self, file: int, budget: Budget, more: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + budget.wall_seconds
        request = json.dumps(budget.to_json() | more).encode()
        try:
            socket.send_fds(self._channel, [request], [file])
        except OSError as problem:
            raise ReaderDied(str(problem), self._ending()) from problem
        answer = self._receive(deadline, budget.reply_bytes + (1 << 16))
        self.documents += 1
        try:
            self.peak_bytes = int(answer["peak_bytes"])
            self.cpu_seconds = float(answer["cpu_seconds"])
            result = answer["result"]
        except (KeyError, TypeError, ValueError) as problem:
            raise ReaderDied("The answer is not a reader's.") from problem
        if not isinstance(result, dict):
            raise ReaderDied("The answer is not an object.")
        return result

    def _receive(self, deadline: float, limit: int) -> dict[str, Any]:
        (size,) = LENGTH.unpack(self._receive_exactly(LENGTH.size, deadline))
        if size > limit:
            raise ReaderDied("The answer is longer than allowed.")
        try:
            answer = json.loads(self._receive_exactly(size, deadline))
        except ValueError as problem:
            raise ReaderDied("The answer is not JSON.") from problem
        if not isinstance(answer, dict):
            raise ReaderDied("The answer is not an object.")
        return answer

    def _receive_exactly(self, size: int, deadline: float) -> bytes:
        parts: list[bytes] = []
        while size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._channel], [], [], left)[0]:
                raise ReaderDied("time", signal.SIGKILL)
            try:
                part = self._channel.recv(min(size, 1 << 20))
            except OSError:
                part = b""
            if not part:
                raise ReaderDied("The reader ended.", self._ending())
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _ending(self) -> int:
        """The signal that ended the process, 0 when none did."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return -min(0, self._process.wait(timeout=5))
        return 0

    def close(self) -> None:
        """Kill the process and all it may have started, and remove its folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        self._complaints.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class ReaderPool:
    """Up to `size` readers, started when first needed. Safe for threads.

    deaths, peak_bytes and cpu_seconds count over all readers and documents so far.
    Use as a context manager, or call close().
    """

    def __init__(self, size: int = 1, budget: Budget | None = None) -> None:
        self.size = size
        self.budget = budget or Budget()
        self.deaths = 0
        self.peak_bytes = 0
        self.cpu_seconds = 0.0
        self._idle: queue.LifoQueue[Reader | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: str | os.PathLike[str]) -> Extraction:
        """Read one file. Raises OSError when the file itself cannot be opened."""
        started = time.monotonic()
        with Path(path).open("rb") as stream:
            result = self._read(stream.fileno())
        result.seconds = round(time.monotonic() - started, 3)
        return result

    def read_many(
        self, paths: Iterable[str | os.PathLike[str]]
    ) -> Iterator[tuple[str, Extraction | OSError]]:
        """(path, result) in the order given, reading as many at once as there are readers."""

        def one(path: str | os.PathLike[str]) -> tuple[str, Extraction | OSError]:
            try:
                return os.fspath(path), self.read(path)
            except OSError as problem:
                return os.fspath(path), problem

        with ThreadPoolExecutor(self.size) as threads:
            yield from threads.map(one, paths)

    def _read(self, file: int) -> Extraction:
        reader = self._idle.get()
        try:
            if reader is None:
                reader = Reader(self.budget)
            result = reader.read(file, self.budget)
            self.peak_bytes = max(self.peak_bytes, reader.peak_bytes)
            self.cpu_seconds += reader.cpu_seconds
            if self._is_worn(reader):
                reader.close()
                reader = None
            return result
        except ReaderDied as death:
            self.deaths += 1
            if reader is not None:
                reader.close()
            reader = None
            return _result_of_death(death)
        except BaseException:
            if reader is not None:
                reader.close()
            reader = None
            raise
        finally:
            self._idle.put(reader)

    def show(self, path: str | os.PathLike[str], wish: dict[str, Any]) -> dict[str, Any]:
        """What a viewer asks of a file; {"problem": …} where it cannot be shown.

        Raises OSError when the file itself cannot be opened.
        """
        with Path(path).open("rb") as stream:
            reader = self._idle.get()
            try:
                reader = reader or Reader(self.budget)
                shown = reader.show(stream.fileno(), self.budget, wish)
                if self._is_worn(reader):
                    reader.close()
                    reader = None
                return shown
            except ReaderDied:
                self.deaths += 1
                if reader is not None:
                    reader.close()
                reader = None
                return {"problem": "died"}
            except BaseException:
                if reader is not None:
                    reader.close()
                reader = None
                raise
            finally:
                self._idle.put(reader)

    def _is_worn(self, reader: Reader) -> bool:
        grown = reader.peak_bytes > 0.6 * self.budget.memory_bytes
        return grown or reader.documents >= _DOCUMENTS_PER_READER

    def close(self) -> None:
        """End all readers; those at work are waited for."""
        for _ in range(self.size):
            reader = self._idle.get()
            if reader is not None:
                reader.close()
        for _ in range(self.size):
            self._idle.put(None)


def _result_of_death(death: ReaderDied) -> Extraction:
    """What a document is called that ended its reader."""
    if death.ended_by in (signal.SIGKILL, signal.SIGXCPU):
        return Extraction(Status.OVER_BUDGET, warnings=["Reading it took too long."])
    if death.ended_by in (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL):
        return Extraction(Status.OVER_BUDGET, warnings=["Reading it ran out of memory."])
    return Extraction(Status.MALFORMED, warnings=["Reading it broke the reader."])


_shared: dict[int, ReaderPool] = {}
_shared_lock = threading.Lock()


def shared_pool() -> ReaderPool:
    """The pool of this process, with one reader; a forked child gets its own."""
    with _shared_lock:
        pool = _shared.get(os.getpid())
        if pool is None:
            pool = _shared[os.getpid()] = ReaderPool(1)
        return pool


def read_pdf(
    path: str | os.PathLike[str],
    *,
    pool: ReaderPool | None = None,
    client: httpx.Client | None = None,
) -> Extraction:
    """Read and understand one PDF in a confined process.

    pool: readers to use; without one, the reader this process keeps. Whatever the file
    holds, the answer is an Extraction whose status and message say how it went. With
    GROBID_URL set, a readable file is also sent there, and ours becomes the second opinion;
    a server that fails costs a warning. client: for talking to it. Raises OSError when the
    path cannot be opened.
    """
    ours = (pool or shared_pool()).read(path)
    url = grobid_url()
    if not url or not (ours.status.has_text or ours.status is Status.NOT_A_PAPER):
        return ours
    try:
        theirs = ask_grobid(Path(path), url, client=client)
    except GrobidUnavailable:
        ours.warnings.append("GROBID did not answer; this is our own reading.")
        if ours.status is Status.OK:
            ours.status = Status.OK_WITH_WARNINGS
        return ours
    return with_second_opinion(ours, theirs)
