"""Whether the weights of the fusion hold where they were not chosen: one source left out at a time.

    python -m benchmarks.fusion [--keep FOLDER] [--only NAME ...]

Five collections of three sources: the field itself (definitions of topics, findings of papers; the
curators' own texts, always there), and SciFact and 3,000 abstracts of the ACL where they lie beside
the repository. Each becomes a scratch site that the site's own code searches. Every pair of weights
is scored on every collection; then the pair that is best on the other sources is scored on the one
left out. Prints one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.fusion_collections import COLLECTIONS, SOURCES, write
from kb.site.data_dir import data_dir

WORDS_WEIGHTS = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
PASSAGE_SHARES = (0.0, 0.2, 0.4, 0.6, 0.8)
DEPTH = 100

Scores = dict[str, Any]


def main() -> None:
    """Score all collections, each in a process of its own, and print what that shows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", nargs="+", choices=list(COLLECTIONS), default=list(COLLECTIONS))
    parser.add_argument("--keep", type=Path, default=data_dir() / "bench" / "fusion")
    parser.add_argument("--one", choices=list(COLLECTIONS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        json.dump(scores(asked.keep / asked.one), sys.stdout)
        return
    found = {name: _scored_apart(name, asked.keep) for name in asked.only}
    known = {name: one for name, one in found.items() if one}
    json.dump({"collections": known, "left_out": left_out(known)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _scored_apart(name: str, keep: Path) -> Scores | None:
    """Scores of one collection; None, with a line that says so, where its material is not there."""
    folder = keep / name
    if not write(name, folder):
        print(f"{name}: left out, its material is not beside this repository", file=sys.stderr)
        return None
    print(f"== {name}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.fusion", "--keep", str(keep), "--one", name]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    found: Scores = json.loads(printed)
    return found


# --- one collection ---


def scores(folder: Path) -> Scores:
    """nDCG@10 of words, of meaning, and of both under every pair of weights, "W P"."""
    from benchmarks.search_collection import load
    from benchmarks.search_scores import quality
    from benchmarks.search_scratch import scratch_site
    from papers.search import fusion

    files = [folder / name for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv")]
    collection = load(*files)
    collection.bare = True
    in_use = (fusion.WORDS_WEIGHT, fusion.PASSAGE_SHARE)
    with scratch_site(collection, folder / "scratch") as prepared:
        sides = {key: _sides(text) for key, text in collection.queries.items()}

        def score(ranked: dict[str, list[int]]) -> float:
            named = {key: [prepared.id_of[pk] for pk in ids[:DEPTH]] for key, ids in ranked.items()}
            return quality(named, collection.judgements)["ndcg@10"]

        words = score({key: one.by_words() for key, one in sides.items()})
        grid, meaning = {}, {}
        for share in PASSAGE_SHARES:
            for weight in WORDS_WEIGHTS:
                fusion.WORDS_WEIGHT, fusion.PASSAGE_SHARE = weight, share
                grid[f"{weight} {share}"] = score({key: one.both() for key, one in sides.items()})
            meaning[str(share)] = score({key: one.by_meaning() for key, one in sides.items()})
    return {
        "documents": len(collection.documents),
        "queries": len(collection.queries),
        "words": words,
        "meaning": meaning[str(in_use[1])],
        "in_use": {"weights": list(in_use), "both": grid[f"{in_use[0]} {in_use[1]}"]},
        "grid": grid,
    }


@dataclass
class _Sides:
    """What words and meaning know of one query, to be put together in several ways."""

    words: dict[int, float]
    near: dict[int, float]
    whole: dict[int, float]
    passages: dict[int, float]

    def by_words(self) -> list[int]:
        return sorted(self.words, key=lambda pk: (-self.words[pk], pk))

    def by_meaning(self) -> list[int]:
        return self._fused({}, self.near)

    def both(self) -> list[int]:
        return self._fused(self.words, self.whole)

    def _fused(self, words: dict[int, float], whole: dict[int, float]) -> list[int]:
        from papers.search.fusion import foremost, fuse
        from papers.search.ranking import PASSAGE_POOL

        closely = foremost(words, whole, PASSAGE_POOL)
        passages = {pk: self.passages[pk] for pk in closely if pk in self.passages}
        return [one.paper_id for one in fuse(words, whole, passages, first=closely)]


def _sides(text: str) -> _Sides:
    """As papers.search.ranking.rank asks for them, with passages of all that either side knows."""
    from papers.search.language.query import PaperQuery
    from papers.search.language.resolving import resolve
    from papers.search.meaning import encoder, nearest
    from papers.search.plan import make_plan
    from papers.search.ranking import LEAST_COSINE, LEAST_SHARE, MEANING_POOL, WORDS_POOL
    from papers.search.words import reader
    from papers.search.words.engine import IndexEngine

    query = PaperQuery.from_params({"q": text})
    plan = make_plan(query, resolve(query), None)
    engine = IndexEngine(reader.view(), plan)
    words = dict(engine.ranked(WORDS_POOL))
    vector = encoder.encode_query(query.said)
    found = nearest.nearest(vector, MEANING_POOL, plan.states)
    cosines = dict(found) | nearest.cosines(vector, words)
    least = max(LEAST_COSINE, LEAST_SHARE * found[0][1]) if found else 0.0
    near = {pk: cosine for pk, cosine in found if cosine >= least}
    words |= engine.scores([pk for pk in near if pk not in words])
    whole = {pk: cosines[pk] for pk in words if pk in cosines}
    return _Sides(words, near, whole, nearest.best_passages(vector, {*words, *near}))


# --- all of them ---


def left_out(found: dict[str, Scores]) -> list[Scores]:
    """For each collection: the weights that are best on other sources, and what they reach here.

    "Best" is the greatest mean of shares of what each collection can reach at all, so that hard
    collections count as much as easy ones.
    """
    rows = []
    for name, own in found.items():
        others = [one for other, one in found.items() if SOURCES[other] != SOURCES[name]]
        if not others:
            continue
        chosen = max(own["grid"], key=lambda pair: _mean_share(others, pair))
        best = max(own["grid"], key=lambda pair: own["grid"][pair])
        rows.append(
            {
                "collection": name,
                "words": own["words"],
                "meaning": own["meaning"],
                "in_use": own["in_use"]["both"],
                "chosen_on_others": {"weights": chosen, "both": own["grid"][chosen]},
                "best_here": {"weights": best, "both": own["grid"][best]},
                "above_the_better_part": own["in_use"]["both"] >= max(own["words"], own["meaning"]),
            }
        )
    return rows


def _mean_share(others: list[Scores], pair: str) -> float:
    return mean(one["grid"][pair] / max(one["grid"].values()) for one in others)


if __name__ == "__main__":
    main()
