"""Other tools over the same documents and questions, on the same machine in the same run."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks.search_collection import Collection
from benchmarks.search_scores import percentiles, quality

Answer = TypeVar("Answer")
Ask = Callable[[str], list[str]]


def peers(
    collection: Collection, most_queries: int, depth: int, ours: Callable[[str], object]
) -> dict[str, dict[str, Any]]:
    """Quality and time of each tool over the first judged queries; missing tools are left out.

    ours: our own search, which answers each question right after the other tool, so that both
    meet the same load of the machine.
    """
    makers: dict[str, Callable[[Collection, int], Ask]] = {
        "sqlite_fts5_any_word": _fts5_any,
        "sqlite_fts5_as_datasette": _fts5_all,
        "rank_bm25": _rank_bm25,
    }
    judged = dict(list(collection.judgements.items())[:most_queries])
    queries = {query: collection.queries[query] for query in judged}
    report = {}
    for name, make in makers.items():
        try:
            ask = make(collection, depth)
        except ImportError:
            continue
        orders: dict[str, list[str]] = {}
        spent: list[float] = []
        our_own: list[float] = []
        for query, text in queries.items():
            orders[query] = _timed(ask, text, spent)
            _timed(ours, text, our_own)
        theirs, own = percentiles(spent), percentiles(our_own)
        report[name] = {
            "queries": len(queries),
            "quality": quality(orders, judged),
            "milliseconds": theirs,
            "ours_in_turns": own,
            "times_our_median": round(theirs["p50"] / own["p50"], 2),
        }
    return report


def _timed(ask: Callable[[str], Answer], text: str, milliseconds: list[float]) -> Answer:
    began = time.perf_counter()
    answer = ask(text)
    milliseconds.append((time.perf_counter() - began) * 1000)
    return answer


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _fts5_table(collection: Collection) -> sqlite3.Connection:
    table = sqlite3.connect(":memory:")
    table.execute(
        "CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, title, text, tokenize=porter)"
    )
    rows = ((document.id, document.title, document.text) for document in collection.documents)
    table.executemany("INSERT INTO docs VALUES (?, ?, ?)", rows)
    table.execute("INSERT INTO docs(docs) VALUES ('optimize')")
    return table


def _fts5(collection: Collection, depth: int, joint: str) -> Ask:
    table = _fts5_table(collection)
    question = "SELECT id FROM docs WHERE docs MATCH ? ORDER BY bm25(docs) LIMIT ?"

    def ask(text: str) -> list[str]:
        words = joint.join(f'"{word}"' for word in _words(text))
        return [row[0] for row in table.execute(question, (words, depth))] if words else []

    return ask


def _fts5_any(collection: Collection, depth: int) -> Ask:
    """Papers with any word of the question, by FTS5's own BM25."""
    return _fts5(collection, depth, " OR ")


def _fts5_all(collection: Collection, depth: int) -> Ask:
    """As Datasette asks: every word quoted, all of them required."""
    return _fts5(collection, depth, " ")


def _rank_bm25(collection: Collection, depth: int) -> Ask:
    """The Python package many notebooks use, over lower-case words."""
    from rank_bm25 import BM25Okapi

    documents = [document.id for document in collection.documents]
    ranker = BM25Okapi(
        [_words(f"{document.title} {document.text}") for document in collection.documents]
    )

    def ask(text: str) -> list[str]:
        scores = ranker.get_scores(_words(text))
        best = sorted(range(len(scores)), key=lambda place: -scores[place])[:depth]
        return [documents[place] for place in best]

    return ask
