"""What the search benchmark compares us with, and what it leaves out. No database."""

from __future__ import annotations

import json
from math import log
from pathlib import Path

import pytest

from benchmarks.baselines import PlainBM25, reciprocal_ranks
from benchmarks.search_collection import load

TEXTS = ["a red fox", "a red red hen", "blue whales sing", "green frogs", "old trees"]


def test_plain_bm25_is_the_formula() -> None:
    found = PlainBM25(TEXTS).scores("red fox")

    mean = (3 + 4 + 3 + 2 + 2) / 5
    red, fox = log((5 - 2 + 0.5) / (2 + 0.5)), log((5 - 1 + 0.5) / (1 + 0.5))

    def once(length: int, count: int = 1) -> float:
        return count * 2.5 / (count + 1.5 * (0.25 + 0.75 * length / mean))

    assert found.tolist() == pytest.approx([(red + fox) * once(3), red * once(4, 2), 0, 0, 0])


def test_plain_bm25_counts_a_word_that_is_said_twice_twice() -> None:
    plain = PlainBM25(TEXTS)

    assert plain.scores("fox fox").tolist() == pytest.approx((2 * plain.scores("fox")).tolist())


def test_plain_bm25_finds_only_what_shares_a_word() -> None:
    assert PlainBM25(TEXTS).best("FOX whales", 5) == [0, 2]


def test_reciprocal_ranks_prefer_what_both_orders_know() -> None:
    assert reciprocal_ranks(["a", "b"], ["c", "b"], most=3) == ["b", "a", "c"]


def test_a_query_may_name_its_own_document(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("c.jsonl", "q.jsonl", "r.tsv")]
    files[0].write_text(json.dumps({"id": "d1", "title": "T", "text": "x"}) + "\n")
    rows = [{"id": "q1", "text": "x", "paper": "d1"}, {"id": "q2", "text": "y"}]
    files[1].write_text("".join(json.dumps(row) + "\n" for row in rows))
    files[2].write_text("query\tdocument\tgrade\nq1\td1\t1\n")

    assert load(*files, own="paper").own == {"q1": "d1"}
    assert load(*files).own == {}


def test_nothing_is_made_up_unless_asked_for(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("c.jsonl", "q.jsonl", "r.tsv")]
    for file in files:
        file.write_text("")

    assert load(*files).bare
