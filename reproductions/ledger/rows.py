"""Rows of the ledger, read as plain values in one question.

A page shows forty of them. To make records of numbers, papers, judgements, runs and claims, with
all their columns, takes ten times as long as to ask for what a row shows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from django.db import connection
from django.urls import reverse

from accounts.models import Visitor
from reproductions.ledger.query import LedgerQuery, written
from reproductions.models import Claim, Judgement, PublishedNumber
from reproductions.models.number import STATES

_ROWS = """
SELECT n.slug, n.setting, n.metric, n.printed, n.value::float8, n.unit, n.decimals, n."table",
       n.source, n.confirmed, n.second_hand, n.needs, n.table_of, n.convention, n.state,
       p.key, p.title, p.year,
       j.claim_id, j.run_id, j.verdict, j.unit, j.measured, j."values", j.relative,
       r.scale, r.origin,
       (SELECT json_agg(json_build_array(c.id, c.program, c.identifier, c.rule, c.explanation)
                        ORDER BY c.program, c.position)::text
        FROM reproductions_claim c WHERE c.number_id = n.id AND c.withdrawn_at IS NULL)
FROM unnest(ARRAY({ids} LIMIT %s OFFSET %s)) WITH ORDINALITY AS wanted(id, place)
JOIN reproductions_publishednumber n ON n.id = wanted.id
JOIN papers_paper p ON p.id = n.paper_id
LEFT JOIN reproductions_judgement j ON j.id = n.judgement_id
LEFT JOIN reproductions_run r ON r.id = j.run_id
ORDER BY wanted.place
"""
_OF_NUMBER, _OF_PAPER = 15, 18  # where the columns of each end
_STATE_WORDS = {str(state): words for state, words in STATES}
_NEED_WORDS = dict(PublishedNumber.Needs.choices)


class PaperOfRow(NamedTuple):
    """The paper that prints a number."""

    key: str
    title: str
    year: int

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])


class RunOfRow(NamedTuple):
    """The run of a judgement."""

    scale: str
    origin: str


class JudgementOfRow(NamedTuple):
    """The judgement that decided the state of a number."""

    claim_id: int
    run_id: int
    verdict: str
    unit: str
    measured: float | None
    values: list[float]
    relative: float | None
    run: RunOfRow

    def get_verdict_display(self) -> str:
        return str(_STATE_WORDS.get(self.verdict, self.verdict))


class ClaimOfRow(NamedTuple):
    """A claim that tests a number."""

    pk: int
    program: str
    identifier: str
    rule: dict[str, Any]
    explanation: str

    def get_absolute_url(self) -> str:
        """As that of a claim."""
        return Claim(program=self.program, identifier=self.identifier).get_absolute_url()


class NumberRow(NamedTuple):
    """A published number with all that its row shows, under the names of its record."""

    slug: str
    setting: str
    metric: str
    printed: str
    value: float
    unit: str
    decimals: int
    table: str
    source: str
    confirmed: bool
    second_hand: bool
    needs: str
    table_of: str
    convention: str
    state: str
    paper: PaperOfRow
    judgement: JudgementOfRow | None
    tested_by: list[ClaimOfRow]

    @classmethod
    def of(cls, row: Sequence[Any]) -> NumberRow:
        """row: as `asked_rows` gives it."""
        *judged, scale, origin, claims = row[_OF_PAPER:]
        run = RunOfRow(scale, origin)
        beside = (
            PaperOfRow(*row[_OF_NUMBER:_OF_PAPER]),
            None if scale is None else JudgementOfRow._make([*judged, run]),
            [ClaimOfRow(*claim) for claim in json.loads(claims)] if claims else [],
        )
        return cls._make([*row[:_OF_NUMBER], *beside])

    @property
    def trusted(self) -> bool:
        """Seen in the paper or its repository: neither second-hand nor from memory."""
        return self.confirmed and not self.second_hand

    def get_absolute_url(self) -> str:
        return reverse("number", args=[self.slug])

    def get_state_display(self) -> str:
        return str(_STATE_WORDS.get(self.state, self.state))

    def get_needs_display(self) -> str:
        return str(_NEED_WORDS.get(self.needs, self.needs))


ANumber: TypeAlias = PublishedNumber | NumberRow
AJudgement: TypeAlias = Judgement | JudgementOfRow
AClaim: TypeAlias = Claim | ClaimOfRow


def asked_rows(query: LedgerQuery, user: Visitor, start: int, most: int) -> list[tuple[Any, ...]]:
    """What PostgreSQL gives for `most` of the numbers asked for, from `start` on: all that their
    rows show, for `NumberRow.of`."""
    ids, values = written(query, user)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(ids=ids), [*values, most, start])
        return cursor.fetchall()
