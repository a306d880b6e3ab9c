"""How well and how fast the site's own search finds things, on any collection with judgements.

    python -m benchmarks.search --corpus C.jsonl --queries Q.jsonl --qrels R.tsv [--papers N]

corpus: one {"id", "title", "text"} a line. queries: {"id", "text"}. qrels: query, document, grade,
with a header. The collection becomes papers in a scratch database, is embedded and indexed by the
site's code, and is searched through the entry point that the pages call. With --papers N it is
filled up to N papers with look-alikes put together from sentences of the collection (of documents
that no judgement names) and of --filler. Nothing else is made up, so that quality is that of the
texts; with --no-bare papers get venues, authors, topics and code, so that facets have something to
count. --own FIELD names a field of the queries with the document that the query itself is, which is
left out of what is found for it. Plain BM25, the same encoder over whole papers, and both by
reciprocal ranks stand beside our own figures. Prints one JSON object; progress goes to standard
error.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.baselines import PlainBM25, reciprocal_ranks
from benchmarks.search_scores import percentiles, quality
from kb.site.data_dir import data_dir

if TYPE_CHECKING:
    from benchmarks.search_collection import Collection
    from benchmarks.search_scratch import Prepared

DEPTH = 100
PEER_QUERIES = 100


def main() -> None:
    """Measure and print one JSON object."""
    wanted = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up when ended from outside
    from benchmarks.search_collection import load
    from benchmarks.search_scratch import scratch_site

    collection = load(
        wanted.corpus, wanted.queries, wanted.qrels, wanted.papers, wanted.filler, wanted.own
    )
    collection.bare = wanted.bare
    say(f"{len(collection.documents)} papers, {len(collection.queries)} queries")
    with scratch_site(collection, wanted.keep) as prepared:
        report = {"corpus": str(wanted.corpus), **described(collection, prepared)}
        if not wanted.times_only:
            report |= measured_quality(collection, prepared)
        report |= measured_times(collection)
        if not wanted.no_peers:
            report |= measured_peers(collection)
    json.dump(report, sys.stdout, indent=2 if sys.stdout.isatty() else None)
    sys.stdout.write("\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for name in ("corpus", "queries", "qrels"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=0, help="fill up to so many papers")
    parser.add_argument(
        "--filler", type=Path, help="more papers to take sentences from (JSON lines)"
    )
    parser.add_argument(
        "--bare", action=argparse.BooleanOptionalAction, default=True, help="papers without facets"
    )
    parser.add_argument(
        "--own", default="", metavar="FIELD", help="field of a query with its own document's id"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave other tools out")
    parser.add_argument("--times-only", action="store_true", help="leave quality out")
    parser.add_argument(
        "--keep",
        type=Path,
        default=data_dir() / "bench",
        help="folder for the scratch server and for vectors, to be quick the next time",
    )
    return parser.parse_args()


def described(collection: Collection, prepared: Prepared) -> dict[str, Any]:
    """What is measured, and how long it took to prepare."""
    return {
        "papers": len(collection.documents),
        "look_alikes": collection.look_alikes,
        "queries": len(collection.queries),
        "encoder": prepared.encoder,
        "approximate_vectors": prepared.approximate,
        "seconds_to_prepare": prepared.seconds,
    }


def measured_quality(collection: Collection, prepared: Prepared) -> dict[str, Any]:
    """How well ours and the baselines find what the judgements name."""
    say("measuring quality")
    runs = _runs(collection, prepared.id_of)
    same = dict(list(collection.judgements.items())[:PEER_QUERIES])
    return {
        "quality": {
            name: quality(ranking, collection.judgements) for name, ranking in runs.items()
        },
        "ours_on_the_queries_of_peers": quality(runs["hybrid"], same),
    }


def measured_times(collection: Collection) -> dict[str, Any]:
    """Times after a start and afterwards, and what the machine did besides."""
    say("measuring time")
    load_before = os.getloadavg()[0]
    return {
        "milliseconds_after_a_start": _times(collection),
        "milliseconds": _times(collection),
        "processor_milliseconds_without_encode": _processor_times(collection),
        "processors": os.cpu_count(),
        "load_average": {"before": load_before, "after": os.getloadavg()[0]},
    }


def measured_peers(collection: Collection) -> dict[str, Any]:
    """Other tools over the same documents, and how many times our median each of them takes: of
    the same questions, asked in turns, ours without encoding."""
    from benchmarks.search_peers import peers
    from papers.search import search
    from papers.search.language.query import PaperQuery
    from papers.search.meaning import encoder

    say("measuring other tools")
    for text in collection.queries.values():  # remembered from here on
        encoder.encode_query(PaperQuery.from_params({"q": text}).said)
    return {
        "peers": peers(
            collection,
            PEER_QUERIES,
            DEPTH,
            lambda text: search(PaperQuery.from_params({"q": text})),
        )
    }


def _runs(collection: Collection, id_of: dict[int, str]) -> dict[str, dict[str, list[str]]]:
    """Documents found for each query, best first: by our words, our meaning, and by both; by plain
    BM25, by the encoder over whole papers, and by reciprocal ranks of these two."""
    plain = PlainBM25([f"{document.title} {document.text}" for document in collection.documents])
    names = [document.id for document in collection.documents]
    orders_by_search = {
        key: orders | {"plain_bm25": [names[place] for place in plain.best(text, DEPTH + 1)]}
        for (key, text), orders in zip(
            collection.queries.items(), _orders(collection.queries.values(), id_of), strict=True
        )
    }
    runs: dict[str, dict[str, list[str]]] = {}
    for key, orders in orders_by_search.items():
        own = collection.own.get(key)
        kept = {
            name: [document for document in ids if document != own] for name, ids in orders.items()
        }
        kept["reciprocal_ranks"] = reciprocal_ranks(
            kept["plain_bm25"], kept["plain_dense"], most=DEPTH
        )
        for name, ids in kept.items():
            runs.setdefault(name, {})[key] = ids[:DEPTH]
    return runs


def _orders(texts: Iterable[str], id_of: dict[int, str]) -> Iterator[dict[str, list[str]]]:
    """What the site's own code finds for each text, and the encoder alone."""
    from papers.search.fusion import fuse
    from papers.search.language.query import PaperQuery
    from papers.search.language.resolving import resolve
    from papers.search.meaning import encoder, nearest
    from papers.search.plan import make_plan
    from papers.search.ranking import MEANING_POOL, PASSAGE_POOL, Stopwatch, rank
    from papers.search.words import reader
    from papers.search.words.engine import IndexEngine

    view, watch = reader.view(), Stopwatch()
    for text in texts:
        query = PaperQuery.from_params({"q": text})
        plan = make_plan(query, resolve(query), None)
        engine = IndexEngine(view, plan)
        vector = encoder.encode_query(query.said)
        with nearest.comparing(vector) as compare:
            near = dict(compare.nearest(max(MEANING_POOL, DEPTH + 1), plan.states)())
            closely = list(near)[:PASSAGE_POOL]
            passages = compare.best_passages(closely)()
        orders = {
            "plain_dense": list(near),
            "bm25": [pk for pk, _ in engine.ranked(DEPTH + 1)],
            "dense": [hit.paper_id for hit in fuse({}, near, passages, closely)],
            "hybrid": [hit.paper_id for hit in rank(engine, plan, query.said, watch).fused],
        }
        yield {name: [id_of[pk] for pk in ids[: DEPTH + 1]] for name, ids in orders.items()}


def _times(collection: Collection) -> dict[str, dict[str, float]]:
    """Percentiles of each stage and of whole searches, as a page asks for them.

    Nothing is kept between searches but what PostgreSQL and the machine have in memory: little at
    first, after a start, and all of it the second time, as on a site in use.
    """
    from kb.site.gunicorn import settle
    from papers.search import search
    from papers.search.language.query import PaperQuery
    from papers.search.meaning import encoder

    settle()  # as a serving process does
    spent: dict[str, list[float]] = {}
    for text in list(collection.queries.values())[:3]:
        search(PaperQuery.from_params({"q": text}))  # connections and caches of the machine
    for text in collection.queries.values():
        encoder.forget_queries()
        began = time.perf_counter()
        query = PaperQuery.from_params({"q": text})
        read = time.perf_counter()
        results = search(query)
        stages = dict(results.timings)
        stages["parse"] = stages.get("parse", 0.0) + (read - began) * 1000
        stages["total"] = (time.perf_counter() - began) * 1000
        stages["total_without_encode"] = stages["total"] - stages.get("encode", 0.0)
        for name, value in stages.items():
            spent.setdefault(name, []).append(value)
    return {name: percentiles(values) for name, values in spent.items()}


def _processor_times(collection: Collection) -> dict[str, Any]:
    """Work rather than waiting, so that a busy machine hardly matters: of our own thread for each
    search, and of PostgreSQL for the average one. Queries are encoded beforehand."""
    import time

    import psutil
    from django.db import connection

    from papers.search import search
    from papers.search.language.query import PaperQuery
    from papers.search.meaning import encoder

    connection.ensure_connection()
    server = psutil.Process(connection.connection.info.backend_pid)
    own, before = [], sum(server.cpu_times()[:2])
    for text in collection.queries.values():
        query = PaperQuery.from_params({"q": text})
        encoder.encode_query(query.said)
        began = time.thread_time()
        search(query)
        own.append((time.thread_time() - began) * 1000)
    spent = (sum(server.cpu_times()[:2]) - before) * 1000 / len(own)
    return {"python": percentiles(own), "postgresql_mean": round(spent, 2)}


def say(text: str) -> None:
    """Progress, for the person who waits."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
