"""Whether an error means that PostgreSQL is away for a moment, or has no tables yet."""

from __future__ import annotations

import django.db
import psycopg

RETRY_SECONDS = 10
# 57P01 to 57P03: shut down, crashed, starting up; 53300: no connection left; 08: connections.
_AWAY = ("57P01", "57P02", "57P03", "53300", "08")
_KINDS = (
    django.db.OperationalError,
    django.db.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)


def is_unprepared(error: django.db.ProgrammingError) -> bool:
    """Whether a table or column is not there: the tables were not made, or by older code."""
    return getattr(error.__cause__, "sqlstate", None) in ("42P01", "42703")


def is_away(error: BaseException | None) -> bool:
    """Whether the error, or what it came from, is a lost or refused connection.

    A deadlock, a full disk or a question that took too long has a code of its own and is none.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, _KINDS):
            inner = error if isinstance(error, psycopg.Error) else error.__cause__
            code = getattr(inner, "sqlstate", None)
            return code is None or code.startswith(_AWAY)
        error = error.__cause__ or error.__context__
    return False
