"""Reading the change sequence without missing anything.

Ids of concurrent transactions become visible out of order, so "everything after the last id" would
lose the lines of a slow transaction. Instead a follower remembers the oldest transaction that was
still running at its last look: whatever it could not see then belongs to that one or a later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from papers.models import PaperChange
from papers.models.change_triggers import EVERYTHING

KEPT_DAYS = 14


@dataclass(frozen=True)
class Position:
    """How far a follower has come. `oldest`: the oldest transaction running at its last look.

    `applied`: changes of that or later transactions that it has dealt with already.
    """

    database: str
    oldest: int
    applied: tuple[int, ...] = ()
    at: float = 0.0

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Position | None:
        """As stored by `to_json`; None if it is not readable."""
        try:
            applied = tuple(int(number) for number in state["applied"])
            return cls(str(state["database"]), int(state["oldest"]), applied, float(state["at"]))
        except (KeyError, TypeError, ValueError):
            return None

    def to_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "database": self.database,
            "oldest": self.oldest,
            "applied": list(self.applied),
            "at": self.at,
        }


@dataclass(frozen=True)
class Pending:
    """Papers that changed since a position, and the position after dealing with them."""

    paper_ids: tuple[int, ...]
    after: Position

    @property
    def is_everything(self) -> bool:
        """Whether single papers cannot say what changed."""
        return EVERYTHING in self.paper_ids


class Lost(Exception):
    """The sequence cannot be followed from there: another database, or too long ago."""


def now() -> Position:
    """The position of a follower that will read everything after this call."""
    oldest, _ = _running()
    return Position(database_name(), oldest, at=timezone.now().timestamp())


def since(position: Position) -> Pending:
    """What changed since. Raises Lost when only a rebuild can tell."""
    oldest, newest = _running()
    age = timezone.now().timestamp() - position.at
    if position.database != database_name() or position.oldest > newest:
        raise Lost("the index belongs to another database")
    if age > (KEPT_DAYS - 1) * 86400:
        raise Lost("the index is too old to be followed")
    rows = PaperChange.objects.filter(transaction__gte=position.oldest).order_by("id")
    seen = set(position.applied)
    changes = list(rows.values_list("id", "paper_id", "transaction"))
    fresh = dict.fromkeys(paper for pk, paper, _ in changes if pk not in seen)
    kept = tuple(pk for pk, _, owner in changes if owner >= oldest)
    after = Position(position.database, oldest, kept, timezone.now().timestamp())
    return Pending(tuple(fresh), after)


def prune() -> int:
    """Remove lines that no follower needs any more; returns how many."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    return PaperChange.objects.filter(at__lt=old).delete()[0]


def database_name() -> str:
    """Tells this database from its copies and from others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        number = cursor.fetchone()[0]
        try:
            with transaction.atomic():
                cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
                return f"{cursor.fetchone()[0]}/{number}"
        except DatabaseError:  # a hosted server may not tell
            return f"{connection.settings_dict['HOST']}/{connection.settings_dict['NAME']}/{number}"


def _running() -> tuple[int, int]:
    """The oldest transaction still running, and one that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint"
            " FROM pg_current_snapshot() AS s"
        )
        oldest, newest = cursor.fetchone()
    return oldest, newest
