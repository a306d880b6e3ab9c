"""One order from words and meaning. Pure; docs/search.md has the evidence for the numbers.

    score = slope · bm25  +  (1 − P) · cosine of the whole + P · best passage
    slope = W · √cover / spread

spread: standard deviation of the best BM25 scores, so that words say as much as they tell papers
apart: much where few stand out, little where many are alike. cover: what share of the question's
words the best paper has, by their weight; a paper that repeats one word of three is no answer.
The cosine is taken as it is, not stretched: when meaning has nothing to say, all cosines are
alike and words decide; when no word matches, words add nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WORDS_WEIGHT = 0.055
WORDS_POOL = 300
LEAST_SPREAD = 0.1  # of the best score: hundreds of papers alike must not bury all others
PASSAGE_SHARE = 0.5
# The more words a long question says, the more they tell; and no passage says all of it.
MOST_GROWTH, PASSAGE_OF_LONG = 2.5, 0.4


class Fused(NamedTuple):
    """A paper in the common order, and where each side alone would have put it, from 1."""

    paper_id: int
    score: float
    lexical_rank: int | None
    semantic_rank: int | None
    cosine: float | None = None


@dataclass(frozen=True)
class Weights:
    """What a point of BM25 is worth in cosines, and what share of meaning the best passage has."""

    slope: float = 0.0
    passage_share: float = PASSAGE_SHARE


def weights(scores: Iterable[float], full: float = 0.0, length: float = 0.0) -> Weights:
    """How words and meaning of one question are put together.

    scores: BM25 of the papers found by words, of which the WORDS_POOL best count; fewer are as
    if the others had 0. full: score of a paper with every word of the question; 0 if unknown.
    length: terms of the question, as a multiple of what makes it long.
    """
    best = nlargest(WORDS_POOL, scores)
    weight, share = WORDS_WEIGHT, PASSAGE_SHARE
    if length > 1:
        weight, share = weight * min(length, MOST_GROWTH), share * PASSAGE_OF_LONG
    if not best or best[0] <= 0:
        return Weights(0.0, share)
    mean = sum(best) / WORDS_POOL
    spread = sqrt(max(sum(score * score for score in best) / WORDS_POOL - mean * mean, 0.0))
    cover = min(best[0] / full, 1.0) if full > 0 else 1.0
    return Weights(weight * sqrt(cover) / max(spread, LEAST_SPREAD * best[0]), share)


def fuse(
    words: Mapping[int, float],
    whole: Mapping[int, float],
    passage: Mapping[int, float] | None = None,
    first: Collection[int] = (),
    weigh: Weights | None = None,
) -> list[Fused]:
    """Papers known to either side, best first.

    words: BM25 scores; 0 or absent where no word is shared. whole: cosine of each paper's vector.
    passage: cosine of its best passage; where absent, the whole stands for it. A paper without a
    vector counts as the middling one, so that what is new is neither buried nor pushed.
    first: papers looked at more closely than the others, hence placed before them.
    weigh: as `weights` gives it; None to take it from these scores.
    Ties go to the paper with the smaller id, so that the order is the same every time.
    """
    use = weigh or weights(words.values())
    share = use.passage_share
    close = passage or {}
    meaning = {
        pk: (1.0 - share) * cosine + share * close[pk] if pk in close else cosine
        for pk, cosine in whole.items()
    }
    lexical_ranks = ranks({pk: score for pk, score in words.items() if score > 0})
    semantic_ranks = ranks(meaning)
    closely = frozenset(first)
    ids, scores = _scored(words, meaning, use)
    later = np.fromiter((pk not in closely for pk in ids), bool, len(ids))
    order = np.lexsort((ids, -scores, later))
    return [
        Fused(pk, score, lexical_ranks.get(pk), semantic_ranks.get(pk), meaning.get(pk))
        for pk, score in zip(ids[order].tolist(), scores[order].tolist(), strict=True)
    ]


def foremost(
    words: Mapping[int, float],
    whole: Mapping[int, float],
    most: int,
    weigh: Weights | None = None,
) -> list[int]:
    """The papers that `fuse` would place first, without saying why."""
    ids, scores = _scored(words, whole, weigh or weights(words.values()))
    return ids[np.lexsort((ids, -scores))[:most]].tolist()  # type: ignore[no-any-return]


def _scored(
    words: Mapping[int, float], meaning: Mapping[int, float], use: Weights
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ids of all papers, in no order, and the score of each."""
    unknown = float(np.median(list(meaning.values()))) if meaning else 0.0
    papers = words.keys() | meaning.keys()
    count = len(papers)
    ids = np.fromiter(papers, np.int64, count)
    lexical = np.fromiter((words.get(pk, 0.0) for pk in papers), float, count)
    semantic = np.fromiter((meaning.get(pk, unknown) for pk in papers), float, count)
    return ids, use.slope * np.maximum(lexical, 0.0) + semantic


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """Place of each paper, from 1, highest score first."""
    ids = np.fromiter(scores.keys(), np.int64, len(scores))
    order = np.lexsort((ids, -np.fromiter(scores.values(), float, len(scores))))
    return {pk: place for place, pk in enumerate(ids[order].tolist(), start=1)}
