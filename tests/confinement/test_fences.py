"""Programs that try to break out, each at one fence; what they got, they print."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import psutil
import pytest

from confinement import fences, kernel
from confinement.process import Ended, Limits, run_confined
from confinement.usage import bytes_below, memory_of

MIB = 2**20
ROOT = Path(__file__).resolve().parents[2]
PYTHON = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable)]
TRY = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def tried(act):
    try:
        return act()
    except OSError as error:
        return type(error).__name__
def called(number, *arguments):
    answer = libc.syscall(number, *arguments)
    return os.strerror(ctypes.get_errno()) if answer < 0 else "it was done"
"""


def run(code: str, *, cover: tuple[Path, ...] = (), keep: tuple[Path, ...] = (), **limits: int):
    """What a confined program with this code printed, and how it ended."""
    printed: list[str] = []

    def deliver(lines):
        printed.extend(line.text.decode() for line in lines)
        return ""

    ended = run_confined(
        [sys.executable, "-c", TRY + code],
        environment={"PATH": "/usr/bin:/bin"},
        limits=Limits(wall_seconds=120, cpu_seconds=60, **limits),
        deliver=deliver,
        cover=cover,
        keep=[*PYTHON, *keep],
    )
    return printed, ended


def needs(ended: Ended, *names: str) -> None:
    """This kernel grants these fences to the user of the tests; else the test says nothing."""
    missing = [name for name in names if str(ended.in_force[name]).startswith("not in force")]
    assert not missing, f"the tests need a kernel that allows {missing}: {ended.in_force}"


def test_covered_folders_are_empty_but_for_what_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name in ("site/code", "site/data", "mail"):
        (home / name).mkdir(parents=True)
        (home / name / "file").write_text(name)
    (home / "current").symlink_to("site")
    code = f"""
for name in ("", "site", "site/code", "site/data", "current/code"):
    print(sorted(os.listdir({str(home)!r} + "/" + name)))
"""

    printed, ended = run(
        code, cover=(home, home / "site/data"), keep=(home / "current" / "code", home / "site")
    )

    needs(ended, "files")
    assert printed == ["['current', 'site']", "['code', 'data']", "['file']", "[]", "['file']"]


def test_python_below_a_covered_home_still_starts(tmp_path: Path) -> None:
    cover = tuple({Path(sys.prefix).parent, Path(sys.prefix).resolve().parent, ROOT})

    printed, ended = run("import psutil; print('started')", cover=cover)

    needs(ended, "files")
    assert (printed, ended.exit_code) == (["started"], 0)
    assert ended.in_force["covered"] != "nothing"


def test_only_scratch_can_be_written_and_it_holds_only_so_much() -> None:
    code = f"""
print(tried(lambda: open({str(ROOT / "left-behind")!r}, "w")))
def fill():
    for number in range(40):
        with open(f"part-{{number}}", "wb") as part:
            part.write(bytes({MIB}))
print(tried(fill))
print(sum(os.path.getsize(name) for name in os.listdir(".")) <= {8 * MIB})
"""

    printed, ended = run(code, scratch_bytes=8 * MIB)

    needs(ended, "scratch")
    assert printed == ["OSError", "OSError", "True"]
    assert not (ROOT / "left-behind").exists()


def test_scratch_on_disk_is_measured(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "part").write_bytes(bytes(3 * MIB))

    assert 3 * MIB <= bytes_below(tmp_path) < 4 * MIB


@pytest.mark.parametrize(
    "call",
    [
        "memfd_create, b'x', 0",
        "memfd_secret, 0",
        "shmget, 0, 1 << 30, 0o1600",
        "unshare, 0x10000000",
        "setns, 0, 0",
        "clone, 0x10000011, 0, 0, 0, 0",
        "mount, 0, 0, 0, 0, 0",
        "ptrace, 16, 1, 0, 0",
        "process_vm_readv, 1, 0, 0, 0, 0, 0",
        "keyctl, 0, -3, 1",
        "bpf, 0, 0, 0",
        "io_uring_setup, 1, 0",
        "perf_event_open, 0, 0, 0, 0, 0",
        "userfaultfd, 0",
    ],
)
def test_a_system_call_that_no_program_needs_is_refused(call: str) -> None:
    name, arguments = call.split(", ", 1)
    number = kernel.CALLS[name][0 if os.uname().machine == "x86_64" else 1]

    printed, ended = run(f"print(called({number}, {arguments}))")

    needs(ended, "system calls")
    assert printed == ["Operation not permitted"]


@pytest.mark.parametrize("family", [40, 38, 17, 31, 44, 2**32 + 40])
def test_sockets_that_no_namespace_holds_are_refused(family: int) -> None:
    number = kernel.CALLS["socket"][0 if os.uname().machine == "x86_64" else 1]

    printed, ended = run(f"print(called({number}, ctypes.c_long({family}), 1, 0))")

    needs(ended, "system calls")
    assert printed == ["Operation not permitted"]


def test_sockets_inside_the_namespace_are_still_made() -> None:
    code = """
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
    print(tried(lambda: socket.socket(family).close()))
print(len(socket.socketpair()))
"""

    printed, _ = run(code)

    assert printed == ["None", "None", "None", "2"]


def test_threads_and_processes_still_start() -> None:
    code = """
import subprocess, threading
thread = threading.Thread(target=print, args=["thread"]); thread.start(); thread.join()
print(subprocess.run([sys.executable, "-c", "print('process')"], capture_output=True).stdout)
"""

    printed, _ = run(code)

    assert printed == ["thread", "b'process\\n'"]


def test_processes_are_limited_in_number() -> None:
    code = """
import time
children = 0
def multiply():
    global children
    while children < 60:
        if os.fork() == 0:
            time.sleep(60)
        children += 1
print(tried(multiply), children < 40)
"""

    printed, ended = run(code, processes=30)

    needs(ended, "user")
    assert printed == ["BlockingIOError True"]


def test_started_as_root_a_program_is_nobody_and_reads_no_secrets() -> None:
    code = "print(os.getuid() != 0, tried(lambda: len(open('/etc/shadow').read())))"

    printed, _ = run(code)

    assert printed == ["True PermissionError"]


def test_the_process_above_cannot_be_looked_into_or_ended() -> None:
    code = """
print(tried(lambda: os.listdir("/proc/1/fd")))
print(tried(lambda: os.kill(1, 9)) is not None or os.path.exists("/proc/1"))
print(tried(lambda: os.setuid(0)), tried(lambda: os.chroot("/")))
print(tried(lambda: socket.create_connection(("127.0.0.1", 9), 2)))
"""

    printed, ended = run(code)

    needs(ended, "processes", "process list", "network")
    assert printed == ["PermissionError", "True", "PermissionError PermissionError", "OSError"]


def test_memory_without_a_name_counts_though_nobody_maps_it() -> None:
    mine = [psutil.Process()]
    before = memory_of(mine)
    handle = os.memfd_create("hoard")
    try:
        os.write(handle, bytes(64 * MIB))
        assert memory_of(mine) - before > 60 * MIB
    finally:
        os.close(handle)


def test_a_filter_for_this_machine_has_an_answer_for_every_call() -> None:
    code = fences._filter_code(sorted(kernel.CALLS))

    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096  # the longest filter that Linux takes
    assert ctypes.sizeof(fences._Filter) == 2 * ctypes.sizeof(ctypes.c_void_p)
