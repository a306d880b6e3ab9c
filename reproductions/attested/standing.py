"""What attested runs add: who attests a claim, whether they agree, and whether we do.

It stands beside the verdict of this site and never changes it. Members are counted, not machines:
two runners of one member are one voice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from reproductions.judging.pooling import digests_of
from reproductions.judging.rules import Verdict
from reproductions.ledger.states import deciding
from reproductions.models import Attestation, Claim, Judgement, Run, Runner
from reproductions.protocol import SCALES

SAME = 1e-6
"""Relative difference up to which two values of counting are the same."""


class Word(StrEnum):
    """How far attested runs carry."""

    ONCE = "attested by one member"
    AGREED = "attested by members who agree"
    DISPUTED = "members disagree"


@dataclass(frozen=True)
class Voice:
    """What one member attests. as_here: whether this site found the same; None: not run here."""

    judgement: Judgement
    as_here: bool | None


@dataclass(frozen=True)
class Standing:
    """The newest attested judgement of each member on one claim, by the same code at one scale.

    differs: whether this site found another verdict at that scale; None where it has none.
    """

    claim: Claim
    voices: Sequence[Voice]
    word: Word
    differs: bool | None

    @property
    def holds(self) -> bool:
        """Whether nobody contradicts anybody."""
        return self.word is not Word.DISPUTED and not self.differs


def standings(claims: Iterable[Claim]) -> dict[int, Standing]:
    """By primary key of the claim; those that nobody attests are left out.

    claims: with their judgements, as :func:`reproductions.ledger.summary.judged_claims` gives them.
    """
    by_claim = {claim.pk: claim for claim in claims}
    attested: defaultdict[int, list[Judgement]] = defaultdict(list)
    for judgement in counted().filter(claim__in=by_claim):
        attested[judgement.claim_id].append(judgement)
    return {pk: _standing(by_claim[pk], judgements) for pk, judgements in attested.items()}


def counted() -> QuerySet[Judgement]:
    """Deciding judgements of accepted runs, newest first; none of a distrusted runner."""
    rows = Judgement.objects.filter(
        run__origin=Run.Origin.ATTESTED,
        run__state=Run.State.FINISHED,
        run__attestation__state=Attestation.State.ACCEPTED,
    )
    silent = (Verdict.UNDECIDED, Verdict.NOT_RUN)
    return (
        rows.exclude(verdict__in=silent)
        .exclude(run__runner__state=Runner.State.REFUSED)
        .select_related("run__runner", "run__attestation__member__profile")
        .order_by("-run__finished_at", "-pk")
    )


def _standing(claim: Claim, judgements: Sequence[Judgement]) -> Standing:
    scale = max((judgement.run.scale for judgement in judgements), key=SCALES.index)
    newest = next(judgement for judgement in judgements if judgement.run.scale == scale)
    code = digests_of(newest.run.code)
    of_member: dict[object, Judgement] = {}
    for judgement in judgements:
        if judgement.run.scale == scale and digests_of(judgement.run.code) == code:
            of_member.setdefault(
                judgement.run.attestation.member_id or f"run {judgement.run_id}", judgement
            )
    voices = list(of_member.values())
    word = Word.ONCE
    if len(voices) > 1:
        agree = all(agrees(voices[0], other) for other in voices[1:])
        word = Word.AGREED if agree else Word.DISPUTED
    ours = deciding(claim)
    differs = None
    if ours is not None and ours.run.scale != scale:
        ours = None
    if ours is not None:
        differs = not all(agrees(ours, voice) for voice in voices)
    words = [Voice(voice, None if ours is None else agrees(ours, voice)) for voice in voices]
    return Standing(claim, words, word, differs)


def agrees(one: Judgement, other: Judgement) -> bool:
    """Whether two verdicts lie on one side of the rule; of counting, whether values are equal."""
    if (one.verdict == Verdict.OUTSIDE) != (other.verdict == Verdict.OUTSIDE):
        return False
    if one.run.scale != "exact" or one.measured is None or other.measured is None:
        return True
    return math.isclose(one.measured, other.measured, rel_tol=SAME)
