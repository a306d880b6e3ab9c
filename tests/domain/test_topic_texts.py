"""The texts that ship: no large topic without one, each in paragraphs that rest on papers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.figures import FIGURES
from papers.data_files.files import Loader
from papers.learning.prose import cited_keys

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LARGE = 10
"""Papers from which on a leaf has a text."""


def read(folder: str) -> list[Any]:
    return [
        yaml.load(path.read_bytes(), Loader=Loader)
        for path in sorted((FIXTURES / folder).glob("*.yaml"))
    ]


@pytest.fixture(scope="module")
def texts() -> dict[str, Any]:
    return {text["topic"]: text for text in read("topics")}


def test_every_inner_node_and_every_large_leaf_has_a_text(texts: dict[str, Any]) -> None:
    topics = [topic for group in read("taxonomy") for topic in group]
    inner = {topic["parent"] for topic in topics if topic.get("parent")}
    papers = Counter(
        slug
        for paper in read("papers")
        for slug in {*(paper.get("topics") or ()), *(paper.get("suggested_topics") or ())}
    )
    large = {topic["slug"] for topic in topics if papers[topic["slug"]] >= LARGE}

    assert sorted((inner | large) - texts.keys()) == []


def test_a_text_has_paragraphs_that_rest_on_papers(texts: dict[str, Any]) -> None:
    for slug, text in texts.items():
        cited = {key for part in text["paragraphs"] for key in cited_keys(part["text"])}
        assert 2 <= len(text["paragraphs"]) <= 6, slug
        assert len(cited) >= 3, slug
        assert text.get("read_five") and text.get("open_questions"), slug


def test_chinese_cites_no_paper_that_the_english_does_not(texts: dict[str, Any]) -> None:
    translated = 0
    for slug, text in texts.items():
        for part in text["paragraphs"]:
            if part.get("zh"):
                assert set(cited_keys(part["zh"])) <= set(cited_keys(part["text"])), slug
                assert part["title_zh"], slug
        translated += any(part.get("zh") for part in text["paragraphs"])
    assert translated >= 40


def test_figures_of_texts_exist(texts: dict[str, Any]) -> None:
    assert {text["figure"] for text in texts.values() if text.get("figure")} <= FIGURES.keys()
