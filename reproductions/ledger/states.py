"""The state of every published number, derived from claims and judgements alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from reproductions.judging.judge import state_of
from reproductions.judging.rules import Verdict
from reproductions.models import Claim, Judgement, PublishedNumber
from reproductions.protocol import SCALES

SCALE_OF_NEED = {"exact-cost": "exact", "small-real-data": "toy"}
"""A number without a claim is tested, if ever, at the scale its kind needs."""


def refresh_states(numbers: Collection[int] | None = None) -> int:
    """Recompute state, scale and convention of these numbers (ids), or of all; returns changes.

    Derived from claims and judgements alone, so it may run at any time.
    """
    judged = Judgement.objects.exclude(verdict=Verdict.NOT_RUN).select_related("run")
    claims = Claim.objects.filter(withdrawn_at=None).prefetch_related(
        Prefetch("judgements", judged.filter(run__state="finished"))
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
    verdicts = [judgement for claim in claims if (judgement := deciding(claim))]
    state = state_of(Verdict(judgement.verdict) for judgement in verdicts)
    holders = [judgement for judgement in verdicts if judgement.verdict == state]
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


def states() -> dict[str, int]:
    """How many public numbers are in each state."""
    return dict(Counter(PublishedNumber.objects.visible_to().values_list("state", flat=True)))
