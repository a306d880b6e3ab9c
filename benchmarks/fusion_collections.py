"""Collections with judgements, made from texts whose right answers are known without a judge.

Each is written as corpus.jsonl, queries.jsonl and qrels.tsv, the format of benchmarks.search.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from papers.search.meaning.passages import sentences

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT.parent / "shared" / "data" / "bench"
SCIFACT = BENCH / "retrieval" / "scifact"
ACL = BENCH / "papers" / "acl_2016_2021.jsonl"
QUERIES, SEED = 500, 11


@dataclass
class Made:
    """Documents and queries by id, and the documents that are right for each query."""

    documents: dict[str, tuple[str, str]] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    right: dict[str, list[str]] = field(default_factory=dict)


def write(name: str, folder: Path) -> bool:
    """Write the collection into the folder; False where its material is not there."""
    made = COLLECTIONS[name]()
    if made is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    _lines(
        folder / "corpus.jsonl",
        (
            {"id": key, "title": title, "text": text}
            for key, (title, text) in made.documents.items()
        ),
    )
    _lines(folder / "queries.jsonl", ({"id": k, "text": text} for k, text in made.queries.items()))
    judged = [f"{key}\t{one}\t1\n" for key, ones in made.right.items() for one in ones]
    (folder / "qrels.tsv").write_text("".join(["query\tdocument\tgrade\n", *judged]))
    return True


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]


def _lines(file: Path, rows: Iterator[dict[str, str]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


# --- the field ---


def _field() -> dict[str, dict[str, Any]]:
    files = sorted((ROOT / "fixtures" / "papers").glob("*.yaml"))
    papers = [yaml.safe_load(file.read_text()) for file in files]
    return {paper["key"]: paper for paper in papers}


def _documents(papers: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Title and summary, without findings and without names of topics."""
    return {
        key: (
            paper["title"],
            " ".join(filter(None, [paper.get("tldr"), paper.get("contribution")])),
        )
        for key, paper in papers.items()
    }


def topics_of_the_field() -> Made:
    """A topic's definition asks for the papers that a curator placed there or below."""
    papers = _field()
    made = Made(_documents(papers))
    nodes = [
        node
        for file in sorted((ROOT / "fixtures" / "taxonomy").glob("*.yaml"))
        for node in yaml.safe_load(file.read_text())
    ]
    parent = {node["slug"]: node.get("parent") for node in nodes}
    for node in nodes:
        right = [
            key
            for key, paper in papers.items()
            if any(node["slug"] in _upward(slug, parent) for slug in paper.get("topics", ()))
        ]
        if right and node.get("definition"):
            made.queries[node["slug"]] = node["definition"]
            made.right[node["slug"]] = right
    return made


def _upward(slug: str | None, parent: dict[str, str | None]) -> Iterator[str]:
    while slug:
        yield slug
        slug = parent.get(slug)


def findings_of_the_field() -> Made:
    """A finding, which is not in the document, asks for its paper."""
    papers = _field()
    made = Made(_documents(papers))
    for key, paper in papers.items():
        for place, finding in enumerate(paper.get("findings", ())):
            text = finding if isinstance(finding, str) else finding["text"]
            made.queries[f"{key}-{place}"] = text
            made.right[f"{key}-{place}"] = [key]
    return made


# --- abstracts of the ACL ---


def _acl() -> list[dict[str, Any]] | None:
    if not ACL.is_file():
        return None
    return _rows(ACL)


def titles_of_the_acl() -> Made | None:
    """A title asks for its abstract, among abstracts without titles."""
    papers = _acl()
    if papers is None:
        return None
    made = Made({paper["id"]: ("", paper["abstract"]) for paper in papers if paper["abstract"]})
    for paper in random.Random(SEED).sample(papers, QUERIES):
        if paper["id"] in made.documents:
            made.queries[paper["id"]] = paper["title"]
            made.right[paper["id"]] = [paper["id"]]
    return made


def sentences_of_the_acl() -> Made | None:
    """A sentence asks for the abstract from which it was taken away."""
    papers = _acl()
    if papers is None:
        return None
    made = Made({paper["id"]: (paper["title"], paper["abstract"]) for paper in papers})
    draw = random.Random(SEED)
    for paper in draw.sample(papers, QUERIES):
        parts = sentences(paper["abstract"])
        if len(parts) > 2:
            taken = parts.pop(draw.randrange(len(parts)))
            made.documents[paper["id"]] = (paper["title"], " ".join(parts))
            made.queries[paper["id"]] = taken
            made.right[paper["id"]] = [paper["id"]]
    return made


# --- SciFact ---


def claims_of_scifact() -> Made | None:
    """A claim asks for the abstracts that bear on it."""
    if not SCIFACT.is_dir():
        return None
    made = Made({row["id"]: (row["title"], row["text"]) for row in _rows(SCIFACT / "corpus.jsonl")})
    made.queries = {row["id"]: row["text"] for row in _rows(SCIFACT / "queries.jsonl")}
    for line in (SCIFACT / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")[:3]
        if int(grade) > 0 and query in made.queries:
            made.right.setdefault(query, []).append(document)
    return made


COLLECTIONS: dict[str, Callable[[], Made | None]] = {
    "field-topics": topics_of_the_field,
    "field-findings": findings_of_the_field,
    "acl-titles": titles_of_the_acl,
    "acl-sentences": sentences_of_the_acl,
    "scifact": claims_of_scifact,
}
SOURCES = {
    "field-topics": "field",
    "field-findings": "field",
    "acl-titles": "acl",
    "acl-sentences": "acl",
    "scifact": "scifact",
}
