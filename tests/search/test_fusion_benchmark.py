"""The benchmark that leaves sources out: what it chooses, and what it asks of the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.fusion import left_out
from benchmarks.fusion_collections import (
    findings_of_the_field,
    papers_of_the_field,
    topics_of_the_field,
    write,
)
from benchmarks.search_collection import load


def scored(grid: dict[str, float], words: float = 0.1, meaning: float = 0.1) -> dict[str, Any]:
    in_use = {"weights": [0.25, 0.6], "both": grid["0.25 0.6"]}
    plain = {"plain_bm25": 0.1, "dense": 0.1, "reciprocal_ranks": 0.1}
    return {**plain, "words": words, "meaning": meaning, "in_use": in_use, "grid": grid}


def test_weights_are_chosen_where_they_are_not_scored() -> None:
    found = {
        "field-topics": scored({"0.25 0.6": 0.30, "0.5 0.0": 0.40}),
        "field-findings": scored({"0.25 0.6": 0.30, "0.5 0.0": 0.40}),
        "acl-titles": scored({"0.25 0.6": 0.90, "0.5 0.0": 0.60}, words=0.95),
    }

    rows = {row["collection"]: row for row in left_out(found)}

    assert rows["field-topics"]["chosen_on_others"] == {"weights": "0.25 0.6", "both": 0.30}
    assert rows["field-topics"]["best_here"] == {"weights": "0.5 0.0", "both": 0.40}
    assert rows["acl-titles"]["chosen_on_others"] == {"weights": "0.5 0.0", "both": 0.60}
    assert rows["field-topics"]["above_the_better_part"]
    assert not rows["acl-titles"]["above_the_better_part"]


def test_nothing_can_be_said_of_one_source_alone() -> None:
    assert left_out({"field-topics": scored({"0.25 0.6": 0.3})}) == []


def test_a_finding_stands_in_no_document() -> None:
    made = findings_of_the_field()
    told = " ".join(f"{title} {text}" for title, text in made.documents.values())

    assert len(made.queries) > 400
    assert not [text for text in made.queries.values() if text in told]


def test_a_topic_asks_for_papers_placed_there_or_below() -> None:
    made = topics_of_the_field()

    assert set(made.right["early-exiting"]) < set(made.right["dynamic-depth"])
    assert set(made.right["dynamic-depth"]) < set(made.right["instance-wise"])


def test_a_paper_does_not_ask_for_itself() -> None:
    made = papers_of_the_field()

    assert len(made.queries) == 300
    assert not [key for key, right in made.right.items() if key in right]


def test_half_of_the_words_may_be_unknown() -> None:
    made = topics_of_the_field("name").half_known()
    known = {word for text in made.queries.values() for word in text.split()}
    unknown = [w for text in made.words.values() for w in text.split() if w not in known]

    assert made.words.keys() == made.queries.keys()
    assert 0.3 < len(unknown) / sum(len(text.split()) for text in made.words.values()) < 0.6


def test_collections_are_written_in_the_format_of_the_search_benchmark(tmp_path: Path) -> None:
    assert write("field-topics", tmp_path)
    files = [tmp_path / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv")]
    collection = load(*files)

    made = topics_of_the_field()
    assert {one.id for one in collection.documents} == set(made.documents)
    assert collection.queries == made.queries
    assert {q: list(grades) for q, grades in collection.judgements.items()} == made.right
