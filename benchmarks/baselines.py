"""What any search engine can do: plain BM25, and reciprocal ranks of two orders. Needs no site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

K1, B = 1.5, 0.75
FLOOR = 0.25
RANK_CONSTANT = 60

Scores = NDArray[np.float64]


class PlainBM25:
    """Okapi BM25 over lower-case words, without stems and stop words.

    Parameters, and the floor of a common word's weight, are those of the Python package rank_bm25,
    which many notebooks use; a word said twice counts twice.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        counted = [Counter(words(text)) for text in texts]
        lengths = np.array([sum(document.values()) for document in counted], float)
        norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
        places: dict[str, list[int]] = {}
        counts: dict[str, list[int]] = {}
        for place, document in enumerate(counted):
            for word, count in document.items():
                places.setdefault(word, []).append(place)
                counts.setdefault(word, []).append(count)
        rarity = {
            word: float(np.log((self.size - len(own) + 0.5) / (len(own) + 0.5)))
            for word, own in places.items()
        }
        least = FLOOR * float(np.mean(list(rarity.values()))) if rarity else 0.0
        self._postings: dict[str, tuple[NDArray[np.int64], Scores]] = {}
        for word, own in places.items():
            where, often = np.array(own), np.array(counts[word], float)
            weight = rarity[word] if rarity[word] >= 0 else least
            self._postings[word] = where, weight * often * (K1 + 1) / (often + norms[where])

    def scores(self, text: str) -> Scores:
        """(documents,) of a question."""
        totals = np.zeros(self.size)
        for word, count in Counter(words(text)).items():
            if word in self._postings:
                where, worth = self._postings[word]
                totals[where] += count * worth
        return totals

    def best(self, text: str, most: int) -> list[int]:
        """Places of the best documents that share a word, best first."""
        scores = self.scores(text)
        return [place for place in np.argsort(-scores, kind="stable")[:most] if scores[place] > 0]


def words(text: str) -> list[str]:
    """Words of a text, in lower case."""
    return re.findall(r"\w+", text.lower())


def reciprocal_ranks(*orders: Sequence[str], most: int) -> list[str]:
    """Documents by the sum of 1 / (60 + rank) over all orders, as Cormack and others have it."""
    scores: dict[str, float] = {}
    for order in orders:
        for rank, document in enumerate(order, start=1):
            scores[document] = scores.get(document, 0.0) + 1 / (RANK_CONSTANT + rank)
    return sorted(scores, key=lambda document: (-scores[document], document))[:most]
