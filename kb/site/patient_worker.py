"""A worker of gunicorn in which nobody who sends half a request holds a thread.

gunicorn gives a thread to every connection on which something came, and the thread waits for the
rest; as many slow senders as there are threads stop a site. Here a connection waits with the others
in the poller until the head of its request is there as a whole. Bodies are still read by threads:
that is what a proxy is for.
"""

from __future__ import annotations

import select
import socket
import time

from gunicorn.workers.gthread import _DEFER, TConn

from kb.site.web_worker import WebWorker

HEAD_SECONDS = 65.0
"""For how long somebody may send a head."""
LARGEST_HEAD = 64 * 1024  # bytes; what is longer gunicorn's own limits refuse
_END = b"\r\n\r\n"


class PatientWorker(WebWorker):
    """Threads begin with whole heads."""

    def handle(self, connection: TConn) -> object:
        """A request, or `_DEFER` while its head is not there."""
        if self.cfg.is_ssl:
            return super().handle(connection)
        sent, read_ahead = _waiting_bytes(connection.sock), _read_ahead(connection)
        if sent is None and not read_ahead:  # nothing yet
            return _DEFER
        head = read_ahead + (sent or b"")
        if sent == b"" or _END in head or len(head) >= LARGEST_HEAD:
            _wake_at(connection.sock, 1)
            connection.half_since = None
            connection.data_ready = True
            return super().handle(connection)
        since = getattr(connection, "half_since", None) or time.monotonic()
        connection.half_since = since
        if time.monotonic() - since > HEAD_SECONDS or _has_hung_up(connection.sock):
            return False
        _wake_at(connection.sock, len(sent or b"") + 1)
        return _DEFER

    def murder_pending(self) -> None:
        """A worker that stops waits for no head that has not come."""
        if not self.alive:
            for connection in self.pending_conns:
                connection.timeout = 0.0
        super().murder_pending()


def _read_ahead(connection: TConn) -> bytes:
    """What came behind the request before, and lies in the parser."""
    return bytes(connection.parser.unreader.buf.getvalue()) if connection.parser else b""


def _waiting_bytes(sock: socket.socket) -> bytes | None:
    """What has come and was not read: b"" from who has closed, None while nothing came."""
    try:
        return sock.recv(LARGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _wake_at(sock: socket.socket, size: int) -> None:
    """The poller is to tell of the connection once so many bytes are there."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size)


def _has_hung_up(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    return bool(poll.poll(0))
