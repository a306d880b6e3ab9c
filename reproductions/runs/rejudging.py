"""Judging again when what is printed was corrected: a verdict is never older than its number."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from reproductions.judging.manifest import ManifestError
from reproductions.ledger.states import refresh_states
from reproductions.models import Run
from reproductions.registry import UnknownProgram
from reproductions.runs.outcomes import judge


@transaction.atomic
def judge_again(numbers: Collection[int]) -> int:
    """Judge every finished run that tests one of these numbers (ids) again; returns how many.

    Attested runs too. The measurements stay; verdicts, and the numbers' states, follow what is
    printed now. Runs of programs that are no longer listed keep their verdicts. Safe to repeat.
    """
    tested = Run.objects.finished().filter(judgements__claim__number__in=numbers)
    count = 0
    for run in tested.distinct().order_by("finished_at", "pk"):
        try:
            judge(run)
        except (UnknownProgram, ManifestError):
            continue
        count += 1
    refresh_states(numbers)
    return count
