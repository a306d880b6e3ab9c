"""A collection with judgements, filled up with look-alikes to the size that is to be measured."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from papers.search.meaning.passages import sentences

SEED = 20260
THEMES = 3
SHORTEST, LONGEST = 5, 11


@dataclass(frozen=True)
class Source:
    """A document that lent sentences: its place among all documents, and which sentences."""

    place: int
    sentence: int


@dataclass
class Document:
    """A document. `sources`: where a look-alike has its title and sentences from."""

    id: str
    title: str
    text: str
    sources: tuple[Source, ...] = ()


@dataclass
class Collection:
    """Documents, queries by id, grades by query and document; `look_alikes` were made up.

    own: the document that a query itself is. bare: without made-up venues, authors, topics and
    code, whose names would mix with what the queries speak of.
    """

    documents: list[Document]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]] = field(default_factory=dict)
    lenders: list[Document] = field(default_factory=list)
    look_alikes: int = 0
    bare: bool = True
    own: dict[str, str] = field(default_factory=dict)


def load(
    corpus: Path,
    queries: Path,
    qrels: Path,
    papers: int = 0,
    filler: Path | None = None,
    own: str = "",
) -> Collection:
    """Read a collection and fill it up to `papers` documents.

    own: the field of a query with the id of the document that it is itself.
    """
    documents = [
        Document(str(row["id"]), row.get("title") or "", row.get("text") or "")
        for row in _lines(corpus)
    ]
    rows = _lines(queries)
    texts = {str(row["id"]): str(row["text"]) for row in rows}
    itself = {str(row["id"]): str(row[own]) for row in rows if own and row.get(own) is not None}
    judgements: dict[str, dict[str, int]] = {}
    for line in qrels.read_text().splitlines()[1:]:
        if line.strip():
            query, document, grade = line.split("\t")[:3]
            judgements.setdefault(query, {})[document] = int(grade)
    collection = Collection(documents, texts, {q: j for q, j in judgements.items() if q in texts})
    collection.own = itself
    if papers > len(documents):
        _fill_up(collection, papers, filler)
    return collection


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def _fill_up(collection: Collection, papers: int, filler: Path | None) -> None:
    """Add look-alikes: a title of one document over sentences of a few, none of them judged."""
    draw = random.Random(SEED)
    judged = {document for grades in collection.judgements.values() for document in grades}
    lenders = [one for one in collection.documents if one.id not in judged]
    if filler is not None:
        lenders += [
            Document(f"filler-{place}", row["title"], row.get("abstract") or row.get("text") or "")
            for place, row in enumerate(_lines(filler))
        ]
    collection.lenders = lenders
    parts = [sentences(one.text) for one in lenders]
    usable = [place for place, part in enumerate(parts) if len(part) >= 2]
    missing = papers - len(collection.documents)
    for number in range(missing):
        places = draw.sample(usable, THEMES)
        wanted = draw.randint(SHORTEST, LONGEST)
        chosen = [
            Source(place, draw.randrange(len(parts[place])))
            for place in (draw.choice(places) for _ in range(wanted))
        ]
        collection.documents.append(
            Document(
                id=f"look-alike-{number}",
                title=lenders[places[0]].title,
                text=" ".join(parts[one.place][one.sentence] for one in chosen),
                sources=tuple(chosen),
            )
        )
    collection.look_alikes = missing
