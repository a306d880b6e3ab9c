"""The benchmark of load: what its readers take for an answer and for an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from benchmarks.load_client import Answer, Figures, Reader, load

T = TypeVar("T")
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\npa\r\n2\r\nge\r\n0\r\n\r\n"
LATER = b"HTTP/1.1 503 Later\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
CLOSED = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\npage"


def _served(answers: list[bytes], ask: Callable[[str], Awaitable[T]]) -> tuple[T, list[bytes]]:
    """What `ask` makes of a server that gives these answers by turns, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
            except asyncio.IncompleteReadError:
                return writer.close()
            answer = answers[(len(asked) - 1) % len(answers)]
            writer.write(answer)
            if answer in (b"", CLOSED):
                return writer.close()

    async def run() -> T:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            return await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests keeps a loop in this thread
        return apart.submit(asyncio.run, run()).result(), asked


@pytest.mark.parametrize("answer", [LENGTH, CHUNKS, CLOSED])
def test_a_reader_reads_one_answer_after_the_other(answer: bytes) -> None:
    async def ask(site: str) -> list[Answer]:
        reader = Reader(site, "Cookie: a=1\r\n")
        got = [await reader.get("/one"), await reader.get("/two")]
        reader.close()
        return got

    got, asked = _served([answer], ask)

    assert got == [Answer(200, False, b"page")] * 2
    assert [line.split()[1] for line in asked] == [b"/one", b"/two"]
    assert all(b"\r\nCookie: a=1\r\n" in line for line in asked)


def test_a_load_counts_answers_and_errors_and_goes_on_behind_them() -> None:
    figures, _ = _served(
        [LENGTH, LATER, b""],
        lambda site: load(site, ["/"], 1, 60, most=4),
    )

    assert figures.statuses == {200: 2, 503: 2}
    assert figures.errors == {"IncompleteReadError": 1}


def test_too_much_load_is_an_error_where_nobody_says_when_to_come_again() -> None:
    figures = Figures(wall=2.0)
    for status, retry in ((200, False), (429, True), (503, True), (503, False), (404, False)):
        figures.note(status, 0.1 * (1 + len(figures.seconds)), retry)

    assert figures.errors == {"503": 1, "404": 1}
    assert figures.rate == 2.5
    assert figures.quantile(0.5) == pytest.approx(300)
    assert figures.quantile(0.99) == pytest.approx(500)
