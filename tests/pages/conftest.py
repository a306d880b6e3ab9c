"""A paper, and a reading path that begins with it."""

from __future__ import annotations

import pytest

from papers.models import PathStep, ReadingPath
from tests import make


@pytest.fixture
def first() -> object:
    return make.paper("Exits", key="first", year=2018, authors=["Ada Byron", "B Ce", "D Ef"])


@pytest.fixture
def path(first: object) -> ReadingPath:
    path = ReadingPath.objects.create(
        slug="newcomer", title="In an afternoon", audience="Anybody.", outcome="Know.", by="machine"
    )
    PathStep.objects.create(path=path, slug="a", position=0, why="So.", minutes=50, paper=first)
    PathStep.objects.create(
        path=path, slug="b", position=1, why="So.", minutes=30, title="The map", address="/topics/"
    )
    return path
