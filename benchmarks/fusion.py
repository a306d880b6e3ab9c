"""Whether the weights of the fusion hold where they were not chosen: one source left out at a time.

    python -m benchmarks.fusion [--keep FOLDER] [--only NAME ...]

Twelve collections of three sources: the field itself (names and definitions of topics, findings,
papers; the curators' own texts, always there), and SciFact and abstracts of the ACL where they lie
beside the repository or in KB_BENCH_DATA. Each is searched in memory by the site's own code for
words, passages and fusion, with exact vectors. Every pair of weights is scored on every
collection; then the pair that is best on the other sources is scored on the one left out. Beside
them stand plain BM25, the same encoder, and both by reciprocal ranks. A query's own document is
left out. Prints one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.baselines import PlainBM25, reciprocal_ranks
from benchmarks.fusion_collections import COLLECTIONS, SOURCES, JudgedCollection
from benchmarks.search_scores import quality
from kb.site.data_dir import data_dir

WORDS_WEIGHTS = (0.03, 0.04, 0.055, 0.075)
PASSAGE_SHARES = (0.3, 0.5, 0.7)
DEPTH = 100

Scores = dict[str, Any]
Order = list[str]


def main() -> None:
    """Score all collections and print what that shows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", nargs="+", choices=list(COLLECTIONS), default=list(COLLECTIONS))
    parser.add_argument("--keep", type=Path, default=data_dir() / "bench" / "fusion")
    wanted = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    os.environ["KB_DATA_DIR"] = str(wanted.keep)
    import django

    django.setup()  # for settings and models; nothing asks a database
    from benchmarks.search_vectors import remembering

    encoder, known = remembering(wanted.keep), {}
    for name in wanted.only:
        collection = COLLECTIONS[name]()
        if collection is None:
            print(f"{name}: left out, its material is not here", file=sys.stderr)
            continue
        known[name] = scores(collection, encoder)
        encoder.save()
        print(f"{name}: {known[name]}", file=sys.stderr, flush=True)
    json.dump({"collections": known, "left_out": left_out(known)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


# --- one collection ---


def scores(collection: JudgedCollection, encoder: Any) -> Scores:
    """nDCG@10 of words, of meaning, of both under every pair of weights "W P", and baselines."""
    from papers.search import fusion

    prepared = _Asked(collection, encoder)
    in_use = (fusion.WORDS_WEIGHT, fusion.PASSAGE_SHARE)

    def score(order: Callable[[str], Order], measure: str = "ndcg@10") -> float:
        ranked = {
            key: [name for name in order(key) if name != key or name in relevant]
            for key, relevant in collection.relevant.items()
        }
        return quality(
            ranked, {k: dict.fromkeys(own, 1) for k, own in collection.relevant.items()}
        )[measure]

    report = {
        "documents": len(collection.documents),
        "queries": len(collection.queries),
        "plain_bm25": score(prepared.plain),
        "dense": score(prepared.dense),
        "reciprocal_ranks": score(prepared.reciprocal),
        "words": score(prepared.by_words),
        "meaning": score(prepared.by_meaning),
        "in_use": {"weights": list(in_use), "both": score(prepared.both)},
        "recall@100": {
            "plain_bm25": score(prepared.plain, "recall@100"),
            "words": score(prepared.by_words, "recall@100"),
            "both": score(prepared.both, "recall@100"),
        },
        "grid": {},
    }
    for share in PASSAGE_SHARES:
        for weight in WORDS_WEIGHTS:
            fusion.WORDS_WEIGHT, fusion.PASSAGE_SHARE = weight, share
            report["grid"][f"{weight} {share}"] = score(prepared.both)
    fusion.WORDS_WEIGHT, fusion.PASSAGE_SHARE = in_use
    return report


class _Asked:
    """What words and meaning know of each query, to be put together in several ways."""

    def __init__(self, collection: JudgedCollection, encoder: Any) -> None:
        import numpy as np

        from papers.search.meaning import passages

        self.collection, self.ids = collection, list(collection.documents)
        texts = list(collection.documents.values())
        parts = [passages.split(title, [text]) or [""] for title, text in texts]
        wholes = encoder.encode([passages.whole(title, [text]) for title, text in texts])
        flat = encoder.encode([part for own in parts for part in own])
        starts = np.cumsum([0, *(len(own) for own in parts[:-1])])
        vectors = encoder.encode(list(collection.queries.values()))
        rows = dict(zip(collection.queries, range(len(vectors)), strict=True))
        cosines = vectors @ wholes.T
        best = np.maximum.reduceat(vectors @ flat.T, starts, axis=1)
        self.cosines = {key: cosines[row] for key, row in rows.items()}
        self.passages = {key: best[row] for key, row in rows.items()}
        self._plain = PlainBM25([f"{title} {text}" for title, text in texts])
        view = _view(texts)
        self.words = {key: self._words(key, view) for key in collection.queries}

    def _words(self, key: str, view: Any) -> tuple[dict[int, float], float, float]:
        """BM25 as the site has it, of the best papers and of the near ones; score of a paper with
        every word; length of the question."""
        from papers.search.language.query import PaperQuery
        from papers.search.plan import Plan
        from papers.search.ranking import MEANING_POOL, WORDS_POOL, near_enough
        from papers.search.words.conditions import length
        from papers.search.words.engine import IndexEngine

        text = self.collection.words.get(key, self.collection.queries[key])
        words = PaperQuery.from_params({"q": text}).said
        engine = IndexEngine(view, Plan((), words, {}, None, None))
        ranked = dict(engine.ranked(WORDS_POOL))
        neighbours = [(pk, float(self.cosines[key][pk])) for pk in self._near(key)]
        nearest = near_enough(neighbours[:MEANING_POOL], engine)
        return (
            ranked | engine.scores([pk for pk in nearest if pk not in ranked]),
            engine.full_score,
            length(words),
        )

    def _near(self, key: str) -> list[int]:
        from numpy import argsort

        return [int(pk) for pk in argsort(-self.cosines[key], kind="stable")[:DEPTH]]

    def _named(self, places: Sequence[int]) -> Order:
        return [self.ids[place] for place in places]

    # --- orders ---

    def plain(self, key: str) -> Order:
        text = self.collection.words.get(key, self.collection.queries[key])
        return self._named(self._plain.best(text, DEPTH + 1))

    def dense(self, key: str) -> Order:
        return self._named(self._near(key))

    def reciprocal(self, key: str) -> Order:
        return reciprocal_ranks(self.plain(key), self.dense(key), most=DEPTH)

    def by_words(self, key: str) -> Order:
        scores = self.words[key][0]
        return self._named(
            sorted((pk for pk in scores if scores[pk] > 0), key=lambda p: -scores[p])
        )

    def by_meaning(self, key: str) -> Order:
        return self._fused(key, {}, self._near(key))

    def both(self, key: str) -> Order:
        return self._fused(key, self.words[key][0], self.words[key][0])

    def _fused(self, key: str, words: dict[int, float], among: Any) -> Order:
        from papers.search.fusion import foremost, fuse, weights
        from papers.search.ranking import PASSAGE_POOL

        _, full, long = self.words[key]
        weigh = weights(words.values(), full, long)
        whole = {pk: float(self.cosines[key][pk]) for pk in among}
        closely = foremost(words, whole, PASSAGE_POOL, weigh)
        close = {pk: float(self.passages[key][pk]) for pk in closely}
        fused = fuse(words, whole, close, first=closely, weigh=weigh)
        return self._named([hit.paper_id for hit in fused[: DEPTH + 1]])


def _view(texts: Sequence[tuple[str, str]]) -> Any:
    """An index of the texts in memory, as the site writes it. Papers are known by their places."""
    from tantivy import Index

    from papers.search.words.entries import Entry
    from papers.search.words.reader import View
    from papers.search.words.schema import document, prepare, schema

    index = prepare(Index(schema()))
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for place, (title, text) in enumerate(texts):
        writer.add_document(document(Entry(place, "public", title, 2000, (text,))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return View(index, index.searcher(), Path(), (0, 0), {}, 0)


# --- all of them ---


def left_out(by_collection: dict[str, Scores]) -> list[Scores]:
    """For each collection: the weights that are best on other sources, and what they reach here.

    "Best" is the greatest mean of shares of what each collection can reach at all, so that hard
    collections count as much as easy ones.
    """
    rows = []
    for name, own in by_collection.items():
        others = [
            scores for other, scores in by_collection.items() if SOURCES[other] != SOURCES[name]
        ]
        if not others:
            continue
        chosen = max(own["grid"], key=lambda pair: _mean_share(others, pair))
        best = max(own["grid"], key=lambda pair: own["grid"][pair])
        halves = ("plain_bm25", "dense", "words", "meaning")
        rows.append(
            {
                "collection": name,
                **{half: own[half] for half in (*halves, "reciprocal_ranks")},
                "in_use": own["in_use"]["both"],
                "chosen_on_others": {"weights": chosen, "both": own["grid"][chosen]},
                "best_here": {"weights": best, "both": own["grid"][best]},
                "above_the_better_part": own["in_use"]["both"] >= max(own[half] for half in halves),
            }
        )
    return rows


def _mean_share(others: list[Scores], pair: str) -> float:
    return mean(row["grid"][pair] / max(row["grid"].values()) for row in others)


if __name__ == "__main__":
    main()
