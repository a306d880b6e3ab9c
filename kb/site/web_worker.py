"""The web server's worker: gunicorn's with threads, and a page of ours for an endless address."""

from __future__ import annotations

import socket
import time
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

TOO_LONG = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Too long an \
address</title></head>
<body>
<h1>This address is too long</h1>
<p>A search reads 4,000 characters of a text. <a href="/papers/">Paste an abstract</a> or \
a few sentences rather than a whole paper.</p>
<p lang="zh">地址过长：检索只读取前 4000 个字符。\
请<a href="/zh/papers/">粘贴摘要</a>或几句话，而不是整篇论文。</p>
</body>
</html>
"""


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Answers what is refused before Django sees it, an address beyond the limit, as the site."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that could not be read."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        body = TOO_LONG.encode()
        head = (
            "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: text/html;"
            " charset=utf-8\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src"
            f" 'none'\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode("ascii") + body)
            _read_the_rest(client)
        except OSError:
            self.log.debug("The sender of a long address is gone.")


def _read_the_rest(client: socket.socket, most: int = 1_000_000, seconds: float = 0.5) -> None:
    """Take in what is still being sent: closed before, the connection would be reset, and the
    browser would show that instead of the answer."""
    client.settimeout(0.2)
    until = time.monotonic() + seconds
    try:
        while most > 0 and time.monotonic() < until and (more := client.recv(65_536)):
            most -= len(more)
    except TimeoutError:
        return
