"""The process that reads untrusted PDFs: starts fenced in, answers one document at a time.

Started by reader_pool; talks over one socket it inherits. A request is a line of JSON with
the file as an open descriptor beside it; the answer is a length and JSON. It ends when its
parent does.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import resource
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdf

from confinement import fences
from confinement.limits import limit_cpu, set_limits
from papers.pdf.extraction import Extraction
from papers.pdf.limits import LENGTH, Budget, Status
from papers.pdf.understanding import understand_pdf
from papers.pdf.viewing import view

_REQUEST_BYTES = 4096
_LATE_MODULES = (
    *(
        f"encodings.{name}"
        for name in ["aliases", "ascii", "charmap", "cp1252", "latin_1", "mac_roman"]
    ),
    *(f"encodings.{name}" for name in ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "idna"]),
    "cryptography.hazmat.primitives.ciphers.algorithms",
    "cryptography.hazmat.primitives.padding",
    "pypdf._crypt_providers",
    "pypdf._encryption",
    "xml.dom.minidom",
    "stringprep",
    "traceback",
)
# Reading a document never needs sockets, processes and programs, or signals to others.
_REFUSED = (
    *fences.NEVER_NEEDED,
    *("socket", "connect", "accept", "accept4", "bind", "listen", "socketpair"),
    *("clone", "clone3", "fork", "vfork", "execve", "execveat"),
    *("kill", "tkill", "pidfd_open", "pidfd_send_signal"),
)
_SMALL_PDF = (  # one page, one word, an Info dictionary; without a cross-reference table
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 40>>stream\nBT /F 12 Tf 20 200 Td (Warming up) Tj ET  \nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"6 0 obj<</Title(Warm)/CreationDate(D:20200101000000Z)>>endobj\n"
    b"trailer<</Root 1 0 R/Info 6 0 R/Size 7>>\n%%EOF\n"
)


def main(descriptor: int, memory_bytes: int) -> None:
    """Confine this process, say which fences stand, then serve until the parent is gone."""
    channel = socket.socket(fileno=descriptor)
    _load_everything()
    memory = os.open("/proc/self/status", os.O_RDONLY) if sys.platform == "linux" else -1
    fences = confine(memory_bytes)
    _send(channel, {"fences": fences})
    parent = os.getppid()
    channel.settimeout(5.0)
    while os.getppid() == parent:
        try:
            message, files, _, _ = socket.recv_fds(channel, _REQUEST_BYTES, 1)
        except TimeoutError:
            continue
        if not message:
            return
        request = json.loads(message)
        wish = request.pop("view", None)
        if wish is None:
            _answer(channel, Budget(**request), files[0], fences, memory)
        else:
            _show(channel, Budget(**request), files[0], wish, memory)


def confine(memory_bytes: int) -> list[str]:
    """Put up every fence this system allows; names of those that stand.

    Call once, in a process of one thread, after its modules are loaded.
    """
    modules = {Path(os.__file__).parent, Path(pypdf.__file__).parent.parent}
    standing = []
    for name, steps in (
        ("network", [fences.leave_network]),
        ("file system", [lambda: fences.only_readable(modules)]),
        (
            "unprivileged user",
            [fences.become_nobody, fences.hide_memory, fences.no_new_privileges],
        ),
        ("system calls", [lambda: fences.refuse(_REFUSED)]),
    ):
        with suppress(OSError, AttributeError, ValueError):
            for step in steps:
                step()
            standing.append(name)
    limits = {
        "memory": ("as", memory_bytes),
        "written files": ("fsize", 0),
        "open files": ("nofile", 64),  # a reader holds about ten
        "core dumps": ("core", 0),
        "new processes": ("nproc", 0),
    }
    held = set_limits(dict(limits.values()))
    return standing + [name for name, (kind, _) in limits.items() if kind in held]


def _answer(
    channel: socket.socket, budget: Budget, file: int, fences: list[str], memory: int
) -> None:
    limit_cpu(budget.cpu_seconds)
    before = time.process_time()
    try:
        data = _read_all(file, budget.file_bytes + 1)
        result = understand_pdf(data, budget)
        del data
    except MemoryError:
        result = Extraction(Status.OVER_BUDGET, warnings=["Reading it ran out of memory."])
    except Exception as problem:
        name = type(problem).__name__
        result = Extraction(Status.MALFORMED, warnings=[f"Reading it failed ({name})."])
    result.isolation = fences
    answer = {
        "result": result.to_json(),
        "peak_bytes": _peak_bytes(memory),
        "cpu_seconds": time.process_time() - before,
    }
    _send(channel, answer, budget.reply_bytes)


def _show(
    channel: socket.socket, budget: Budget, file: int, wish: dict[str, Any], memory: int
) -> None:
    """Answer a viewer: what `papers.pdf.viewing` says, or a problem in a word."""
    limit_cpu(budget.cpu_seconds)
    before = time.process_time()
    try:
        shown = view(_read_all(file, budget.file_bytes + 1), wish)
    except MemoryError:
        shown = {"problem": "memory"}
    except Exception as problem:
        shown = {"problem": type(problem).__name__}
    answer = {
        "result": shown,
        "peak_bytes": _peak_bytes(memory),
        "cpu_seconds": time.process_time() - before,
    }
    if len(json.dumps(answer)) > budget.reply_bytes:
        answer["result"] = {"problem": "size"}
    _send(channel, answer, budget.reply_bytes + 1024)


def _read_all(file: int, limit: int) -> bytes:
    with open(file, "rb") as stream:
        return stream.read(limit)


def _peak_bytes(memory: int) -> int:
    """Most memory ever held, from an open /proc/self/status; its own, not its parent's."""
    if memory >= 0:
        match = re.search(rb"VmHWM:\s+(\d+) kB", os.pread(memory, 8192, 0))
        if match:
            return int(match.group(1)) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _send(channel: socket.socket, answer: dict[str, Any], limit: int = 1 << 20) -> None:
    body = json.dumps(answer, ensure_ascii=True).encode("ascii")
    if len(body) > limit:
        result = Extraction(Status.OVER_BUDGET, warnings=["It holds too much text for one paper."])
        body = json.dumps(answer | {"result": result.to_json()}).encode()
    channel.settimeout(60.0)
    channel.sendall(LENGTH.pack(len(body)) + body)
    channel.settimeout(5.0)


def _load_everything() -> None:
    """Import what is otherwise imported late, while the file system is still open."""
    for name in _LATE_MODULES:
        with suppress(ImportError):
            importlib.import_module(name)
    understand_pdf(_SMALL_PDF, Budget())
    view(_SMALL_PDF, {"what": "contents"})
    view(_SMALL_PDF, {"what": "page", "page": 1, "width": 60})


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
