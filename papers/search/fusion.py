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
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.float64]

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
    papers = list(words.keys() | whole.keys())
    ids = np.array(papers, np.int64)
    lexical, cosines = _column(words, papers), _column(whole, papers)
    meaning = _meaning(cosines, _column(passage or {}, papers), use.passage_share)
    scores = _scores(lexical, meaning, use)
    closely = frozenset(first)
    later = np.array([pk not in closely for pk in papers], bool)
    order = np.lexsort((ids, -scores, later))
    columns: list[list[Any]] = [
        ids[order].tolist(),
        scores[order].tolist(),
        _places(ids, np.where(lexical > 0, lexical, np.nan))[order].tolist(),
        _places(ids, meaning)[order].tolist(),
        meaning[order].tolist(),
    ]
    return [
        Fused(pk, score, by_words or None, by_meaning or None, cosine if by_meaning else None)
        for pk, score, by_words, by_meaning, cosine in zip(*columns, strict=True)
    ]


def foremost(
    words: Mapping[int, float],
    whole: Mapping[int, float],
    most: int,
    weigh: Weights | None = None,
) -> list[int]:
    """The papers that `fuse` would place first, without saying why."""
    papers = list(words.keys() | whole.keys())
    ids, use = np.array(papers, np.int64), weigh or weights(words.values())
    scores = _scores(_column(words, papers), _column(whole, papers), use)
    return ids[np.lexsort((ids, -scores))[:most]].tolist()  # type: ignore[no-any-return]


def _column(known: Mapping[int, float], papers: Iterable[int]) -> Column:
    """What is known of each of the papers; NaN where nothing is."""
    return np.array([*map(known.get, papers)], np.float64)  # None becomes NaN


def _meaning(whole: Column, passage: Column, share: float) -> Column:
    """Nearness of each paper, NaN where it has no vector; a passage alone is no nearness."""
    return np.where(np.isnan(passage), whole, (1.0 - share) * whole + share * passage)


def _scores(lexical: Column, meaning: Column, use: Weights) -> Column:
    """The common score of each paper."""
    has_vector = ~np.isnan(meaning)
    unknown = float(np.median(meaning[has_vector])) if has_vector.any() else 0.0
    return use.slope * np.fmax(lexical, 0.0) + np.where(has_vector, meaning, unknown)


def _places(ids: NDArray[np.int64], scores: Column) -> NDArray[np.int64]:
    """Place of each paper, from 1, highest score first, ties by id; 0 where it has no score."""
    places = np.zeros(len(ids), np.int64)
    order = np.lexsort((ids, -scores))  # NaN comes last
    scored = int(np.count_nonzero(~np.isnan(scores)))
    places[order[:scored]] = np.arange(1, scored + 1)
    return places
