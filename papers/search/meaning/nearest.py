"""Nearness of meaning: vectors in pgvector, compared exactly while few, through HNSW when many."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray
from psycopg import Connection, Cursor

from papers.models import PaperEmbedding
from papers.search.meaning import encoder

EF_SEARCH = 160
LOOK_AGAIN_SECONDS = 30.0

Vector = NDArray[np.float32]


def hnsw_from() -> int:
    """From how many vectors on an approximate index pays; below, every vector is compared."""
    return getattr(settings, "KB_SEARCH_HNSW_FROM", 5000)


# --- the approximate index ---

_known: dict[str, tuple[float, bool]] = {}
_lock = threading.Lock()


def index_name() -> str:
    """Name of the HNSW index over the vectors of the chosen encoder."""
    return f"paper_vector_{hashlib.sha256(encoder.chosen().encode()).hexdigest()[:12]}"


def index_vectors(dimensions: int) -> None:
    """Make the HNSW index of the chosen encoder if it does not exist; takes a minute at 100,000.

    Must not run inside a transaction: readers and writers go on meanwhile.
    """
    name = encoder.chosen().replace("'", "''")
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index_name()} ON papers_paperembedding"
            f" USING hnsw ((vector::halfvec({int(dimensions)})) halfvec_cosine_ops)"
            f" WHERE encoder = '{name}'"
        )
        cursor.execute("RESET maintenance_work_mem")
    forget_index()


def has_index() -> bool:
    """Whether the chosen encoder's vectors have a valid HNSW index; looked up now and then."""
    name = index_name()
    looked_at, is_there = _known.get(name, (0.0, False))
    if time.monotonic() - looked_at > LOOK_AGAIN_SECONDS or not looked_at:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass(%s)", [name]
            )
            row = cursor.fetchone()
        is_there = bool(row and row[0])
        with _lock:
            _known[name] = (time.monotonic(), is_there)
    return is_there


def forget_index() -> None:
    """Look again at the next search."""
    _known.clear()


# --- nearness ---

Work = Callable[[], object]
_Ask = Callable[[str, dict[str, Any]], Callable[[], list[Any]]]

# Only names and numbers of ours are put into these texts; values go as parameters.
_NEAREST = """
WITH near AS MATERIALIZED (
    SELECT e.paper_id, {column} <=> %(vector)s::{kind} AS far
    FROM papers_paperembedding e
    WHERE e.encoder = %(encoder)s
    ORDER BY {column} <=> %(vector)s::{kind}
    LIMIT %(limit)s
)
SELECT near.paper_id, 1 - near.far
FROM near JOIN papers_paper p ON p.id = near.paper_id {seen}
"""
_COSINES = """
SELECT e.paper_id, 1 - (e.vector <=> %(vector)s::{kind})
FROM papers_paperembedding e
WHERE e.encoder = %(encoder)s AND e.paper_id = ANY(%(ids)s::bigint[])
"""
_PASSAGES = """
SELECT paper_id, passages FROM papers_paperembedding
WHERE encoder = %(encoder)s AND paper_id = ANY(%(ids)s::bigint[]) AND passages IS NOT NULL
"""
_EFFORT = f"SELECT set_config('hnsw.ef_search', '{EF_SEARCH}', false)"


def nearest(
    vector: Vector, limit: int, states: Sequence[str] | None = None
) -> list[tuple[int, float]]:
    """The papers nearest to a unit vector, (paper id, cosine), nearest first.

    states: publication states to be seen; None for all.
    """
    with _asking() as ask:
        return ask_nearest(ask, vector, limit, states)()


def nearest_and_cosines(
    vector: Vector,
    limit: int,
    states: Sequence[str] | None,
    *,
    others: Callable[[], Collection[int]],
    meanwhile: Callable[[list[tuple[int, float]]], object],
) -> tuple[list[tuple[int, float]], dict[int, float]]:
    """The papers nearest to a unit vector as `nearest` gives them, and cosines of other papers.

    PostgreSQL goes from one to the other without waiting for us. others: gives those papers, and
    is called while the nearest are looked for. meanwhile: called with the nearest while the others
    are compared. Neither may use the database.
    """
    with _asking() as ask:
        neighbours = ask_nearest(ask, vector, limit, states)
        question = _COSINES.format(kind=_kind(vector))
        values = {"vector": _literal(vector), "ids": literal(others())}
        compared = ask(question, values)
        found = neighbours()
        meanwhile(found)
        return found, dict(compared())


def ask_nearest(
    ask: _Ask, vector: Vector, limit: int, states: Sequence[str] | None
) -> Callable[[], list[tuple[int, float]]]:
    """Have PostgreSQL look for the papers nearest to a vector; the answer waits for them."""
    indexed, kind = has_index(), _kind(vector)
    if indexed:
        ask(_EFFORT, {})
    question = _NEAREST.format(
        column=f"e.vector::{kind}" if indexed else "e.vector",
        kind=kind,
        seen="" if states is None else "WHERE p.state = ANY(%(states)s)",
    )
    rows = ask(question, {"vector": _literal(vector), "limit": limit, "states": list(states or ())})
    return lambda: sorted(rows(), key=lambda one: (-one[1], one[0]))


def best_passages(
    vector: Vector, paper_ids: Collection[int], *, meanwhile: Work | None = None
) -> dict[int, float]:
    """Cosine of the best passage of each of the papers that has any.

    meanwhile: called while PostgreSQL works; must not use the database.
    """
    with _asking() as ask:
        answer = ask(_PASSAGES, {"ids": literal(paper_ids)})
        if meanwhile:
            meanwhile()
        rows = [(pk, block) for pk, block in answer() if block]
    if not rows:
        return {}
    stored = np.frombuffer(b"".join(block for _, block in rows), np.float16)
    cosines = stored.reshape(-1, len(vector)).astype(np.float32) @ vector  # of all passages
    size = len(vector) * stored.itemsize
    starts = np.cumsum([0, *(len(block) // size for _, block in rows[:-1])])
    best = np.maximum.reduceat(cosines, starts).tolist()
    return {pk: cosine for (pk, _), cosine in zip(rows, best, strict=True)}


@contextmanager
def _asking() -> Iterator[_Ask]:
    """Asks PostgreSQL about vectors of the chosen encoder; each question gives a function that
    waits for its rows. It works through them one by one, whatever we do meanwhile.

    In binary, since there may be half a megabyte: Django's own cursors, that put values into the
    text, cannot ask so.
    """
    connection.ensure_connection()
    server = connection.connection
    with server.pipeline(), ExitStack() as open_cursors:

        def ask(question: str, values: dict[str, Any]) -> Callable[[], list[Any]]:
            cursor = open_cursors.enter_context(Cursor(server))
            cursor.execute(question, {**values, "encoder": encoder.chosen()}, binary=True)
            set_off(server)
            return cursor.fetchall

        yield ask


def set_off(server: Connection[Any]) -> None:
    """Have PostgreSQL begin with what was asked in a pipeline, and send what it finds. Otherwise
    questions wait here for the first answer that is fetched, and answers there for the last."""
    server.pgconn.send_flush_request()
    server.pgconn.flush()


def vector_of(paper_id: int) -> Vector | None:
    """The paper's own vector; None if it has none under the chosen encoder."""
    rows = PaperEmbedding.objects.filter(paper=paper_id, encoder=encoder.chosen())
    stored = rows.values_list("vector", flat=True).first()
    if stored is None:
        return None
    return np.asarray(stored.to_list() if hasattr(stored, "to_list") else stored, np.float32)


def literal(numbers: Iterable[int]) -> str:
    """Numbers as an array in PostgreSQL's own words: hundreds of them one by one take longer."""
    return f"{{{','.join(map(str, numbers))}}}"


def _kind(vector: Vector) -> str:
    return f"halfvec({len(vector)})"


def _literal(vector: Vector) -> str:
    return _written(np.asarray(vector, np.float32).tobytes())


@lru_cache(maxsize=64)
def _written(numbers: bytes) -> str:
    """Of one question's vector, asked for twice a search, in PostgreSQL's own words."""
    values = np.frombuffer(numbers, np.float32).tolist()
    return "[" + ",".join([f"{value:.6g}" for value in values]) + "]"
