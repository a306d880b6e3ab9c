"""One run of a listed program, confined: what it is given, what it may use, what it cannot see.

The site's worker and a runner on a machine of others start programs through here, so that a run
means the same on both. Neither Django nor a database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import reproductions
from confinement.process import Deliver, Ended, Limits, run_confined
from reproductions.programs import SHARED, Program
from reproductions.protocol.events import LINE_LIMIT

CODE = (".py", ".so")
PATIENCE = 4
"""A run may take this many times the budget of its manifest: machines are shared."""


@dataclass(frozen=True)
class Machine:
    """What this machine lends to a program. data: the folder with real data sets, if there is one.

    private: folders that no program has business with, beside those of :func:`covered`.
    """

    threads: int = 1
    memory_bytes: int = 6 * 2**30
    data: Path | None = None
    private: Sequence[Path] = ()


def limits_of(program: Program, scale: str, machine: Machine) -> Limits:
    """Limits of a run at that scale.  Raises KeyError if the manifest has no such scale."""
    budget = program.manifest.scales[scale].budget_seconds
    wall = max(60.0, float(budget * PATIENCE))
    return Limits(
        wall_seconds=wall,
        cpu_seconds=int(wall * (machine.threads + 1)),
        memory_bytes=machine.memory_bytes,
        line_bytes=LINE_LIMIT,
    )


def run(
    program: Program,
    *,
    scale: str,
    seed: int,
    device: str,
    machine: Machine,
    deliver: Deliver,
) -> Ended:
    """Run the program to its end and hand its lines over as they come."""
    command = [sys.executable, "-m", program.module, "--scale", scale]
    command += ["--seed", str(seed), "--device", device]
    if machine.data:
        command += ["--data", str(machine.data)]
    return run_confined(
        command,
        environment=_environment(program, device, machine),
        limits=limits_of(program, scale, machine),
        deliver=deliver,
        cover=[*machine.private, *_covered(program)],
        keep=_kept(program, machine),
    )


def _environment(program: Program, device: str, machine: Machine) -> dict[str, str]:
    """Nothing of ours: no secret, no address of the database."""
    threads = str(machine.threads)
    variables = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(map(str, _import_places(program))),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    }
    if device != "cuda":
        variables["CUDA_VISIBLE_DEVICES"] = ""
    return variables


def _import_places(program: Program) -> list[Path]:
    """Where the programs are imported from."""
    return [program.folder.parents[program.depth]]


def _covered(program: Program) -> list[Path]:
    """What a program has no business with: homes, secrets, sockets of services.

    And the whole repository, for it holds the answers: claims, printed numbers, earlier results.
    """
    places = ["/tmp", "/var/tmp", "/run", "/home", "/root", "/srv", "/mnt", "/media"]  # noqa: S108
    ours = Path(reproductions.__file__).parents[1]
    return [Path.home(), ours, *_import_places(program), *map(Path, places)]


def _kept(program: Program, machine: Machine) -> list[Path]:
    """What it needs, wherever that lies: Python, its own code, what programs share, real data.

    Not its manifest, and not its README, which tells what came out.
    """
    ours = Path(reproductions.__file__).parent
    shared = [ours / "__init__.py", *(ours / name for name in SHARED.values())]
    levels = [program.folder, *program.folder.parents][1 : program.depth + 1]
    packages = [level / "__init__.py" for level in levels]
    code = [path for path in program.folder.rglob("*") if path.suffix in CODE]
    python = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)]
    data = [machine.data] if machine.data else []
    return [path for path in (*shared, *packages, *code, *python, *data) if path.exists()]


def ending(
    ended: Ended, *, said: str, needs_data: str = "", cancelled: str = ""
) -> tuple[str, str]:
    """State and cause of a run, from how its process ended and what it last said.

    said: status of its last `end` event, "" without one.
    """
    if cancelled:
        return "cancelled", cancelled
    if ended.cause:
        return "stopped", ended.cause
    if ended.exit_code == 0 and said == "needs-data":
        return "needs-data", f"needs data: {needs_data}"
    if ended.exit_code == 0 and said == "ok":
        return "finished", ""
    if ended.exit_code is None:
        return "failed", "the process vanished without saying how"
    if ended.exit_code < 0:
        return "failed", f"killed by signal {-ended.exit_code}"
    if ended.exit_code == 0:
        return "failed", "ended without saying that it had finished"
    return "failed", f"exit code {ended.exit_code}"


def hardware() -> dict[str, Any]:
    """The machine as a careful reader wants to know it; no names of hosts."""
    return {
        "cores": os.cpu_count(),
        "ram_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 2),
        "accelerator": None,
    }
