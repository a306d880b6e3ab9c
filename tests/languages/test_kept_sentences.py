"""Sentences, rules and labels that are kept in English, as Chinese pages tell them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from kb.api.titles import RESOURCES, title
from kb.languages.labels import usual
from kb.languages.sentences import rule, sentence


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("42 rows of 3 papers", "3 篇论文的 42 行"),
        ("1.4 ± 0.4 (3 seeds)", "1.4 ± 0.4（3 个种子）"),
        ("20 of 42 rows say nothing about “Operations”", "42 行中有 20 行没有“Operations”"),
        ("Something else of a program", "Something else of a program"),
    ],
)
def test_a_sentence_is_told_with_its_own_numbers(kept: str, told: str) -> None:
    assert sentence(kept) == kept
    with override("zh-hans"):
        assert sentence(kept) == told


def test_a_rule_is_told_part_by_part() -> None:
    kept = "Bound: than >=, bound 1.5, min seeds 3, seeds needed 2"
    assert rule(kept) == kept
    with override("zh-hans"):
        assert rule(kept) == "界限：比较 >=，界 1.5，最少种子数 3，所需种子数 2"
        assert rule("Printed") == "所印"


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Camera ready deadline", "终稿截止"),
        ("camera-ready deadline", "终稿截止"),
        ("Keynote 6", "主旨报告 6"),
        ("Gather Town", "Gather Town"),
        ("", ""),
    ],
)
def test_usual_labels_are_told_and_others_left(label: str, told: str) -> None:
    assert usual(label) == label
    with override("zh-hans"):
        assert usual(label) == told


def test_titles_of_the_api_follow_from_their_paths() -> None:
    assert title("GET", "/api/v1/papers/") == "Papers: the list"
    assert title("POST", "/api/v1/reviews/{id}/withdraw/") == "Reviews: withdraw"
    assert (
        title("PATCH", "/api/v1/lists/{id}/entries/{key}/") == "Reading lists: its entries, change"
    )
    with override("zh-hans"):
        assert title("POST", "/api/v1/reviews/{id}/withdraw/") == "评审：撤回"
    with pytest.raises(KeyError):
        title("GET", "/api/v1/poems/")
    assert all(name == name.strip("/") for name in RESOURCES)
