"""Counting papers under topics from their marks."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from papers.search.words.topic_counts import marks, topic_counts

TREE = [
    *("depth", "depth/exits", "depth/exits/learnt", "depth/exits/fixed", "depth/skips"),
    *("width", "width/channels", "width/experts", "width/experts/top", "space"),
]


def counted_one_by_one(papers: list[list[str]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for paths in papers:
        found.update({slug for path in paths for slug in path.split("/")})
    return dict(found)


def counted_by_marks(papers: list[list[str]]) -> dict[str, int]:
    return topic_counts(Counter(mark for paths in papers for mark in marks(paths)))


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], ()),
        (["depth/exits"], ("1 depth/exits",)),
        (["depth/exits", "depth"], ("1 depth/exits",)),
        (["depth/exits", "depth/skips"], ("1 depth/exits", "-1 depth", "1 depth/skips")),
        (["depth/exits", "width"], ("1 depth/exits", "1 width")),
    ],
)
def test_a_paper_has_marks_at_leaves_and_forks(paths: list[str], expected: tuple[str, ...]) -> None:
    assert marks(paths) == expected


@pytest.mark.parametrize("seed", range(20))
def test_marks_count_each_paper_once_at_every_topic_above_it(seed: int) -> None:
    draw = random.Random(seed)
    papers = [draw.sample(TREE, draw.randint(0, 6)) for _ in range(50)]

    assert counted_by_marks(papers) == counted_one_by_one(papers)
