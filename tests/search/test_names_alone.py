"""Questions that say names alone: nothing is near in meaning to a venue or to a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from papers.models import Paper, PaperName
from papers.search.meaning import nearest
from papers.search.words import engine
from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db


def let_be_near(monkeypatch: pytest.MonkeyPatch, cosine: float) -> None:
    """As if every paper were so near in meaning to whatever is asked."""

    def near(*asked: object) -> Callable[[], list[object]]:
        ids = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
        return lambda: [(pk, cosine) for pk in ids]

    monkeypatch.setattr(nearest.Comparing, "nearest", near)


@pytest.fixture
def all_near(monkeypatch: pytest.MonkeyPatch) -> None:
    let_be_near(monkeypatch, 0.9)


@pytest.fixture
def papers(all_near: None) -> None:
    iclr = make.venue("ICLR", full_name="International Conference on Learning Representations")
    neurips = make.venue("NeurIPS", aliases=["NIPS"])
    letters = make.venue("Routing Letters", kind="journal")
    make.paper("Early exits", venue=iclr, year=2018, authors=["Gao Huang"])
    make.paper("Late exits", venue=iclr, year=2019, authors=["Ann Huang"])
    make.paper("Skipped layers", venue=neurips, year=2018, authors=["Gao Wei"])
    make.paper("Routing of tokens", venue=letters, year=2018, authors=["Bo Li"])
    make.paper("Tokens and routing", venue=neurips, year=2020, authors=["Bo Li"])


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("ICLR 2018", {"Early exits"}),
        ("iclr", {"Early exits", "Late exits"}),
        ("Huang 2018", {"Early exits"}),
        ("Gao Huang", {"Early exits"}),
        ("NeurIPS", {"Skipped layers", "Tokens and routing"}),
        ("NIPS 2018", {"Skipped layers"}),
        ("ICLR year:2019", {"Late exits"}),
        ("Li 2020", {"Tokens and routing"}),
    ],
)
def test_what_bears_the_names_is_listed_and_nothing_else(
    papers: None, find: Find, q: str, meant: set[str]
) -> None:
    results = find(q)

    assert set(titles(results)) == meant
    assert results.total == len(meant)


@pytest.mark.parametrize("q", ["routing", "Huang exits", "early", "learning representations"])
def test_a_word_of_prose_lets_near_ones_in(papers: None, find: Find, q: str) -> None:
    assert find(q).total == 5


def test_to_a_coined_name_belongs_what_has_it_and_nothing_else(
    all_near: None, monkeypatch: pytest.MonkeyPatch, find: Find
) -> None:
    lamp = make.paper("Heads that draft ahead")
    PaperName.of(lamp, 0, "Lampnet", "title").save()
    make.paper("Trees of drafts", tldr="Beside Lampnet.")
    skip = make.paper("Layers that skip")
    PaperName.of(skip, 0, "SkipLamp", "title").save()
    for title in ("Weights that are made", "Nets in nets"):
        make.paper(title)
    monkeypatch.setattr(engine, "MOST_WITH_A_NAME", 0.2)  # of five papers

    results = find("Lampnet")

    assert titles(results) == ["Heads that draft ahead", "Trees of drafts"]
    assert results.total == 2


def test_a_name_that_is_a_word_of_many_papers_has_a_meaning(
    monkeypatch: pytest.MonkeyPatch, find: Find
) -> None:
    let_be_near(monkeypatch, 0.3)
    first = make.paper("Nets that act")
    PaperName.of(first, 0, "ACT", "title").save()
    make.paper("Acting early")
    make.paper("Weights that are made")

    assert find("ACT").total == 3


def test_a_venue_is_asked_for_by_any_name_that_papers_print_of_it(papers: None, find: Find) -> None:
    assert set(titles(find("venue:NIPS"))) == {"Skipped layers", "Tokens and routing"}
