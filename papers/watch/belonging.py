"""Does a work belong to the field? A logistic regression over the encoder's vector of its text.

`python -m benchmarks.belonging` fits the weights and measures them on years that they were not
fitted on; docs/benchmarks.md tells how well they do. Weights fit one encoder: under another one
nothing is scored, and the inbox says so.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papers.ingest.suggest import WORTH_SHOWING, Scored, evidence_of, scored_for
from papers.models import Find
from papers.search.meaning import encoder
from papers.search.meaning.passages import whole
from papers.watch.titles import names_in

AT_ONCE = 200
MOST_TOPICS = 5
_FILE = Path(__file__).with_name("field_weights.json")
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """weights: one a dimension. slope, shift: from the sum to a chance. name: tells fits apart."""

    encoder: str
    name: str
    weights: NDArray[np.float32]
    intercept: float
    slope: float
    shift: float

    def chances(self, vectors: Vectors) -> list[float]:
        """Of each row, the estimated chance that it belongs, 0 to 1."""
        sums = vectors @ self.weights + self.intercept
        logits = np.clip(self.slope * sums + self.shift, -60.0, 60.0)
        return [1 / (1 + math.exp(-float(logit))) for logit in logits]


@cache
def fitted() -> Weights:
    """The weights that the site carries."""
    text = _FILE.read_text()
    plain = json.loads(text)
    return Weights(
        plain["encoder"],
        hashlib.sha256(text.encode()).hexdigest()[:8],
        np.asarray(plain["weights"], np.float32),
        plain["intercept"],
        plain["slope"],
        plain["shift"],
    )


def can_score() -> bool:
    """Whether the weights were fitted for the encoder of this site."""
    return fitted().encoder == encoder.chosen()


def score_waiting(most: int = AT_ONCE) -> int:
    """Score what waits unscored, suggest topics and recognise names; returns how many.

    Safe to run twice. Raises encoder.Unavailable.
    """
    unscored = Find.objects.waiting().filter(scored_by="") | Find.objects.waiting().filter(
        score=None, scored_by=fitted().name
    )
    finds = list(unscored.order_by("pk")[:most])
    if not finds:
        return 0
    vectors = encoder.load().encode([text_of(find) for find in finds])
    chances = fitted().chances(vectors) if can_score() else [None] * len(finds)
    names = names_in([find.title for find in finds])
    for find, vector, chance, named in zip(finds, vectors, chances, names, strict=True):
        find.score = None if chance is None else round(chance, 4)
        find.scored_by = fitted().name if can_score() else "none"
        find.topics = [_plain(topic) for topic in scored_for(vector)[:MOST_TOPICS]]
        find.topics = [row for row in find.topics if row["confidence"] >= WORTH_SHOWING]
        find.names = named
    Find.objects.bulk_update(finds, ["score", "scored_by", "topics", "names"])
    return len(finds)


def text_of(find: Find) -> str:
    """Title and abstract as one text, as the weights were fitted on them."""
    return whole(f"{find.title}.", [str(find.candidate.get("abstract", ""))])


def _plain(topic: Scored) -> dict[str, object]:
    return {
        "slug": topic.topic,
        "confidence": round(topic.confidence, 3),
        "evidence": evidence_of(topic),
    }
