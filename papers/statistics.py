"""What PostgreSQL knows of how much there is of everything."""

from __future__ import annotations

from django.db import connection


def refresh_statistics() -> None:
    """Let PostgreSQL look at the tables now, not in a minute.

    Until it has looked it takes full tables for empty ones, and a question that takes
    milliseconds may take minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
