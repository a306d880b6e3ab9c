"""What a process may see and call. Each fence either stands or raises OSError.

Standard library only, as these run in a process before anything else there is trusted, and in one
thread, as namespaces and filters hold for the thread that asks for them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import stat
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from confinement import kernel
from confinement.kernel import CALLS, libc

NOBODY = 65_534  # the overflow uid and gid of the kernel, "nobody" on every distribution
# What neither a reader nor a program has any business with.
NEVER_NEEDED = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "rt_sigqueueinfo"),
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_tree", "move_mount"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at"),
    *("quotactl", "swapon", "acct", "init_module", "finit_module", "kexec_load"),
    *("kexec_file_load", "reboot", "syslog", "settimeofday", "clock_settime", "bpf"),
    *("perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("add_key", "request_key", "keyctl", "memfd_create", "memfd_secret", "shmget"),
)
# Kinds of sockets that exist in the network namespace alone. Others reach past it (AF_VSOCK: the
# host of a virtual machine) or into parts of the kernel that no program needs (AF_ALG).
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
# Two limits of the kernel's: links that a path may lead through, numbers of capabilities.
_MOST_LINKS, _MOST_CAPABILITIES = 40, 64


def die_with(parent: int) -> None:
    """Be killed when the parent dies; leave at once if that has happened already.

    To be said again after a change of user, which makes the kernel forget it.
    """
    libc.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def own_user_namespace() -> None:
    """A user namespace of our own, in which mounts can be made. root and nobody exist in it."""
    if os.geteuid() == 0:
        _map_two_users()
        return
    user, group = os.getuid(), os.getgid()
    kernel.checked(libc.unshare(kernel.NEW_USER))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text)


def _map_two_users() -> None:
    """Only a process that stayed outside may bring a second user into the new namespace."""
    entered, enter = os.pipe()
    outside, ours = os.fork(), os.getpid()
    if outside == 0:
        os.close(enter)
        try:
            if os.read(entered, 1):
                ours = os.getppid()
                for name in ("uid_map", "gid_map"):
                    Path(f"/proc/{ours}/{name}").write_text(f"0 0 1\n{NOBODY} {NOBODY} 1\n")
                os._exit(0)
        finally:
            os._exit(1)
    os.close(entered)
    try:
        kernel.checked(libc.unshare(kernel.NEW_USER))
        os.write(enter, b"!")
    finally:
        os.close(enter)
        _, status = os.waitpid(outside, 0)
    if status:
        raise PermissionError(errno.EPERM, "users could not be mapped")


def own_namespace(name: str) -> None:
    """Enter a namespace of our own, by its name in kernel.NAMESPACES."""
    kernel.checked(libc.unshare(kernel.NAMESPACES[name]))


def leave_network() -> None:
    """A network without any interface, and no shared memory of others."""
    flags = kernel.NAMESPACES["network"] | kernel.NAMESPACES["ipc"]
    if libc.unshare(flags):
        kernel.checked(libc.unshare(kernel.NEW_USER | flags))


def become_nobody() -> None:
    """Give up root. Raises OSError when this process is root and cannot."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)


def no_new_privileges() -> None:
    """No capability survives the start of a program, and none can be gained."""
    for capability in range(_MOST_CAPABILITIES):
        refused = libc.prctl(kernel.PR_CAPBSET_DROP, capability, 0, 0, 0)
        if refused and ctypes.get_errno() == errno.EPERM:
            break
    kernel.checked(libc.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def hide_memory() -> None:
    """Let nobody but root look into this process; ends with the next program it becomes."""
    kernel.checked(libc.prctl(kernel.PR_SET_DUMPABLE, 0, 0, 0, 0))


def own_process_list() -> None:
    """A /proc that shows our namespace alone: not the worker, nor its environment."""
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV)


def cover(places: Iterable[str], keep: Sequence[str]) -> list[str]:
    """Lay an empty folder over each place, and bind back what of `keep` lies below.

    Outer places first, so that one inside a kept folder is covered too. Returns those covered.
    Needs a mount namespace of our own.
    """
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_PRIVATE)
    covered: list[str] = []
    links, folders = _with_links(keep)
    for place in sorted({os.path.realpath(place) for place in places}, key=len):
        if Path(place).is_dir() and place != "/" and place not in folders:
            _cover(place, links, folders)
            covered.append(place)
    return covered


def closed_to_nobody(keep: Iterable[str]) -> list[str]:
    """Folders on the way to `keep` that only their owner may pass, such as root's home.

    Covered, they are passed by everybody, and show nothing but what is kept.
    """
    links, folders = _with_links(keep)
    ways = {parent for path in (*links, *folders) for parent in Path(path).parents}
    return [str(way) for way in ways if way.is_dir() and not way.stat().st_mode & stat.S_IXOTH]


def _cover(place: str, links: dict[str, str], folders: set[str]) -> None:
    inside = sorted(path for path in folders if path.startswith(place + "/"))
    held = {path: os.open(path, os.O_PATH) for path in inside if Path(path).exists()}
    kernel.mount("tmpfs", place, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    for path, target in links.items():
        if path.startswith(place + "/") and not any(path.startswith(it + "/") for it in held):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).symlink_to(target)
    for path, handle in held.items():
        if not Path(path).exists():  # else it came with a folder above it
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                Path(path).mkdir()
            else:
                Path(path).touch()
            source = f"/proc/self/fd/{handle}"
            kernel.mount(source, path, "none", kernel.MS_BIND | kernel.MS_REC)
        os.close(handle)


def _with_links(paths: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """The links that lead to each path, each with its target, and where the paths really are."""
    links: dict[str, str] = {}
    for path in paths:
        current = Path(path).absolute()
        for _ in range(_MOST_LINKS):
            way = [*reversed(current.parents), current]
            link = next((place for place in way if place.is_symlink()), None)
            if link is None:
                break
            links[str(link)] = str(link.readlink())
            # Without looking at the disk: a further link on the way is for the next round.
            onward = link.parent / link.readlink() / current.relative_to(link)
            current = Path(os.path.normpath(onward))
    return links, {os.path.realpath(path) for path in paths}


def read_only(scratch: str, scratch_bytes: int, shared_bytes: int) -> None:
    """Make everything read-only but a scratch folder in memory, of fixed size.

    shared_bytes: how much processes may share by name (/dev/shm), for libraries that do.
    """
    Path(scratch).mkdir(parents=True, exist_ok=True)
    kernel.read_only_tree("/")
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount(
        "tmpfs", scratch, "tmpfs", flags, f"size={scratch_bytes},nr_inodes=65536,mode=1777"
    )
    if Path("/dev/shm").is_dir():  # noqa: S108 (ours from now on)
        kernel.mount("tmpfs", "/dev/shm", "tmpfs", flags, f"size={shared_bytes},mode=1777")  # noqa: S108


def only_readable(folders: Iterable[Path]) -> None:
    """Landlock: nothing may be opened but what lies in these folders, for reading."""
    version = libc.syscall(kernel.LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        raise OSError(errno.ENOSYS, "no Landlock")
    # linux/landlock.h: 13 rights of files in version 1, then refer (2) and truncate (3).
    handled = (1 << (13 if version < 2 else 14 if version < 3 else 15)) - 1
    attributes = struct.pack("<Q", handled)
    size = ctypes.c_size_t(len(attributes))
    ruleset = libc.syscall(kernel.LANDLOCK_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "no Landlock")
    try:
        read_file, read_folder, beneath = 1 << 2, 1 << 3, 1
        for folder in folders:
            handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            rule = struct.pack("<Qi", read_file | read_folder, handle)
            libc.syscall(kernel.LANDLOCK_ADD_RULE, ruleset, beneath, rule, 0)
            os.close(handle)
        libc.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        kernel.checked(libc.syscall(kernel.LANDLOCK_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def refuse(names: Iterable[str]) -> None:
    """A seccomp filter that permits none of these system calls, no new namespaces, and no sockets
    but those that the network namespace holds."""
    code = _filter_code(sorted(set(names)))
    libc.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _Filter(len(code) // 8, code)
    mode_filter = 2
    kernel.checked(libc.prctl(kernel.PR_SET_SECCOMP, mode_filter, ctypes.byref(program), 0, 0))


def _filter_code(names: Sequence[str]) -> bytes:
    """The filter as classic BPF over struct seccomp_data (linux/seccomp.h)."""
    machines = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # linux/audit.h
    if platform.machine() not in machines or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, "no filter for this machine")
    column, machine = machines[platform.machine()]
    # linux/bpf_common.h: load a word; jump if equal, at least, any bit set; return.
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, not_permitted = 0x7FFF0000, 0x00050000 | errno.EPERM
    # A pointer hides the flags of clone3 from filters; told that it is missing, libc takes clone.
    missing = 0x00050000 | errno.ENOSYS
    at_number, at_machine, at_flags = 0, 4, 16  # flags, or whatever the first argument is
    other_calls = 0x40000000  # x86-64 has every call a second time from here on (x32)

    def step(operation: int, value: int, jump: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("<HBBI", operation, jump, otherwise, value)

    def guarded(number: int, action: int) -> bytes:
        return step(equal, number, 0, 1) + step(answer, action)

    code = step(load, at_machine) + step(equal, machine, 1, 0) + step(answer, not_permitted)
    code += step(load, at_number) + step(at_least, other_calls, 0, 1) + step(answer, not_permitted)
    for name in names:
        number = CALLS[name][column]
        if number is not None:
            code += guarded(number, not_permitted)
    code += guarded(CALLS["clone3"][column] or 0, missing)
    code += step(equal, CALLS["socket"][column] or 0, 0, len(_FAMILIES) + 3) + step(load, at_flags)
    for place, family in enumerate(_FAMILIES):
        code += step(equal, family, len(_FAMILIES) - place, 0)
    code += step(answer, not_permitted) + step(answer, allow)
    code += step(equal, CALLS["clone"][column] or 0, 0, 3) + step(load, at_flags)
    code += step(any_bit, kernel.ANY_NAMESPACE, 0, 1) + step(answer, not_permitted)
    return code + step(answer, allow)
