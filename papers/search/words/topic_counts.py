"""Papers counted under every topic above theirs, from as few marks a paper as will do. Pure.

A paper's topics and all that is above them are trees. In each tree, and in each part of it below
some topic, the leaves outnumber the forks by one: leaves − Σ (branches of a fork − 1) = 1. So a
paper is marked at its leaves with 1 and at its forks with 1 − branches, and the sum of the marks
at a topic and below counts it once. Most papers have one or two marks and six or more topics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache


def marks(paths: Iterable[str]) -> tuple[str, ...]:
    """Marks of a paper placed at topics with these paths: "1 depth/exits", "-1 depth"."""
    branches: dict[str, set[str]] = {}
    for path in paths:
        branches.setdefault(path, set())
        while "/" in path:
            above = path.rpartition("/")[0]
            branches.setdefault(above, set()).add(path)
            path = above
    return tuple(f"{1 - len(own)} {path}" for path, own in branches.items() if len(own) != 1)


def topic_counts(marked: Mapping[str, int]) -> dict[str, int]:
    """How many papers stand at each topic or below, by slug, from how many have each mark."""
    counts: Counter[str] = Counter()
    for mark, papers in marked.items():
        weight, slugs = _read(mark)
        for slug in slugs:
            counts[slug] += weight * papers
    return dict(+counts)


@lru_cache(maxsize=8192)
def _read(mark: str) -> tuple[int, tuple[str, ...]]:
    """Weight of a mark and the topics that it counts for."""
    weight, path = mark.split(" ", 1)
    return int(weight), tuple(path.split("/"))
