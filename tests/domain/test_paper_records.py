"""The records of papers that ship: titles as printed, names of one paper, the finest topics alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from papers.data_files.files import Loader

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

MALFORMED = {
    "begins with a mark": re.compile(r"^[^\w\"'“‘(⟨γ]"),
    "ends with a mark": re.compile(r"[;:,–\-.]$"),
    "holds markup": re.compile(r"<[a-zA-Z/]|&\w+;|\\[a-zA-Z]|\$|\b[lr]angle\b"),
    "has a space before a mark or none behind it": re.compile(r"\s[,:;]|[;,:](?=[A-Za-z]{2})| {2}"),
    "has a venue in brackets": re.compile(r"[\[(](ICLR|NeurIPS|ICML|CVPR|ICCV|ACL|AAAI)\b"),
}
NAMES_OF_KINDS = {"mllm", "llm", "vlm", "tts", "moe llm", "lrm", "cot"}
"""What lists write behind a title to tell its kind: the name of no paper."""


def read(folder: str) -> list[Any]:
    return [
        yaml.load(path.read_bytes(), Loader=Loader)
        for path in sorted((FIXTURES / folder).glob("*.yaml"))
    ]


@pytest.fixture(scope="module")
def papers() -> list[dict[str, Any]]:
    return read("papers")


def test_titles_are_as_printed(papers: list[dict[str, Any]]) -> None:
    slips = [
        (paper["key"], slip)
        for paper in papers
        for slip, pattern in MALFORMED.items()
        if pattern.search(paper["title"])
    ]

    assert slips == []


@pytest.mark.parametrize(
    "title",
    [
        ': "Structural Pruning";',
        "Entropy After langle /Think rangle",
        "Ada3D : Exploiting",
        "Hawkeye:Efficient Reasoning",
        "A Title (ICLR 2025)",
        "A Title.",
    ],
)
def test_a_malformed_title_is_seen(title: str) -> None:
    assert any(pattern.search(title) for pattern in MALFORMED.values())


def test_names_of_authors_are_neither_cut_nor_run_together(papers: list[dict[str, Any]]) -> None:
    slip = re.compile(r"[A-Za-z]\.[A-Z][a-z]|^[a-z]+$|^\W| \W?$|[\[\]{}*†‡@\d]$")
    slips = [(p["key"], name) for p in papers for name in p["authors"] if slip.search(name)]

    assert slips == []


def test_no_name_is_that_of_a_kind_of_model(papers: list[dict[str, Any]]) -> None:
    names = {(p["key"], n["name"].lower()) for p in papers for n in p.get("names") or ()}

    assert [pair for pair in sorted(names) if pair[1] in NAMES_OF_KINDS] == []


def test_no_paper_stands_under_a_topic_and_under_its_parent(papers: list[dict[str, Any]]) -> None:
    parents = {topic["slug"]: topic.get("parent") for group in read("taxonomy") for topic in group}

    def above(slug: str) -> Iterator[str]:
        while slug := parents[slug] or "":
            yield slug

    twice = {}
    for paper in papers:
        slugs = {*(paper.get("topics") or ()), *(paper.get("suggested_topics") or ())}
        twice[paper["key"]] = {parent for slug in slugs for parent in above(slug)} & slugs

    assert {key: slugs for key, slugs in twice.items() if slugs} == {}
