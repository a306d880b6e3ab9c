"""Nearness of meaning: vectors in pgvector, compared exactly while few, through HNSW when many."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from papers.models import PaperEmbedding
from papers.search.asking import Answer, Ask, asking, literal
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


@dataclass(frozen=True)
class Comparing:
    """Has PostgreSQL compare a unit vector with those of papers. What each of the questions gives
    back waits for the answer; until then there is time for something else."""

    vector: Vector
    _ask: Ask

    def nearest(
        self, limit: int, states: Sequence[str] | None = None
    ) -> Callable[[], list[tuple[int, float]]]:
        """The nearest papers, (paper id, cosine), nearest first.

        states: publication states to be seen; None for all.
        """
        indexed, kind = has_index(), self._kind
        if indexed:
            self._asked(_EFFORT)
        question = _NEAREST.format(
            column=f"e.vector::{kind}" if indexed else "e.vector",
            kind=kind,
            seen="" if states is None else "WHERE p.state = ANY(%(states)s)",
        )
        rows = self._asked(question, vector=self._written, limit=limit, states=list(states or ()))
        return lambda: sorted(rows(), key=lambda one: (-one[1], one[0]))

    def cosines(self, paper_ids: Iterable[int]) -> Callable[[], dict[int, float]]:
        """Cosines of those of the papers that have a vector."""
        question = _COSINES.format(kind=self._kind)
        rows = self._asked(question, vector=self._written, ids=literal(paper_ids))
        return lambda: dict(rows())

    def best_passages(self, paper_ids: Iterable[int]) -> Callable[[], dict[int, float]]:
        """Cosine of the best passage of each of the papers that has any."""
        rows = self._asked(_PASSAGES, ids=literal(paper_ids))
        return lambda: self._best(rows())

    def _best(self, rows: list[tuple[int, bytes]]) -> dict[int, float]:
        rows = [(pk, block) for pk, block in rows if block]
        if not rows:
            return {}
        stored = np.frombuffer(b"".join(block for _, block in rows), np.float16)
        cosines = stored.reshape(-1, len(self.vector)).astype(np.float32) @ self.vector
        size = len(self.vector) * stored.itemsize
        starts = np.cumsum([0, *(len(block) // size for _, block in rows[:-1])])
        best = np.maximum.reduceat(cosines, starts).tolist()
        return {pk: cosine for (pk, _), cosine in zip(rows, best, strict=True)}

    def _asked(self, question: str, **values: object) -> Answer:
        return self._ask(question, {**values, "encoder": encoder.chosen()})

    @property
    def _kind(self) -> str:
        return f"halfvec({len(self.vector)})"

    @cached_property
    def _written(self) -> str:
        """The vector in PostgreSQL's own words."""
        values = np.asarray(self.vector, np.float32).tolist()
        return "[" + ",".join([f"{value:.6g}" for value in values]) + "]"


@contextmanager
def comparing(vector: Vector) -> Iterator[Comparing]:
    """Compare a unit vector with those of papers. Until the end nothing else may use this thread's
    connection."""
    with asking(binary=True) as ask:
        yield Comparing(vector, ask)


def nearest(
    vector: Vector, limit: int, states: Sequence[str] | None = None
) -> list[tuple[int, float]]:
    """The papers nearest to a unit vector, as `Comparing.nearest` gives them."""
    with comparing(vector) as compare:
        return compare.nearest(limit, states)()


def vector_of(paper_id: int) -> Vector | None:
    """The paper's own vector; None if it has none under the chosen encoder."""
    rows = PaperEmbedding.objects.filter(paper=paper_id, encoder=encoder.chosen())
    stored = rows.values_list("vector", flat=True).first()
    if stored is None:
        return None
    return np.asarray(stored.to_list() if hasattr(stored, "to_list") else stored, np.float32)
