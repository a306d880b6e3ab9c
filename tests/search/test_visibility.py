"""A hidden paper is nowhere: not in hits, facets, suggestions, corrections, or likeness."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser

from papers.models import Paper
from papers.search import PaperQuery, matching, similar_papers, suggest
from tests import make
from tests.search.conftest import Find, counts, titles

pytestmark = pytest.mark.django_db

STATES = ["hidden", "withdrawn", "merged"]


@pytest.fixture(params=STATES)
def secret(request: pytest.FixtureRequest) -> None:
    """A public paper, and one that only staff may see, alike but for its year, venue, author."""
    exits = make.topic("Early exiting", slug="early-exiting")
    make.paper("Exits for depth", topics=[exits], key="shown")
    make.paper(
        "Exits for zebrafish",
        key="secret",
        year=1999,
        venue=make.venue("Secretly"),
        topics=[exits],
        authors=["Ana Zebrafish"],
        code="https://example.org/zebrafish",
        state=request.param,
    )


@pytest.fixture
def staff() -> AbstractUser:
    return get_user_model().objects.create_user("staff", is_staff=True)


@pytest.mark.parametrize("q", ["", "exits", "zebrafish", "author:zebrafish", "title:zebrafish"])
@pytest.mark.parametrize("sort", ["", "year", "name"])
def test_it_is_no_hit_and_in_no_count(secret: None, find: Find, q: str, sort: str) -> None:
    results = find(q, sort=sort)

    assert "Exits for zebrafish" not in titles(results)
    assert results.total <= 1
    assert counts(results, "topic").get("early-exiting", 0) <= 1
    assert "1999" not in counts(results, "year")
    assert not {"secretly"} & set(counts(results, "venue"))
    assert not counts(results, "has").get("code")


@pytest.mark.parametrize("q", ["", "+exits", "+zebrafish"])
def test_it_is_not_among_the_newest_while_there_is_no_index(
    secret: None, find: Find, unusable_index: None, q: str
) -> None:
    assert titles(find(q)) == ["Exits for depth"]


@pytest.mark.parametrize("q", ["", "exits", "zebrafish", "author:zebrafish", "has:code", "-depth"])
def test_it_is_in_no_set(secret: None, find: Find, q: str) -> None:
    find()
    hidden = Paper.objects.get(key="secret").pk

    assert hidden not in matching(PaperQuery.from_params({"q": q}))


def test_staff_see_it(secret: None, find: Find, staff: AbstractUser) -> None:
    results = find("zebrafish", user=staff)

    assert titles(results)[0] == "Exits for zebrafish"
    assert counts(results, "year")["1999"] == 1


@pytest.mark.parametrize("typed", ["zebra", "ana zebra", "author:zebra", "Exits for z"])
def test_it_is_not_suggested(secret: None, find: Find, typed: str) -> None:
    find()

    assert not [one for one in suggest(typed) if "ebrafish" in one.label]


@pytest.mark.parametrize("typed", ["zebra", "author:zebra"])
def test_it_is_not_suggested_without_an_index(
    secret: None, unusable_index: None, typed: str
) -> None:
    assert not [one for one in suggest(typed) if "ebrafish" in one.label]


def test_its_words_do_not_correct_others(secret: None, find: Find) -> None:
    assert find("zebrafsh").did_you_mean == ""


def test_it_is_like_no_other_paper(secret: None, find: Find) -> None:
    from papers.models import Paper

    find()

    assert similar_papers(Paper.objects.get(key="shown")) == []


def test_words_of_hidden_papers_correct_nothing_however_often_they_changed(
    secret: None, find: Find
) -> None:
    for number in range(3):  # the index goes on counting words of what was replaced in it
        Paper.objects.filter(key="secret").update(abstract=f"Zebrafish, version {number}")
        assert find("zebrafsh").did_you_mean == ""

    Paper.objects.filter(key="secret").update(state=Paper.State.PUBLIC)

    assert find("zebrafsh").did_you_mean == "zebrafish"
