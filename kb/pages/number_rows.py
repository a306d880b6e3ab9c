"""Rows of the ledger on a page: their versions are read, the records only where one is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from kb.site.kept_parts import Later
from reproductions.models import PublishedNumber

# A version of a row is told from every other by the transaction and command that wrote it. These
# are all rows that a row of the ledger shows something of (`for_rows`).
_VERSIONS = """
SELECT n.id, n.xmin::text, n.cmin::text, p.xmin::text, p.cmin::text, j.xmin::text, j.cmin::text,
       r.xmin::text, r.cmin::text,
       (SELECT string_agg(concat_ws('.', id, xmin, cmin), ' ' ORDER BY id)
        FROM reproductions_claim WHERE number_id = n.id AND withdrawn_at IS NULL),
       p.key, p.title, p.year
FROM reproductions_publishednumber n
JOIN papers_paper p ON p.id = n.paper_id
LEFT JOIN reproductions_judgement j ON j.id = n.judgement_id
LEFT JOIN reproductions_run r ON r.id = j.run_id
WHERE n.id = ANY(%s)
"""


class PaperOfRows(NamedTuple):
    """The paper above its rows."""

    key: str
    title: str
    year: int

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])


class ShownNumber:
    """A number of the ledger, read when more than this is asked of it.

    as_read: the versions of all rows that its row shows something of.
    """

    def __init__(self, version: Sequence[Any], records: Later) -> None:
        self.pk, self.as_read = version[0], version
        self.paper = PaperOfRows(*version[-3:])
        self._records = records

    def __getattr__(self, name: str) -> object:
        return getattr(self._records.values()["by_id"][self.pk], name)


def shown_numbers(ids: Iterable[int]) -> list[ShownNumber]:
    """The numbers with these ids, in their order; all are read together as soon as one is."""
    wanted = list(ids)
    records = Later(lambda: {"by_id": PublishedNumber.objects.for_rows().in_bulk(wanted)})
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [wanted])
        versions = {row[0]: row for row in cursor.fetchall()}
    return [ShownNumber(versions[pk], records) for pk in wanted if pk in versions]
