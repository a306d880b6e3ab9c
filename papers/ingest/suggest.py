"""Suggesting places in the taxonomy for a paper; a curator accepts or declines each."""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.db import transaction
from django.db.models import Prefetch
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.django import CosineDistance

from papers.models import Decision, Paper, PaperEmbedding, PaperTopic, TopicSuggestion
from papers.search.meaning import encoder
from taxonomy.models import Topic

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
    features_of: dict[str, tuple[float, ...]] = {}
    for slug in {*close, *(slug for n in neighbours for slug in n.topics)}:
        under = [i for i, n in enumerate(neighbours) if slug in n.topics]
        near = definitions.get(slug, mean)
        features_of[slug] = (
            sum(weights[i] for i in under) / whole,
            max((neighbours[i].similarity for i in under), default=0.0),
            near,
            (near - mean) / (spread or 1.0),
        )
    return features_of


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


MOST = 6
WORTH_SHOWING = 0.1
_EVIDENCE = 4

Vector = NDArray[np.float32]


def suggest_topics(paper: Paper) -> int:
    """Write suggestions for a paper that has an embedding; returns how many are open.

    What a curator decided stays; open ones are brought up to date. Raises encoder.Unavailable.
    """
    vector = _vector_of(paper)
    if vector is None:
        return 0
    scored = scored_for(vector, paper)
    placed = set(paper.placements.values_list("topic__slug", flat=True))
    best = [s for s in scored if s.confidence >= WORTH_SHOWING and s.topic not in placed][:MOST]
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=[s.topic for s in best])}
    with transaction.atomic():
        decided = TopicSuggestion.objects.filter(paper=paper).exclude(decision=Decision.OPEN)
        done = set(decided.values_list("topic__slug", flat=True))
        TopicSuggestion.objects.filter(paper=paper, decision=Decision.OPEN).exclude(
            topic__in=topics.values()
        ).delete()
        TopicSuggestion.objects.bulk_create(
            [
                TopicSuggestion(
                    paper=paper,
                    topic=topics[s.topic],
                    confidence=round(s.confidence, 3),
                    evidence=evidence_of(s),
                )
                for s in best
                if s.topic not in done
            ],
            update_conflicts=True,
            unique_fields=["paper", "topic"],
            update_fields=["confidence", "evidence"],
        )
    return len(best)


def scored_for(vector: Vector, paper: Paper | None = None) -> list[Scored]:
    """Topics for a work with this vector, likeliest first. paper: itself, which is no neighbour.

    Raises encoder.Unavailable.
    """
    return score_topics(_neighbours(paper, vector), _to_definitions(vector))


def evidence_of(scored: Scored) -> dict[str, object]:
    """What speaks for a topic, as JSON values."""
    return {
        "definition": round(scored.definition_similarity, 3),
        "neighbours": [
            {"key": n.key, "title": n.title, "similarity": round(n.similarity, 3)}
            for n in scored.neighbours[:_EVIDENCE]
        ],
    }


def _vector_of(paper: Paper) -> Vector | None:
    row = PaperEmbedding.objects.filter(paper=paper, encoder=encoder.chosen()).first()
    return None if row is None else np.asarray(row.vector, np.float32)


def _neighbours(paper: Paper | None, vector: Vector) -> list[Neighbour]:
    """The nearest public papers that have a place in the taxonomy."""
    placed = PaperTopic.objects.filter(origin=PaperTopic.Origin.CURATOR)
    near = (
        PaperEmbedding.objects.filter(
            encoder=encoder.chosen(),
            paper__state=Paper.State.PUBLIC,
            paper__in=placed.values("paper"),
        )
        .exclude(paper=paper.pk if paper else None)
        .annotate(distance=CosineDistance("vector", HalfVector(vector)))
        .select_related("paper")
        .prefetch_related(
            Prefetch("paper__placements", placed.select_related("topic"), to_attr="by_curators")
        )
        .only("paper__key", "paper__title")
        .order_by("distance", "paper")[:NEIGHBOURS]
    )
    return [
        Neighbour(
            row.paper.key,
            row.paper.title,
            1.0 - float(row.distance),
            frozenset(placement.topic.slug for placement in row.paper.by_curators),  # type: ignore[attr-defined]
        )
        for row in near
    ]


# The definitions are few and change seldom: their vectors are kept, by the hash of the texts.
_defined: dict[str, tuple[list[str], Vector]] = {}
_lock = threading.Lock()


def _to_definitions(vector: Vector) -> dict[str, float]:
    """Cosine of the paper with every topic's name and definition."""
    texts = {
        slug: f"{name}. {definition}"
        for slug, name, definition in Topic.objects.order_by("slug").values_list(
            "slug", "name", "definition"
        )
    }
    if not texts:
        return {}
    name = encoder.chosen()
    digest = hashlib.sha256("\0".join([name, *texts, *texts.values()]).encode()).hexdigest()
    with _lock:
        if digest not in _defined:
            _defined.clear()
            _defined[digest] = (list(texts), encoder.load().encode(list(texts.values())))
        slugs, vectors = _defined[digest]
    return dict(zip(slugs, (vectors @ vector).tolist(), strict=True))
