"""Half-sent requests hold nobody up."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from tests.site.started_site import PATIENCE_SECONDS, ROOT, free_port, wait_until

THREADS = 2
HALF = b"GET /half HTTP/1.1\r\nHost: here\r\nX-Slow: "


def application(environ: dict[str, str], start: Callable[..., object]) -> Iterable[bytes]:
    """Answers with the path and the body."""
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]
    text = environ["PATH_INFO"].encode() + b" " + body
    start("200 OK", [("Content-Length", str(len(text)))])
    return [text]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with _server() as (port, _):
        yield port


@contextmanager
def _server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "tests.site.test_patient_worker:application"),
        *("--worker-class", "kb.site.patient_worker.PatientWorker", "--workers", "1"),
        *("--threads", str(THREADS), "--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        *("--config", "python:kb.site.gunicorn", "--graceful-timeout", "3600"),
    ]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        wait_until(lambda: _listens(port), "gunicorn listens")
        yield port, server
    finally:
        server.terminate()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def _answer(connection: socket.socket) -> bytes:
    """One answer with a body of at most one packet."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(4096)
    head, _, body = got.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < size:
        body += connection.recv(4096)
    return body


@pytest.mark.parametrize("beginning", [b"", b"G", HALF], ids=["silent", "one letter", "half"])
def test_half_sent_requests_hold_nobody_up_and_can_be_ended(port: int, beginning: bytes) -> None:
    slow = [_connect(port) for _ in range(4 * THREADS)]
    for connection in slow:
        connection.sendall(beginning)

    with _connect(port) as other:
        other.sendall(b"GET /whole HTTP/1.1\r\nHost: here\r\n\r\n")
        assert _answer(other) == b"/whole "

    rest = (HALF + b"no\r\n\r\n")[len(beginning) :]
    for connection in slow:
        connection.sendall(rest[:5])
        connection.sendall(rest[5:])
    assert [_answer(connection) for connection in slow] == [b"/half "] * len(slow)


def test_a_kept_connection_is_used_again_and_bodies_are_read(port: int) -> None:
    with _connect(port) as connection:
        for number in range(3):
            connection.sendall(b"POST /b HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\n")
            connection.sendall(b"five%d" % number)
            assert _answer(connection) == b"/b five%d" % number


def test_half_a_request_behind_a_whole_one_holds_nobody_up(port: int) -> None:
    slow = [_connect(port) for _ in range(4 * THREADS)]
    for connection in slow:
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: here\r\n\r\n" + HALF)
        assert _answer(connection) == b"/a "

    with _connect(port) as other:
        other.sendall(b"GET /whole HTTP/1.1\r\nHost: here\r\n\r\n")
        assert _answer(other) == b"/whole "

    for connection in slow:
        connection.sendall(b"no\r\n\r\n")
    assert [_answer(connection) for connection in slow] == [b"/half "] * len(slow)


def test_who_hangs_up_in_the_middle_is_let_go(port: int) -> None:
    with _connect(port) as connection:
        connection.sendall(HALF)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(4096) == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ends_though_half_a_request_is_there(number: int) -> None:
    with _server() as (port, server), _connect(port) as half, _connect(port) as whole:
        half.sendall(HALF)
        whole.sendall(b"GET /whole HTTP/1.1\r\nHost: here\r\n\r\n")
        _answer(whole)
        (worker,) = psutil.Process(server.pid).children()

        server.send_signal(number)

        server.wait(PATIENCE_SECONDS)
        worker.wait(PATIENCE_SECONDS)


def test_the_address_of_a_pasted_abstract_is_read(port: int) -> None:
    address = "/papers/?q=" + "%E6%97%A9" * 6000
    with _connect(port) as connection:
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
        assert b"/papers/" in _answer(connection)


@pytest.mark.parametrize("size", [70_000, 300_000])
def test_an_endless_address_is_answered_by_a_page(port: int, size: int) -> None:
    with _connect(port) as connection:
        connection.sendall(b"GET /papers/?q=" + b"x" * size + b" HTTP/1.1\r\nHost: here\r\n\r\n")
        answer = b""
        while more := connection.recv(65_536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 414 ")
    assert b'<a href="/papers/">' in answer and b'<a href="/zh/papers/">' in answer
