"""The program's side: print events, refuse what no reader could use."""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import sys
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from .events import END_STATUSES, Scalar


class DataMissing(Exception):
    """A data set the run needs is not under ``--data``; the text says which and how laid out."""


class Reporter:
    """Prints one event per line, flushed, so that whoever reads sees it at once.

    As a context manager it prints ``start`` and ``end``: "ok" after an orderly block,
    "needs-data" after DataMissing (which it swallows), "failed" after any other exception
    (which it lets pass).
    """

    def __init__(
        self,
        program: str,
        *,
        scale: str,
        seed: int = 0,
        device: str = "cpu",
        stream: TextIO | None = None,
    ) -> None:
        self.program = program
        self.scale = scale
        self.seed = seed
        self.device = device
        self._stream = stream if stream is not None else sys.stdout
        self._measured: set[tuple[str, int]] = set()

    @classmethod
    def from_args(cls, args: argparse.Namespace) -> Self:
        """A reporter for the options made by :func:`reproductions.protocol.parser`."""
        return cls(args.program, scale=args.scale, seed=args.seed, device=args.device)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, DataMissing):
            self.needs_data(str(error))
            self.end("needs-data")
            return True
        self.end("ok" if error is None else "failed")
        return False

    def start(self) -> None:
        """Say what runs, and on what."""
        self._emit(
            "start",
            program=self.program,
            scale=self.scale,
            seed=self.seed,
            device=self.device,
            environment=environment(self.device),
        )

    def progress(self, done: float, total: float, note: str = "") -> None:
        """Say how far the run is; total 0 means that nobody knows."""
        self._emit("progress", done=done, total=total, note=note)

    def measure(
        self,
        id: str,
        value: float,
        *,
        metric: str,
        unit: str,
        setting: str,
        convention: str = "",
        seed: int | None = None,
        standard_error: float | None = None,
    ) -> None:
        """Report one measured number under a stable id.

        seed: the seed that made it, when one run goes through several; else the run's own.
        Raises ValueError for NaN, infinities, and an id measured twice with one seed.
        """
        seed = self.seed if seed is None else seed
        if (id, seed) in self._measured:
            raise ValueError(f"{id} was measured before with seed {seed}")
        fields: dict[str, object] = {
            "id": id,
            "setting": setting,
            "metric": metric,
            "value": value,
            "unit": unit,
            "convention": convention,
            "seed": seed,
        }
        if standard_error is not None:
            fields["standard_error"] = standard_error
        self._emit("measure", **fields)
        self._measured.add((id, seed))

    def point(self, curve: str, x: float, y: float, **more: Scalar) -> None:
        """Report one point of a plot, with further scalars such as ``label=``."""
        self._emit("point", curve=curve, x=x, y=y, **more)

    def log(self, text: str) -> None:
        """Say something to people."""
        self._emit("log", text=text)

    def needs_data(self, what: str) -> None:
        """Say which data set is missing, and in which layout it is expected."""
        self._emit("needs-data", what=what)

    def end(self, status: str = "ok") -> None:
        """Say that nothing follows."""
        if status not in END_STATUSES:
            raise ValueError(f"a run ends {END_STATUSES}, not {status!r}")
        self._emit("end", status=status)

    def _emit(self, event: str, **fields: object) -> None:
        plain = {key: _plain(key, value) for key, value in fields.items()}
        line = json.dumps({"event": event, **plain}, allow_nan=False, ensure_ascii=True)
        self._stream.write(line + "\n")
        self._stream.flush()


def _plain(key: str, value: object) -> object:
    """The value as JSON knows it; numbers of NumPy and one-element tensors become Python's."""
    item = getattr(value, "item", None)
    if callable(item):
        value = item()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{key} is {value}; only finite numbers are reported")
    return value


def environment(device: str = "cpu") -> dict[str, Scalar]:
    """What the run stands on: versions, threads, processor, accelerator."""
    return {
        "python": platform.python_version(),
        "torch": _version("torch"),
        "numpy": _version("numpy"),
        "threads": _threads(),
        "cpu": _processor(),
        "accelerator": _accelerator(device),
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _threads() -> int | None:
    torch = sys.modules.get("torch")
    if torch is not None:
        return int(torch.get_num_threads())
    return int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _accelerator(device: str) -> str | None:
    torch = sys.modules.get("torch")
    if device != "cuda" or torch is None or not torch.cuda.is_available():
        return None
    return str(torch.cuda.get_device_name(0))
