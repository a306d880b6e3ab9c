"""How likely a paper belongs under a topic, from its nearest papers and the definitions. Pure.

The weights stand in topic_weights.json; benchmarks/suggest_topics.py fits and measures them on
the papers that curators placed, each paper scored from all the others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NEIGHBOURS = 15
FROM_DEFINITIONS = 8
"""Topics that may be proposed for their definition alone."""
FEATURES = ("neighbour share", "nearest neighbour", "definition", "definition z-score")


@dataclass(frozen=True)
class Neighbour:
    """A similar paper. similarity: cosine of the two embeddings."""

    key: str
    title: str
    similarity: float
    topics: frozenset[str]


@dataclass(frozen=True)
class Scored:
    """A topic with the chance that it is right, and what speaks for it."""

    topic: str
    confidence: float
    neighbours: tuple[Neighbour, ...]
    definition_similarity: float


def features(
    neighbours: Sequence[Neighbour], definitions: Mapping[str, float]
) -> dict[str, tuple[float, ...]]:
    """For each topic that anything speaks for: the numbers named in FEATURES.

    neighbours: the paper's nearest, at most NEIGHBOURS. definitions: for every topic, cosine of the
    paper with the topic's definition.
    """
    weights = [max(n.similarity, 0.0) ** 3 for n in neighbours]
    whole = sum(weights) or 1.0
    mean = sum(definitions.values()) / max(1, len(definitions))
    spread = math.sqrt(
        sum((d - mean) ** 2 for d in definitions.values()) / max(1, len(definitions))
    )
    close = sorted(definitions, key=lambda slug: -definitions[slug])[:FROM_DEFINITIONS]
    found: dict[str, tuple[float, ...]] = {}
    for slug in {*close, *(slug for n in neighbours for slug in n.topics)}:
        under = [i for i, n in enumerate(neighbours) if slug in n.topics]
        near = definitions.get(slug, mean)
        found[slug] = (
            sum(weights[i] for i in under) / whole,
            max((neighbours[i].similarity for i in under), default=0.0),
            near,
            (near - mean) / (spread or 1.0),
        )
    return found


def score_topics(neighbours: Sequence[Neighbour], definitions: Mapping[str, float]) -> list[Scored]:
    """Topics with their confidence, most likely first."""
    intercept, weights = _weights()
    scored = []
    for slug, numbers in features(neighbours, definitions).items():
        logit = intercept + sum(w * x for w, x in zip(weights, numbers, strict=True))
        scored.append(
            Scored(
                topic=slug,
                confidence=1 / (1 + math.exp(-logit)),
                neighbours=tuple(n for n in neighbours if slug in n.topics),
                definition_similarity=definitions.get(slug, 0.0),
            )
        )
    return sorted(scored, key=lambda s: (-s.confidence, s.topic))


@cache
def _weights() -> tuple[float, tuple[float, ...]]:
    fitted = json.loads(Path(__file__).with_name("topic_weights.json").read_text())
    return float(fitted["intercept"]), tuple(fitted["weights"][name] for name in FEATURES)
