"""The state of every published number, derived from claims and judgements alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from reproductions.judging.judge import state_of
from reproductions.judging.pooling import digests_of
from reproductions.judging.rules import Verdict
from reproductions.models import Claim, Judgement, PublishedNumber, Run
from reproductions.protocol import SCALES

SCALE_OF_NEED = {"exact-cost": "exact", "small-real-data": "toy"}
"""A number without a claim is tested, if ever, at the scale its kind needs."""


def counted_judgements() -> QuerySet[Judgement]:
    """Judgements that decide states: of finished runs, run here or shipped as records.

    What members attest stands beside them and never changes them.
    """
    finished = Judgement.objects.filter(run__state="finished").exclude(verdict=Verdict.NOT_RUN)
    return finished.exclude(run__origin=Run.Origin.ATTESTED).select_related("run")


def refresh_states(numbers: Collection[int] | None = None) -> int:
    """Recompute state, scale and convention of these numbers (ids), or of all; returns changes.

    Derived from claims and judgements alone, so it may run at any time.
    """
    claims = Claim.objects.filter(withdrawn_at=None).prefetch_related(
        Prefetch("judgements", counted_judgements())
    )
    chosen = PublishedNumber.objects.prefetch_related(
        Prefetch("claims", claims, to_attr="tested_by")
    ).order_by("pk")
    if numbers is not None:
        chosen = chosen.filter(pk__in=numbers)
    changed = []
    for number in chosen:
        wanted = _derived(number, number.tested_by)  # type: ignore[attr-defined]
        if any(getattr(number, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(number, name, value)
            number.updated_at = timezone.now()
            changed.append(number)
    PublishedNumber.objects.bulk_update(
        changed, ["state", "judgement_id", "scale", "convention", "updated_at"], batch_size=500
    )
    return len(changed)


def _derived(number: PublishedNumber, claims: list[Claim]) -> dict[str, Any]:
    verdicts = {claim: judgement for claim in claims if (judgement := deciding(claim))}
    verdict_by_claim = {claim: verdict_of(claim) for claim in verdicts}
    state = state_of(verdict for verdict in verdict_by_claim.values() if verdict)
    holders = [
        judgement for claim, judgement in verdicts.items() if verdict_by_claim[claim] is state
    ]
    return {
        "state": str(state),
        "judgement_id": max(holders, key=_newest).pk if holders else None,
        "scale": claims[0].scale if claims else SCALE_OF_NEED.get(number.needs, "full"),
        "convention": claims[0].convention if claims else "",
    }


def _newest(judgements: Judgement) -> tuple[datetime, int]:
    return judgements.run.finished_at or datetime.min.replace(tzinfo=UTC), judgements.pk


def deciding(claim: Claim) -> Judgement | None:
    """Of the newest judgement at each scale, the one at the largest scale that decides."""
    newest: dict[str, Judgement] = {}
    for judgement in claim.judgements.all():
        best = newest.get(judgement.run.scale)
        if best is None or _newest(judgement) > _newest(best):
            newest[judgement.run.scale] = judgement
    decided = [judgement for judgement in newest.values() if judgement.decides]
    return (
        max(decided, key=lambda judgement: SCALES.index(judgement.run.scale)) if decided else None
    )


def elsewhere(claim: Claim) -> list[Judgement]:
    """The newest judgement of each other machine, by the same code at the deciding scale."""
    decided = deciding(claim)
    if decided is None:
        return []
    newest: dict[str, Judgement] = {}
    code = digests_of(decided.run.code)
    for judgement in claim.judgements.all():
        run, machine = judgement.run, machine_of(judgement)
        same = run.scale == decided.run.scale and digests_of(run.code) == code
        if same and judgement.decides and machine != machine_of(decided):
            best = newest.get(machine)
            if best is None or _newest(judgement) > _newest(best):
                newest[machine] = judgement
    return list(newest.values())


def verdict_of(claim: Claim) -> Verdict | None:
    """What is said of a claim: its deciding verdict, or ambiguous if machines do not agree.

    They disagree when it is outside on one and not on another, by the same code.
    """
    decided = deciding(claim)
    if decided is None:
        return None
    failed = {judgement.verdict == Verdict.OUTSIDE for judgement in (decided, *elsewhere(claim))}
    return Verdict.AMBIGUOUS if len(failed) > 1 else Verdict(decided.verdict)


def machine_of(judgement: Judgement) -> str:
    """The processor, or the accelerator, that a judgement's run had."""
    run = judgement.run
    return str(run.environment.get("accelerator") or run.environment.get("cpu") or "unknown")


_STATES = """
SELECT n.state, count(*)
FROM reproductions_publishednumber n JOIN papers_paper p ON p.id = n.paper_id
WHERE n.withdrawn_at IS NULL AND p.state = 'public' GROUP BY n.state
"""


def states() -> dict[str, int]:
    """How many public numbers are in each state."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES)
        return dict(cursor.fetchall())
