"""The best papers by words alone are found the quick way, and are the same as the slow way."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from accounts.models import User
from papers.models import Paper
from papers.search import PaperQuery
from papers.search.language.resolving import resolve
from papers.search.plan import make_plan
from papers.search.words import engine, following, reader
from papers.search.words.engine import IndexEngine
from tests import make

pytestmark = pytest.mark.django_db
WORDS = ("early", "exits", "gates", "depth", "width", "routing", "experts", "tokens", "halting")


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty papers of few words, a third of them hidden."""
    monkeypatch.setattr(engine, "SPARE", 4)
    draw = random.Random(3)
    for number in range(60):
        words = draw.choices(WORDS, weights=range(1, 10), k=draw.randint(2, 7))
        make.paper(
            f"{' '.join(words)} {number}",
            state=Paper.State.HIDDEN if number % 3 == 0 else Paper.State.PUBLIC,
        )
    following.follow_inline()


def ranked(q: str, most: int, user: Any = None) -> list[tuple[int, float]]:
    query = PaperQuery.from_params({"q": q})
    found = IndexEngine(reader.view(), make_plan(query, resolve(query), user)).ranked(most)
    return sorted(((pk, round(score, 4)) for pk, score in found), key=lambda one: (-one[1], one[0]))


QUERIES = (
    *("halting", "early exits", "gates depth tokens", "early exits gates routing experts"),
    *("nowhere", '"early exits" gates', "gates year:2018", "author:huang routing"),
    "-halting tokens",
)


@pytest.mark.parametrize("is_curator", [False, True])
def test_both_ways_find_the_same(
    papers: None, monkeypatch: pytest.MonkeyPatch, is_curator: bool
) -> None:
    user = User(is_superuser=True, is_staff=True, is_active=True) if is_curator else None
    for q, most in product(QUERIES, (1, 5, 20, 300)):
        quickly = ranked(q, most, user)
        with monkeypatch.context() as patch:
            patch.setattr(IndexEngine, "_ranked_by_words_alone", lambda self, limit: None)
            slowly = ranked(q, most, user)

        scores = [score for _, score in slowly]
        assert [score for _, score in quickly] == scores, q
        sure = {pk for pk, score in slowly if score > min(scores, default=0)}  # ties at the end
        assert sure <= {pk for pk, _ in quickly}, q
