"""One order from words and meaning. Pure; docs/search.md has the evidence for the numbers.

    score = W · bm25 / best bm25  +  (1 − W) · ((1 − P) · cosine of the whole + P · best passage)

The cosine is taken as it is, not stretched: when meaning has nothing to say, all cosines are
alike and words decide; when no word matches, words add nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from heapq import nsmallest
from statistics import median
from typing import NamedTuple

WORDS_WEIGHT = 0.25
PASSAGE_SHARE = 0.6


class Fused(NamedTuple):
    """A paper in the common order, and where each side alone would have put it, from 1."""

    paper_id: int
    score: float
    lexical_rank: int | None
    semantic_rank: int | None
    cosine: float | None = None


def fuse(
    words: Mapping[int, float],
    whole: Mapping[int, float],
    passage: Mapping[int, float] | None = None,
    first: Collection[int] = (),
) -> list[Fused]:
    """Papers known to either side, best first.

    words: BM25 scores; 0 or absent where no word is shared. whole: cosine of each paper's vector.
    passage: cosine of its best passage; where absent, the whole stands for it. A paper without a
    vector counts as the middling one, so that what is new is neither buried nor pushed.
    first: papers looked at more closely than the others, hence placed before them.
    Ties go to the paper with the smaller id, so that the order is the same every time.
    """
    meaning = {pk: _meaning(cosine, (passage or {}).get(pk)) for pk, cosine in whole.items()}
    lexical_ranks = ranks({pk: score for pk, score in words.items() if score > 0})
    semantic_ranks = ranks(meaning)
    best = max(words.values(), default=0.0) or 1.0
    unknown = median(meaning.values()) if meaning else 0.0
    weight = WORDS_WEIGHT if meaning else 1.0

    def score(pk: int) -> float:
        lexical = max(words.get(pk, 0.0), 0.0) / best
        return weight * lexical + (1.0 - weight) * meaning.get(pk, unknown)

    closely = frozenset(first)
    scored = {pk: score(pk) for pk in words.keys() | meaning.keys()}
    return [
        Fused(pk, scored[pk], lexical_ranks.get(pk), semantic_ranks.get(pk), meaning.get(pk))
        for pk in sorted(scored, key=lambda pk: (pk not in closely, -scored[pk], pk))
    ]


def foremost(words: Mapping[int, float], whole: Mapping[int, float], most: int) -> list[int]:
    """The papers that `fuse` would place first, without saying why."""
    best = max(words.values(), default=0.0) or 1.0
    unknown = median(whole.values()) if whole else 0.0
    share, rest = (WORDS_WEIGHT / best, 1.0 - WORDS_WEIGHT) if whole else (1.0 / best, 0.0)

    def score(pk: int) -> float:
        return share * max(words.get(pk, 0.0), 0.0) + rest * whole.get(pk, unknown)

    return nsmallest(most, words.keys() | whole.keys(), key=lambda pk: (-score(pk), pk))


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """Place of each paper, from 1, highest score first."""
    ordered = sorted(scores, key=lambda pk: (-scores[pk], pk))
    return {pk: place for place, pk in enumerate(ordered, start=1)}


def _meaning(whole: float, passage: float | None) -> float:
    if passage is None:
        return whole
    return (1.0 - PASSAGE_SHARE) * whole + PASSAGE_SHARE * passage
