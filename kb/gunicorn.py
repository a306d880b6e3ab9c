"""How the web server's processes begin: with a warm encoder, so that the first search is quick,
and with a limit on every question to PostgreSQL, so that no page keeps a processor busy for long.
"""

from __future__ import annotations

import threading
from typing import Any

LONGEST_QUESTION = "30s"


def limit_questions(connection: Any, **told: Any) -> None:
    """Have PostgreSQL end a statement of a page that takes too long; background work may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [LONGEST_QUESTION])


def post_worker_init(worker: Any) -> None:
    """Limit questions, and load the encoder beside the first requests: until then words answer."""
    from django.db.backends.signals import connection_created

    from papers.search import warm_up

    connection_created.connect(limit_questions, dispatch_uid="limit_questions")
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()


def worker_exit(server: Any, worker: Any) -> None:
    """Give the database connections back."""
    from django.db import connections

    connections.close_all()
