"""Started in place of a program: puts up the fences, then becomes the program's parent.

On the control pipe it writes one JSON line saying what is really in force before the program
starts, and one saying how the program ended. Whatever cannot be had on this machine is stated as
not in force.

Order: new user, network, mount, process, IPC and host-name namespaces; die with the worker; cover
what the program has no business with; make the rest read-only; become nobody; refuse system calls;
set limits. Standard library only, as nothing here is trusted yet.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from confinement import fences, kernel
from confinement.limits import set_limits

OWN = "own namespace"


def main(control: int, plan: dict[str, Any]) -> None:
    """The first of three processes: it dies with the worker, and waits outside."""
    os.set_inheritable(control, False)
    os.setsid()
    os.umask(0o022)  # what is laid over a folder has to be passable
    in_force = {"user": _tried(fences.own_user_namespace, OWN)}
    for name in kernel.NAMESPACES:
        in_force[name] = _tried(partial(fences.own_namespace, name), OWN)
    fences.die_with(plan["parent"])  # entering a user namespace forgot any earlier wish
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(held)
        _first_inside(control, plan, in_force, alive)
    os.close(alive)
    os.close(control)
    os.waitpid(child, 0)
    os._exit(0)


def _tried(fence: Callable[[], object], stands: str) -> str:
    """`stands`, or the sentence that the fence is not in force."""
    try:
        fence()
    except OSError as error:
        return f"not in force: {error.strerror}"
    return stands


def _first_inside(control: int, plan: dict[str, Any], in_force: dict[str, Any], alive: int) -> None:
    """The second: first of the new namespace, so that with it everything below it ends."""
    _close_files(plan, in_force)
    in_force["privileges"] = _tried(fences.no_new_privileges, "no new privileges")
    in_force["account"] = _tried(fences.become_nobody, "not root")
    # A change of user makes the kernel forget this wish too; the pipe tells what it missed.
    kernel.libc.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if select.select([alive], [], [], 0)[0]:
        os._exit(1)
    refuse = plan["refuse"]
    in_force["system calls"] = _tried(lambda: fences.refuse(refuse), f"{len(refuse)} refused")
    _tried(fences.hide_memory, "")
    limits = dict(plan["limits"])
    if in_force["user"] != OWN and os.getuid() != fences.NOBODY:
        del limits["nproc"]  # it would count what else this account runs
    child = os.fork()
    if child == 0:
        _become_program(plan, limits)
    in_force["limits"] = limits
    os.write(control, (json.dumps(in_force) + "\n").encode())
    _, status, used = os.wait4(child, 0)
    ended = {
        "exit_code": os.waitstatus_to_exitcode(status),
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_memory_bytes": used.ru_maxrss * 1024,
    }
    os.write(control, (json.dumps(ended) + "\n").encode())
    os._exit(0)


def _close_files(plan: dict[str, Any], in_force: dict[str, Any]) -> None:
    """Everything of the file system that needs mounts of our own."""
    if in_force["mounts"] != OWN:
        in_force["files"] = in_force["scratch"] = "not in force: no own mounts"
        return
    if in_force["processes"] == OWN:
        in_force["process list"] = _tried(fences.own_process_list, "own")
    covered: list[str] = []
    places = [*plan["cover"], *(fences.closed_to_nobody(plan["keep"]) if os.geteuid() == 0 else [])]
    in_force["files"] = _tried(
        lambda: covered.extend(fences.cover(places, plan["keep"])),
        "read-only but for a scratch folder",
    )
    in_force["covered"] = ", ".join(covered) or "nothing"
    sizes = plan["scratch_bytes"], plan["shared_bytes"]
    in_force["scratch"] = _tried(
        lambda: fences.read_only(plan["scratch"], *sizes), f"{sizes[0]} bytes of memory"
    )


def _become_program(plan: dict[str, Any], limits: dict[str, int]) -> None:
    """The third becomes the program, under its limits."""
    try:
        kernel.libc.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        set_limits(limits)
        os.chdir(plan["scratch"])
        os.execve(plan["command"][0], plan["command"], plan["environment"])  # noqa: S606
    except (OSError, ValueError) as error:
        sys.stderr.write(f"could not start: {error}\n")
        sys.stderr.flush()
    os._exit(127)
