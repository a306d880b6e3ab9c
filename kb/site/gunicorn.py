"""How the web server's processes begin: with a warm encoder, so that the first search is quick,
with a limit on every question to PostgreSQL, so that no page keeps a processor busy for long, and
with what is loaded by then left out of garbage collection, so that no page waits for a look at it.
And how long an address may be: that of a form without script with a pasted abstract in Chinese.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from gunicorn.http import message

from kb.site.parents import die_with_parent

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

LONGEST_QUESTION = "30s"

# The search box takes 6,000 characters, and quoted each can be nine. Of itself gunicorn cuts
# whatever is allowed to 8,190.
limit_request_line = message.MAX_REQUEST_LINE = 65_536
# The next request names this address as where it comes from; packed, it is at most about 12,000.
limit_request_field_size = 32_768

# Seconds that a connection without requests stays open: harvesters and notebooks think between two
# questions, and a waiting connection occupies no thread.
keepalive = 65

# Whether a visitor came by HTTPS is a proxy's word, and nobody else's.
if os.environ.get("KB_BEHIND_PROXY") != "1":
    secure_scheme_headers: dict[str, str] = {}


def limit_questions(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Have PostgreSQL end a statement of a page that takes too long; background work may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [LONGEST_QUESTION])


def post_fork(server: object, worker: object) -> None:
    """A killed web server leaves no process behind that holds its port. What a process loads first
    stays: to look through it for garbage meanwhile takes a sixth of a start."""
    die_with_parent(signal.SIGKILL)
    gc.disable()


def post_worker_init(worker: object) -> None:
    """Limit questions, and load the encoder beside the first requests: until then words answer."""
    from django.db.backends.signals import connection_created

    connection_created.connect(limit_questions, dispatch_uid="limit_questions")
    threading.Thread(target=_load, name="warm-up", daemon=True).start()


def _load() -> None:
    from papers.search import warm_up

    warm_up().join()
    settle()


def settle() -> None:
    """Leave all that exists by now out of garbage collection: it stays anyway, and to look at its
    160,000 objects takes 80 ms, in the middle of a page."""
    gc.enable()
    gc.collect()
    gc.freeze()


def worker_exit(server: object, worker: object) -> None:
    """Give the database connections back."""
    from django.db import connections

    connections.close_all()
