"""Rows that let derived things follow, and let data files be loaded again safely."""

from __future__ import annotations

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now


class PaperChange(models.Model):
    """One line of the change sequence: what a search shows of this paper changed.

    Written by database triggers (papers/models/change_triggers.py), so that no code path can
    forget it.
    Ids of concurrent transactions may become visible out of order; `transaction` lets a follower
    look back exactly far enough. No foreign key: a line outlives its paper.
    """

    paper_id = models.BigIntegerField()
    transaction = models.BigIntegerField(
        db_index=True,
        db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()),
    )
    at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"change {self.pk} of paper {self.paper_id}"


class FixtureRecord(models.Model):
    """What a data file said when it was last loaded: the common ancestor of a three-way merge."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_fixture_record_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
