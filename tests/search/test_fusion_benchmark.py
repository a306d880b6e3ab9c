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
    collection = findings_of_the_field()
    told = " ".join(f"{title} {text}" for title, text in collection.documents.values())

    assert len(collection.queries) > 400
    assert not [text for text in collection.queries.values() if text in told]


def test_a_topic_asks_for_papers_placed_there_or_below() -> None:
    collection = topics_of_the_field()

    assert set(collection.relevant["early-exiting"]) < set(collection.relevant["dynamic-depth"])
    assert set(collection.relevant["dynamic-depth"]) < set(collection.relevant["instance-wise"])


def test_a_paper_does_not_ask_for_itself() -> None:
    collection = papers_of_the_field()

    assert len(collection.queries) == 300
    assert not [key for key, relevant in collection.relevant.items() if key in relevant]


def test_half_of_the_words_may_be_unknown() -> None:
    collection = topics_of_the_field("name").half_known()
    known = {word for text in collection.queries.values() for word in text.split()}
    unknown = [w for text in collection.words.values() for w in text.split() if w not in known]

    assert collection.words.keys() == collection.queries.keys()
    assert 0.3 < len(unknown) / sum(len(text.split()) for text in collection.words.values()) < 0.6


def test_collections_are_written_in_the_format_of_the_search_benchmark(tmp_path: Path) -> None:
    assert write("field-topics", tmp_path)
    files = [tmp_path / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv")]
    read = load(*files)

    collection = topics_of_the_field()
    assert {document.id for document in read.documents} == set(collection.documents)
    assert read.queries == collection.queries
    assert {q: list(grades) for q, grades in read.judgements.items()} == collection.relevant
