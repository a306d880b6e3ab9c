"""Vectors for measurements: kept from run to run, and made up for look-alikes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from benchmarks.search_collection import Collection, Document
from papers.models import PaperEmbedding
from papers.search.meaning import encoder as encoders
from papers.search.meaning import passages

SEED = 7
SAVE_EVERY = 10_000


class Remembering:
    """The chosen encoder, asked once for every text; vectors kept by text hash between runs."""

    def __init__(self, inner: Any, file: Path) -> None:
        self.inner, self.file = inner, file
        self.name, self.dimensions = inner.name, inner.dimensions
        self.known: dict[bytes, Any] = {}
        self.fresh = 0
        if file.exists():
            stored = np.load(file, allow_pickle=False)
            self.known = dict(zip(map(bytes, stored["hashes"]), stored["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Any:
        """As the inner encoder does."""
        hashes = [sha256(text.encode()).digest() for text in texts]
        missing = {h: text for h, text in zip(hashes, texts, strict=True) if h not in self.known}
        if missing:
            vectors = self.inner.encode(list(missing.values()))
            self.known.update(zip(missing, vectors.astype(np.float16), strict=True))
            self.fresh += len(missing)
            if self.fresh >= SAVE_EVERY:
                self.save()
        return np.array([self.known[h] for h in hashes]).astype(np.float32)

    def save(self) -> None:
        """Keep what was encoded; a run that is ended goes on from there."""
        if self.fresh:
            hashes = np.frombuffer(b"".join(self.known), np.uint8).reshape(-1, 32)
            part = self.file.with_suffix(".part.npz")
            np.savez(part, hashes=hashes, vectors=np.array(list(self.known.values())))
            part.replace(self.file)
            self.fresh = 0


def remembering(keep: Path) -> Remembering:
    """The chosen encoder with the vectors that are kept in the folder."""
    keep.mkdir(parents=True, exist_ok=True)
    inner = encoders.load()
    name = inner.name.replace("/", "-")
    return Remembering(inner, keep / f"vectors-{name}-by-hash.npz")


def write_vectors(
    collection: Collection, made: list[Document], ids: list[int], encoder: Remembering
) -> None:
    """Vectors of look-alikes, in one COPY."""
    connection.ensure_connection()
    server = connection.connection
    register_vector(server)
    columns = "paper_id, encoder, text_hash, vector, passages"
    question = f"COPY {PaperEmbedding._meta.db_table} ({columns}) FROM STDIN (FORMAT BINARY)"
    with server.cursor() as cursor, cursor.copy(question) as lines:
        lines.set_types(["int8", "varchar", "varchar", "halfvec", "bytea"])
        for pk, (whole, stack) in zip(ids, _made_up(collection, made, encoder), strict=True):
            block = stack.astype(np.float16).tobytes()
            lines.write_row((pk, encoder.name, "look-alike", HalfVector(whole), block))


def _made_up(
    collection: Collection, made: list[Document], encoder: Remembering
) -> Iterator[tuple[Any, Any]]:
    """Vectors of look-alikes: passages are those of their sentences; the whole is their mean,
    moved by as much noise as lies between the mean and the whole of the lenders themselves."""
    lenders = collection.lenders
    parts = [passages.sentences(one.text) for one in lenders]
    titles = encoder.encode([one.title for one in lenders])
    flat = encoder.encode([text for own in parts for text in own])
    first = np.cumsum([0, *(len(own) for own in parts)])
    chance = np.random.default_rng(SEED)
    near = _nearness(lenders[:500], titles, flat, first, encoder)
    for document in made:
        theme = document.sources[0].place
        own = flat[[first[one.place] + one.sentence for one in document.sources]]
        stack = np.concatenate([titles[theme : theme + 1], own])
        mean = _unit(stack.mean(axis=0))
        noise = chance.standard_normal(mean.shape).astype(np.float32)
        away = _unit(noise - (noise @ mean) * mean)
        yield near * mean + (1 - near**2) ** 0.5 * away, stack


def _nearness(lenders: list[Document], titles: Any, flat: Any, first: Any, encoder: Any) -> float:
    """Mean cosine between the vector of a whole document and the mean of its passages."""
    wholes = encoder.encode(
        [passages.whole(document.title, [document.text]) for document in lenders]
    )
    scores = []
    for place, whole in enumerate(wholes):
        own = np.concatenate([titles[place : place + 1], flat[first[place] : first[place + 1]]])
        scores.append(float(whole @ _unit(own.mean(axis=0))))
    return float(np.mean(scores))


def _unit(vector: Any) -> Any:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
