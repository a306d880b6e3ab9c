"""Measures of ranked lists, and percentiles. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Judgements = Mapping[str, Mapping[str, int]]


def quality(ranking: Mapping[str, Sequence[str]], judged: Judgements) -> dict[str, float]:
    """nDCG@10, recall@5, @20, @100 and MRR, means over the judged queries.

    A query for which nothing was found counts as 0. Gains are the grades themselves, as trec_eval
    has them.
    """
    lists = {query: list(ranking.get(query, ())) for query in judged}

    def mean(values: list[float]) -> float:
        return round(sum(values) / len(values), 4) if values else 0.0

    scores = {"ndcg@10": mean([ndcg(lists[q], judged[q], 10) for q in judged])}
    for depth in (5, 20, 100):
        scores[f"recall@{depth}"] = mean([recall(lists[q], judged[q], depth) for q in judged])
    scores["mrr"] = mean([reciprocal_rank(lists[q], judged[q]) for q in judged])
    return scores


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Discounted gain of the first documents, as a share of the best possible."""
    gains = [grades.get(document, 0) for document in ranking[:depth]]
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Share of the relevant documents among the first ones."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the place of the first relevant document; 0 if there is none."""
    for place, document in enumerate(ranking, start=1):
        if grades.get(document, 0) > 0:
            return 1 / place
    return 0.0


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99 by the nearest rank."""
    ordered = sorted(values)
    return {
        f"p{share}": round(ordered[max(math.ceil(share / 100 * len(ordered)) - 1, 0)], 2)
        for share in (50, 95, 99)
    }
