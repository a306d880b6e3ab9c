"""How the web server's processes begin: with a warm encoder, so that the first search is quick."""

from __future__ import annotations

import threading
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Load the encoder beside the first requests; until it is there, words alone answer."""
    from papers.search import warm_up

    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()


def worker_exit(server: Any, worker: Any) -> None:
    """Give the database connections back."""
    from django.db import connections

    connections.close_all()
