"""Questions to PostgreSQL that it works through, one by one, while we do something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias

from django.db import connection
from psycopg import Cursor

Answer: TypeAlias = Callable[[], list[Any]]
Ask: TypeAlias = Callable[[str, Mapping[str, object]], Answer]


@contextmanager
def asking(*, binary: bool = False) -> Iterator[Ask]:
    """Gives a function that asks: a question and its values, by name. What it gives back waits for
    the rows. Until the end nothing else may use this thread's connection.

    binary: rows as PostgreSQL keeps them, where there may be half a megabyte; Django's own
    cursors, that put values into the text, cannot ask so.
    """
    connection.ensure_connection()
    server = connection.connection
    with server.pipeline(), ExitStack() as open_cursors:

        def ask(question: str, values: Mapping[str, object]) -> Answer:
            cursor = open_cursors.enter_context(Cursor(server))
            cursor.execute(question, values, binary=binary)
            # Otherwise questions wait here for the first answer that is fetched, and answers
            # there for the last question.
            server.pgconn.send_flush_request()
            server.pgconn.flush()
            return cursor.fetchall

        yield ask


def literal(numbers: Iterable[int]) -> str:
    """Numbers as an array in PostgreSQL's own words: hundreds of them one by one take longer."""
    return f"{{{','.join(map(str, numbers))}}}"
