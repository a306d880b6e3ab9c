"""Fences a reader process puts around itself before it touches untrusted bytes.

Each fence is tried on its own, and confine() returns those that stand, so that a result can
say what protected the machine while it was made. Linux only; elsewhere the resource limits
alone remain.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pypdf

_NOBODY = 65_534
_CLONE_NEWNET, _CLONE_NEWUSER, _CLONE_NEWIPC = 0x40000000, 0x10000000, 0x08000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 4, 38, 22

# System calls that reading a document never needs, as the numbers of each machine's kernel
# table: making sockets, processes and programs, signalling or looking into other processes,
# mounting, leaving namespaces, loading kernel code, keys, bpf, perf, io_uring, memfd. Inside a
# reader they answer "not permitted". The first number names the machine to seccomp.
_REFUSED: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (
            41,
            42,
            43,
            49,
            50,
            53,
            56,
            57,
            58,
            59,
            62,
            101,
            129,
            155,
            161,
            165,
            166,
            175,
            200,
            246,
            248,
            249,
            250,
            272,
            288,
            298,
            308,
            310,
            311,
            313,
            319,
            321,
            322,
            323,
            424,
            425,
            434,
            435,
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            39,
            40,
            41,
            51,
            97,
            104,
            105,
            117,
            129,
            130,
            138,
            198,
            199,
            200,
            201,
            202,
            203,
            217,
            218,
            219,
            220,
            221,
            241,
            242,
            268,
            270,
            271,
            273,
            279,
            280,
            281,
            282,
            424,
            425,
            434,
            435,
        ),
    ),
}
_X32_CALLS = 0x40000000  # the same calls under other numbers on x86-64


def limit_resources(memory_bytes: int, descriptors: int = 64) -> list[str]:
    """Cap address space, open files, written files, core dumps and new processes."""
    fences = []
    wanted = {
        "memory": (resource.RLIMIT_AS, memory_bytes),
        "written files": (resource.RLIMIT_FSIZE, 0),
        "open files": (resource.RLIMIT_NOFILE, descriptors),
        "core dumps": (resource.RLIMIT_CORE, 0),
        "new processes": (resource.RLIMIT_NPROC, 0),
    }
    for name, (kind, value) in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
            fences.append(name)
    return fences


def limit_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of CPU; then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + seconds + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def confine(memory_bytes: int) -> list[str]:
    """Put up every fence this system allows; names of those that stand.

    Call once, in a process of one thread, after its modules are loaded.
    """
    fences = []
    for name, fence in (
        ("network", _leave_network),
        ("file system", _close_file_system),
        ("unprivileged user", _drop_privileges),
        ("system calls", _refuse_system_calls),
    ):
        try:
            if fence():
                fences.append(name)
        except (OSError, AttributeError, ValueError):
            continue
    return fences + limit_resources(memory_bytes)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _leave_network() -> bool:
    """Move to a network of our own that has no interface."""
    unshare: Callable[[int], int] = _libc().unshare
    if unshare(_CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        return True
    return unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0


def _drop_privileges() -> bool:
    """Become nobody when started by root, and never gain anything back."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    libc = _libc()
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and os.geteuid() != 0


def _close_file_system() -> bool:
    """Landlock: nothing may be opened but Python's own modules, for reading."""
    libc = _libc()
    version = libc.syscall(444, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = (1 << (13 if version < 2 else 14 if version < 3 else 15)) - 1
    ruleset_attr = struct.pack("<Q", handled)
    ruleset = libc.syscall(444, ruleset_attr, ctypes.c_size_t(len(ruleset_attr)), 0)
    if ruleset < 0:
        return False
    try:
        read_only = (1 << 2) | (1 << 3)  # read file, read directory
        for folder in {
            Path(os.__file__).parent,
            Path(pypdf.__file__).parent.parent,
        }:
            handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("<Qi", read_only, handle)
            libc.syscall(445, ruleset, 1, rule, 0)
            os.close(handle)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return libc.syscall(446, ruleset, 0) == 0
    finally:
        os.close(ruleset)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _refuse_system_calls() -> bool:
    """Seccomp filter: sockets, new programs, signals to others and the like fail."""
    if platform.machine() not in _REFUSED or sys.maxsize < 2**32:
        return False
    architecture, numbers = _REFUSED[platform.machine()]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050001  # the latter: fail with EPERM
    count = len(numbers)
    program = [
        struct.pack("<HBBI", load, 0, 0, 4),
        struct.pack("<HBBI", equal, 0, count + 3, architecture),
        struct.pack("<HBBI", load, 0, 0, 0),
        struct.pack("<HBBI", at_least, count + 1, 0, _X32_CALLS),
    ]
    for position, number in enumerate(numbers):
        program.append(struct.pack("<HBBI", equal, count - position, 0, number))
    program.append(struct.pack("<HBBI", answer, 0, 0, allow))
    program.append(struct.pack("<HBBI", answer, 0, 0, refuse))
    code = b"".join(program)
    libc = _libc()
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filter_ = _Program(len(program), code)
    return libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(filter_), 0, 0) == 0
