"""Pasted abstracts: every word of them counts, and as often as they say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from papers.search.meaning import nearest
from papers.search.words.conditions import length, ranking_terms
from papers.search.words.engine import IndexEngine
from tests import make
from tests.search.conftest import Find, titles

SYLLABLES = ("ba", "co", "du", "fe", "gi", "ko", "lu", "mo", "ne", "pa")


def text(count: int, before: str = "") -> str:
    """So many different words that mean nothing."""
    made = (f"{a}{b}{c}x" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES)
    return " ".join([before, *(word for word, _ in zip(made, range(count), strict=False))]).strip()


def nothing_near(*asked: object) -> Callable[[], list[object]]:
    """As if no paper were near in meaning."""
    return list


def test_a_word_counts_as_often_as_a_long_text_says_it() -> None:
    long = text(20, "gates gates routing")

    assert length(long) > 1
    assert ranking_terms(long)["gate"] == 2
    assert ranking_terms(long)["rout"] == 1


def test_in_a_short_question_it_counts_once() -> None:
    assert set(ranking_terms("gates gates routing").values()) == {1}


def test_an_abstract_is_read_to_its_end() -> None:
    assert len(ranking_terms(text(150))) == 150


@pytest.mark.django_db
def test_the_last_words_of_a_pasted_abstract_find_its_paper(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest.Comparing, "nearest", nothing_near)
    whole = text(150)
    end = " ".join(whole.split()[-30:])
    make.paper("Late words", abstract=end)
    make.paper("Other words", abstract="routing of tokens")

    assert titles(find(whole)) == ["Late words"]


@pytest.mark.django_db
def test_a_paper_needs_one_in_twenty_of_its_words(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest.Comparing, "nearest", nothing_near)
    asked = text(60)
    words = asked.split()
    for count in (1, 2, 3, 4):
        make.paper(f"Shares {count}", abstract=" ".join(words[10 * count : 11 * count]))
    for number in range(30):  # so that no word is common
        make.paper(f"Shares none {number}", abstract="tokens")

    assert set(titles(find(asked))) == {"Shares 3", "Shares 4"}


@pytest.mark.django_db
def test_labels_of_a_facet_follow_the_records(find: Find) -> None:
    venue = make.venue("ICLR")
    make.paper("Gates", venue=venue)
    assert labels(find("gates"), "venue") == ["ICLR"]

    venue.name = "Learning Representations"
    venue.save()

    assert labels(find("gates"), "venue") == ["Learning Representations"]


def labels(results: object, facet: str) -> list[str]:
    """What the options of a facet are called."""
    facets = getattr(results, "facets", ())
    return [option.label for one in facets if one.name == facet for option in one.options]


@pytest.mark.django_db
def test_a_long_name_without_a_stop_is_answered_by_the_index(
    find: Find, caplog: pytest.LogCaptureFixture
) -> None:
    make.paper("动态网络")

    find(f'author:"{" ".join(["动态网络"] * 60)}"')

    assert not [one for one in caplog.records if "index failed" in one.message]


def test_no_title_begins_with_what_is_longer_than_any() -> None:
    """An automaton of such a length is refused, so the index is not asked: there is none here."""
    assert IndexEngine.begun_by(cast(IndexEngine, None), "动" * 400, 3) == []
