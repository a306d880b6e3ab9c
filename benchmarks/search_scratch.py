"""A site of its own for measurements: a scratch database of an embedded server, and an index.

Both are kept for the next run over the same documents, since making them is what takes time. Their
name is a digest of all that they are made from.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from benchmarks.search_collection import Collection, Document

ROOT = Path(__file__).resolve().parent.parent
BATCH = 1000
VENUES, PEOPLE, SEED = 80, 5000, 7
SAVE_EVERY = 10_000
_MADE_FROM = (
    "benchmarks/search_scratch.py",
    "papers/search/meaning/passages.py",
    "papers/search/meaning/encoder.py",
)
_BEGINNINGS = ("Bel", "Dor", "Fin", "Gal", "Hum", "Jor", "Kel")
_ENDINGS = ("an", "ek", "is", "or", "um", "ath", "ivo", "esu", "yan", "ori")


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
    found = sha256(b"bare" if collection.bare else b"")
    for document in collection.documents:
        found.update(f"{document.id}\x1f{document.title}\x1f{document.text}\x1e".encode())
    made_from = [ROOT / name for name in _MADE_FROM]
    for file in [*made_from, *sorted((ROOT / "papers" / "migrations").glob("*.py"))]:
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


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

    from papers.models import Paper
    from papers.search.meaning import embedding, encoder, nearest

    call_command("migrate", verbosity=0)
    prepared = Prepared(encoder=encoder.chosen())
    _timed(prepared, "papers", lambda: _papers(collection))
    _analyse()
    ids = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    inner = encoder.load()
    remembered = remembering(keep)
    encoder.use(remembered)
    real = len(collection.documents) - collection.look_alikes
    _timed(prepared, "vectors", lambda: embedding.embed_papers(ids[:real], progress=_progress))
    if collection.look_alikes:
        made = collection.documents[real:]
        _timed(prepared, "look_alikes", lambda: _vectors(collection, made, ids[real:], remembered))
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


# --- papers ---


def _papers(collection: Collection) -> None:
    """Papers with years and, unless bare, with venues, people, topics and code, as evenly drawn as
    the site's are not."""
    from papers.models import Paper, Person, Venue

    draw = random.Random(SEED)
    topics = [] if collection.bare else _topics()
    venues = Venue.objects.bulk_create(
        Venue(slug=f"venue-{n}", name=f"Venue {n}", kind=Venue.Kind.CONFERENCE)
        for n in range(0 if collection.bare else VENUES)
    )
    people = Person.objects.bulk_create(
        Person(slug=f"person-{n}", name=f"{_name(n)} {_name(n // 70)}")
        for n in range(0 if collection.bare else PEOPLE)
    )
    for start in range(0, len(collection.documents), BATCH):
        batch = collection.documents[start : start + BATCH]
        made = Paper.objects.bulk_create(
            Paper(
                key=f"paper-{start + place}",
                title=(document.title or document.text)[:500],
                abstract=document.text,
                year=draw.randrange(1995, 2026),
                venue=venues[min(int(draw.expovariate(0.08)), VENUES - 1)] if venues else None,
            )
            for place, document in enumerate(batch)
        )
        if not collection.bare:
            _around(made, draw, people, topics)
        _progress(start + len(batch), len(collection.documents))


def _around(made: list[Any], draw: random.Random, people: list[Any], topics: list[Any]) -> None:
    """Three authors, one to three topics, and code for a quarter of the papers."""
    from papers.models import Authorship, PaperLink, PaperTopic

    Authorship.objects.bulk_create(
        Authorship(paper=paper, position=place, printed_name=one.name, person=one)
        for paper in made
        for place, one in enumerate(draw.sample(people, 3))
    )
    PaperTopic.objects.bulk_create(
        PaperTopic(paper=paper, topic=topic)
        for paper in made
        for topic in draw.sample(topics, draw.randint(1, 3))
    )
    PaperLink.objects.bulk_create(
        PaperLink(paper=paper, kind=PaperLink.Kind.CODE, url=f"https://example.org/{paper.pk}")
        for paper in made
        if draw.random() < 0.25
    )


def _name(number: int) -> str:
    """A made-up name of two syllables; 70 of them."""
    return _BEGINNINGS[number % 7] + _ENDINGS[number // 7 % 10]


def _topics() -> list[Any]:
    """The field's own taxonomy."""
    from taxonomy.models import AXIS_OF_ROOT, Topic

    made: dict[str, Topic] = {}
    for file in sorted((ROOT / "fixtures" / "taxonomy").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text()):
            parent = made.get(row.get("parent") or "")
            path = f"{parent.path}/{row['slug']}" if parent else row["slug"]
            made[row["slug"]] = Topic.objects.create(
                slug=row["slug"],
                name=row["name"],
                name_zh=row.get("name_zh", ""),
                definition=row.get("definition", ""),
                parent=parent,
                path=path,
                axis=AXIS_OF_ROOT.get(path.split("/")[0], Topic.Axis.FACET),
                position=len(made),
            )
    return list(made.values())


# --- vectors ---


class _Remembering:
    """The chosen encoder, asked once for every text; vectors kept by text hash between runs."""

    def __init__(self, inner: Any, file: Path) -> None:
        self.inner, self.file = inner, file
        self.name, self.dimensions = inner.name, inner.dimensions
        self.known: dict[bytes, Any] = {}
        self.fresh = 0
        if file.exists():
            import numpy as np

            stored = np.load(file, allow_pickle=False)
            self.known = dict(zip(map(bytes, stored["hashes"]), stored["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Any:
        """As the inner encoder does."""
        import numpy as np

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
        import numpy as np

        if self.fresh:
            hashes = np.frombuffer(b"".join(self.known), np.uint8).reshape(-1, 32)
            part = self.file.with_suffix(".part.npz")
            np.savez(part, hashes=hashes, vectors=np.array(list(self.known.values())))
            part.replace(self.file)
            self.fresh = 0


def remembering(keep: Path) -> _Remembering:
    """The chosen encoder with the vectors that are kept in the folder."""
    from papers.search.meaning import encoder

    keep.mkdir(parents=True, exist_ok=True)
    inner = encoder.load()
    name = inner.name.replace("/", "-")
    return _Remembering(inner, keep / f"vectors-{name}-by-hash.npz")


def _vectors(
    collection: Collection, made: list[Document], ids: list[int], encoder: _Remembering
) -> None:
    """Vectors of look-alikes: passages are those of their sentences; the whole is their mean,
    moved by as much noise as lies between the mean and the whole of the lenders themselves."""
    import numpy as np
    from pgvector import HalfVector

    from papers.models import PaperEmbedding
    from papers.search.meaning import passages

    lenders = collection.lenders
    parts = [passages.sentences(one.text) for one in lenders]
    titles = encoder.encode([one.title for one in lenders])
    flat = encoder.encode([text for found in parts for text in found])
    first = np.cumsum([0, *(len(found) for found in parts)])
    chance = np.random.default_rng(SEED)
    near = _nearness(lenders[:500], titles, flat, first, encoder)
    for start in range(0, len(made), BATCH):
        rows = []
        for document, pk in zip(
            made[start : start + BATCH], ids[start : start + BATCH], strict=True
        ):
            theme = document.sources[0].place
            own = flat[[first[one.place] + one.sentence for one in document.sources]]
            stack = np.concatenate([titles[theme : theme + 1], own])
            mean = _unit(stack.mean(axis=0))
            noise = chance.standard_normal(mean.shape).astype(np.float32)
            away = _unit(noise - (noise @ mean) * mean)
            whole = near * mean + (1 - near**2) ** 0.5 * away
            rows.append(
                PaperEmbedding(
                    paper_id=pk,
                    encoder=encoder.name,
                    text_hash="look-alike",
                    vector=HalfVector(whole),
                    passages=stack.astype(np.float16).tobytes(),
                )
            )
        PaperEmbedding.objects.bulk_create(rows)


def _nearness(lenders: list[Document], titles: Any, flat: Any, first: Any, encoder: Any) -> float:
    """Mean cosine between the vector of a whole document and the mean of its passages."""
    import numpy as np

    from papers.search.meaning import passages

    wholes = encoder.encode([passages.whole(one.title, [one.text]) for one in lenders])
    found = []
    for place, whole in enumerate(wholes):
        own = np.concatenate([titles[place : place + 1], flat[first[place] : first[place + 1]]])
        found.append(float(whole @ _unit(own.mean(axis=0))))
    return float(np.mean(found))


def _unit(vector: Any) -> Any:
    import numpy as np

    return vector / max(float(np.linalg.norm(vector)), 1e-12)
