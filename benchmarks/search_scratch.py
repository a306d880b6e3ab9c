"""A site of its own for measurements: a scratch database of an embedded server, and an index.

Both are kept for the next run over the same documents, since making them is what takes time. Their
name is a digest of all that they are made from.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.search_collection import Collection

ROOT = Path(__file__).resolve().parent.parent
_MADE_FROM = (
    "benchmarks/search_scratch.py",
    "benchmarks/search_rows.py",
    "benchmarks/search_vectors.py",
    "papers/search/meaning/passages.py",
    "papers/search/meaning/encoder.py",
)


@dataclass
class Prepared:
    """What was made: document ids by paper id, and how long each step took when it was made."""

    id_of: dict[int, str] = field(default_factory=dict)
    encoder: str = ""
    approximate: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


@contextmanager
def scratch_site(collection: Collection, keep: Path) -> Iterator[Prepared]:
    """Django over a database and an index of the collection, in the folder `keep`.

    Others that were kept there are dropped: there is one at a time.
    """
    import psycopg

    from kb.site.postgres import embedded_database

    keep.mkdir(parents=True, exist_ok=True)
    name = f"bench_search_{_digest(collection)}"
    embedded_database(folder=keep / "postgres").leave()  # memory is given from the second start on
    embedded = embedded_database(folder=keep / "postgres")
    with psycopg.connect(embedded.url, autocommit=True) as server:
        remembered = _kept(server, name)
    os.environ["DATABASE_URL"] = embedded.server.get_uri(database=name)
    os.environ["KB_DATA_DIR"] = str(keep / name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    settings.KB_SEARCH_FOLLOW = "off"
    try:
        prepared = Prepared(**json.loads(remembered)) if remembered else _filled(collection, keep)
        if not remembered:
            with psycopg.connect(embedded.url, autocommit=True) as server:
                _remark(server, name, json.dumps(asdict(prepared)))
        yield _opened(collection, prepared)
    finally:
        connections.close_all()
        embedded.leave()


def _digest(collection: Collection) -> str:
    """Of the documents and of the code that makes them papers."""
    digest = sha256(b"bare" if collection.bare else b"")
    for document in collection.documents:
        digest.update(f"{document.id}\x1f{document.title}\x1f{document.text}\x1e".encode())
    made_from = [ROOT / name for name in _MADE_FROM]
    for file in [*made_from, *sorted((ROOT / "papers" / "migrations").glob("*.py"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _kept(server: Any, name: str) -> str:
    """What is remembered of the database of this name; made empty if it was never finished."""
    rows = server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE starts_with(datname, 'bench_search_')"
    ).fetchall()
    remembered = dict(rows).get(name) or ""
    for other, _ in rows:
        if other != name or not remembered:
            server.execute(f"DROP DATABASE {other} WITH (FORCE)")
    if not remembered:
        server.execute(f"CREATE DATABASE {name}")
    return remembered


def _remark(server: Any, name: str, text: str) -> None:
    from psycopg import sql

    server.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text))
    )


def _filled(collection: Collection, keep: Path) -> Prepared:
    """Papers and vectors of a collection, made the way the site makes them."""
    from django.core.management import call_command

    from benchmarks.search_rows import write_papers
    from benchmarks.search_vectors import remembering, write_vectors
    from papers.models import Paper
    from papers.search.meaning import embedding, encoder, nearest

    call_command("migrate", verbosity=0)
    prepared = Prepared(encoder=encoder.chosen())
    _timed(prepared, "papers", lambda: write_papers(collection))
    _analyse()
    ids = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    inner = encoder.load()
    remembered = remembering(keep)
    encoder.use(remembered)
    real = len(collection.documents) - collection.look_alikes
    _timed(prepared, "vectors", lambda: embedding.embed_papers(ids[:real], progress=_progress))
    if collection.look_alikes:
        made = collection.documents[real:]
        _timed(
            prepared, "look_alikes", lambda: write_vectors(collection, made, ids[real:], remembered)
        )
    remembered.save()
    encoder.use(inner)
    _timed(prepared, "vector_index", embedding.index_if_many)
    prepared.approximate = nearest.has_index()
    _analyse()
    return prepared


def _opened(collection: Collection, prepared: Prepared) -> Prepared:
    """The same with an index of the present code, and with the ids of this database."""
    from papers.models import Paper
    from papers.search.meaning import encoder
    from papers.search.words import index

    encoder.load()
    _timed(prepared, "index", index.catch_up)
    for pk, key in Paper.objects.values_list("pk", "key"):
        prepared.id_of[pk] = collection.documents[int(key.removeprefix("paper-"))].id
    return prepared


def _timed(prepared: Prepared, name: str, work: Any) -> None:
    began = time.perf_counter()
    work()
    prepared.seconds[name] = round(time.perf_counter() - began, 1)
    print(f"{name}: {prepared.seconds[name]} s", file=sys.stderr, flush=True)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} ", end="", file=sys.stderr, flush=True)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
