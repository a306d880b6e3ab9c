"""Started in place of a program: confines itself, then becomes the program's parent.

    python -I confinement.py <control fd> <plan as JSON>

Standard library only, and it imports nothing of ours: it runs before anything else is trusted.
On the control pipe it writes one JSON line saying what is really in force before the program
starts, and one saying how the program ended. Whatever cannot be had on this machine is stated as
not in force; nothing is pretended.

Order: new user, network, mount, process, IPC and host-name namespaces; die with the worker; cover
what the program has no business with; make the rest read-only; drop privileges; set limits.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLONE = {
    "user": 0x10000000,
    "network": 0x40000000,
    "mounts": 0x00020000,
    "processes": 0x20000000,
    "ipc": 0x08000000,
    "hostname": 0x04000000,
}
MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY, SYS_MOUNT_SETATTR = -100, 0x8000, 1, 442

libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    _checked(
        libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode() or None)
    )


def die_with(parent: int) -> None:
    """Be killed when the parent dies; leave at once if that has happened already."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def separate() -> dict[str, Any]:
    """Enter namespaces of our own; what was had, by name, or why it was not."""
    inside = os.getuid(), os.getgid()
    found: dict[str, Any] = {}
    try:
        _checked(libc.unshare(CLONE["user"]))
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{inside[0]} {inside[0]} 1"),
            ("gid_map", f"{inside[1]} {inside[1]} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text)
        found["user"] = "own namespace"
    except OSError as error:
        found["user"] = f"not in force: {error.strerror}"
    for name in CLONE:
        if name == "user":
            continue
        try:
            _checked(libc.unshare(CLONE[name]))
            found[name] = "own namespace"
        except OSError as error:
            found[name] = f"not in force: {error.strerror}"
    return found


def read_only(plan: dict[str, Any]) -> str:
    """Cover secrets and sockets, keep one folder writable, make all else read-only."""
    scratch = os.open(plan["scratch"], os.O_PATH)
    _mount("none", "/", "none", MS_REC | MS_PRIVATE)
    covered = [place for place in plan["cover"] if _cover(place, plan["needed"])]
    Path(plan["scratch"]).mkdir(parents=True, exist_ok=True)
    _mount(f"/proc/self/fd/{scratch}", plan["scratch"], "none", MS_BIND)
    os.close(scratch)
    # struct mount_attr: set read-only, clear nothing, on the whole tree at once.
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    _checked(libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, attributes, 32))
    _mount("none", plan["scratch"], "none", MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV)
    if Path("/dev/shm").is_dir():  # noqa: S108 (a memory of its own, for libraries that share it)
        _mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=256m,mode=1777")  # noqa: S108
    return "read-only but for a scratch folder; covered: " + (", ".join(covered) or "nothing")


def _cover(place: str, needed: list[str]) -> bool:
    """Lay an empty folder over a place, unless the program needs something below it."""
    real = os.path.realpath(place)
    if not Path(real).is_dir() or any((path + "/").startswith(real + "/") for path in needed):
        return False
    _mount("tmpfs", real, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    return True


def drop_privileges() -> str:
    """No capability survives the start of the program, and none can be gained."""
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) and ctypes.get_errno() == errno.EPERM:
            break
    _checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    return "no new privileges"


def limit(limits: dict[str, int]) -> None:
    """Set resource limits, hard and soft, never above what this process may have."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def own_process_list() -> str:
    """A process list that shows this namespace alone: not the worker, nor its environment."""
    _mount("none", "/", "none", MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
    return "own"


def tried(step: Callable[..., Any], *arguments: Any) -> Any:
    """What the step returns, or the sentence that it is not in force."""
    try:
        return step(*arguments)
    except OSError as error:
        return f"not in force: {error.strerror}"


def main() -> None:
    """The first of three processes: it dies with the worker, and waits outside."""
    control, plan = int(sys.argv[1]), json.loads(sys.argv[2])
    os.set_inheritable(control, False)
    os.setsid()
    in_force = separate()
    die_with(plan["parent"])  # entering a user namespace forgot any earlier wish
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(held)
        first_inside(control, plan, in_force, alive)
    os.close(alive)
    os.close(control)
    os.waitpid(child, 0)
    os._exit(0)


def first_inside(control: int, plan: dict[str, Any], in_force: dict[str, Any], alive: int) -> None:
    """The second: first of the new namespace, so that with it everything below it ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if select.select([alive], [], [], 0)[0]:
        os._exit(1)
    has_mounts = in_force.get("mounts") == "own namespace"
    if in_force.get("processes") == "own namespace" and has_mounts:
        in_force["process list"] = tried(own_process_list)
    in_force["files"] = tried(read_only, plan) if has_mounts else "not in force: no own mounts"
    in_force["privileges"] = tried(drop_privileges)
    child = os.fork()
    if child == 0:
        become_program(plan)
    in_force["limits"] = plan["limits"]
    os.write(control, (json.dumps(in_force) + "\n").encode())
    _, status, used = os.wait4(child, 0)
    ended = {
        "exit_code": os.waitstatus_to_exitcode(status),
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_memory_bytes": used.ru_maxrss * 1024,
    }
    os.write(control, (json.dumps(ended) + "\n").encode())
    os._exit(0)


def become_program(plan: dict[str, Any]) -> None:
    """The third becomes the program, under its limits."""
    try:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        limit(plan["limits"])
        os.chdir(plan["scratch"])
        os.execve(plan["command"][0], plan["command"], plan["environment"])  # noqa: S606
    except (OSError, ValueError) as error:
        sys.stderr.write(f"could not start: {error}\n")
        sys.stderr.flush()
    os._exit(127)


if __name__ == "__main__":
    main()
