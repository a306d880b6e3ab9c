"""What a process may use up, as the kernel counts it. Standard library only."""

from __future__ import annotations

import contextlib
import resource


def set_limits(limits: dict[str, int]) -> list[str]:
    """Set resource limits, hard and soft, never above what this process may have.

    limits: by their names of setrlimit(2) in small letters. Returns those that hold.
    """
    held = []
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
            held.append(name)
    return held


def limit_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of CPU; then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + seconds + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
