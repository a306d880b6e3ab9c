"""Collections with judgements, made from texts whose right answers are known without a judge.

Each is written as corpus.jsonl, queries.jsonl and qrels.tsv, the format of benchmarks.search.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.baselines import words
from papers.search.meaning.passages import sentences

ROOT = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("KB_BENCH_DATA", ROOT.parent / "shared" / "data" / "bench"))
SCIFACT = BENCH / "retrieval" / "scifact"
ACL = BENCH / "papers" / "acl_2016_2021.jsonl"
QUERIES, SEED = 300, 11
ACL_PAPERS, ACL_SEED = 1300, 3  # drawn from 3,000, so that encoding takes minutes
FEW_PAPERS, MOST_LIKE = 15, 40
RAREST = 3
UNKNOWN = "qx"  # makes a word that nobody wrote


@dataclass
class JudgedCollection:
    """Documents and queries by id, and the documents that are relevant to each query.

    words: what the index is asked where that is not what the query says.
    """

    documents: dict[str, tuple[str, str]] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)
    relevant: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def ask(self, key: str, text: str, relevant: list[str]) -> None:
        """Add a query."""
        self.queries[key], self.relevant[key] = text, relevant

    def sampled(self, most: int = QUERIES) -> JudgedCollection:
        """The same with so many of the queries."""
        kept = random.Random(SEED).sample(sorted(self.queries), min(most, len(self.queries)))
        queries, relevant = (
            {key: by_key[key] for key in kept} for by_key in (self.queries, self.relevant)
        )
        return JudgedCollection(self.documents, queries, relevant)

    def half_known(self) -> JudgedCollection:
        """The same with half of each query's words in place of others that no paper has, as where
        readers and papers speak differently."""
        draw = random.Random(SEED)
        for key, text in self.queries.items():
            words = text.split()
            kept = set(draw.sample(range(len(words)), max(len(words) // 2, 1)))
            self.words[key] = " ".join(
                word if at in kept else f"{word[::-1]}{UNKNOWN}" for at, word in enumerate(words)
            )
        return self


def write(name: str, folder: Path) -> bool:
    """Write the collection into the folder; False where its material is not there."""
    collection = COLLECTIONS[name]()
    if collection is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    _lines(
        folder / "corpus.jsonl",
        (
            {"id": key, "title": title, "text": text}
            for key, (title, text) in collection.documents.items()
        ),
    )
    _lines(
        folder / "queries.jsonl",
        ({"id": k, "text": text} for k, text in collection.queries.items()),
    )
    judged = [
        f"{key}\t{document}\t1\n" for key, ones in collection.relevant.items() for document in ones
    ]
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


def topics_of_the_field(field: str = "definition") -> JudgedCollection:
    """A topic's definition, or its name, asks for the papers that a curator placed there or
    below."""
    papers = _field()
    collection = JudgedCollection(_documents(papers))
    nodes = [
        node
        for file in sorted((ROOT / "fixtures" / "taxonomy").glob("*.yaml"))
        for node in yaml.safe_load(file.read_text())
    ]
    parent = {node["slug"]: node.get("parent") for node in nodes}
    for node in nodes:
        relevant = [
            key
            for key, paper in papers.items()
            if any(node["slug"] in _upward(slug, parent) for slug in paper.get("topics", ()))
        ]
        if relevant and node.get(field):
            collection.ask(node["slug"], node[field], relevant)
    return collection


def _upward(slug: str | None, parent: dict[str, str | None]) -> Iterator[str]:
    while slug:
        yield slug
        slug = parent.get(slug)


def findings_of_the_field() -> JudgedCollection:
    """A finding, which is not in the document, asks for its paper."""
    papers = _field()
    collection = JudgedCollection(_documents(papers))
    for key, paper in papers.items():
        for place, finding in enumerate(paper.get("findings", ())):
            text = finding if isinstance(finding, str) else finding["text"]
            collection.ask(f"{key}-{place}", text, [key])
    return collection


def papers_of_the_field() -> JudgedCollection:
    """A paper asks for others that a curator placed at two of its topics, or at one with few
    papers."""
    papers = _field()
    collection = JudgedCollection(_documents(papers))
    at: dict[str, list[str]] = {}
    for key, paper in papers.items():
        for slug in paper.get("topics", ()):
            at.setdefault(slug, []).append(key)
    for key, paper in papers.items():
        shared: dict[str, int] = {}
        for slug in paper.get("topics", ()):
            for other in at[slug]:
                shared[other] = shared.get(other, 0) + (1 if len(at[slug]) > FEW_PAPERS else 2)
        relevant = [other for other, count in shared.items() if count >= 2 and other != key]
        if 1 < len(relevant) <= MOST_LIKE:
            collection.ask(key, " ".join(collection.documents[key]).strip(), relevant)
    return collection.sampled()


# --- abstracts of the ACL ---


def _acl() -> list[dict[str, Any]] | None:
    if not ACL.is_file():
        return None
    return random.Random(ACL_SEED).sample(_rows(ACL), ACL_PAPERS)


def titles_of_the_acl() -> JudgedCollection | None:
    """A title asks for its abstract, among abstracts without titles."""
    papers = _acl()
    if papers is None:
        return None
    collection = JudgedCollection(
        {paper["id"]: ("", paper["abstract"]) for paper in papers if paper["abstract"]}
    )
    for paper in random.Random(SEED).sample(papers, QUERIES):
        if paper["id"] in collection.documents:
            collection.queries[paper["id"]] = paper["title"]
            collection.relevant[paper["id"]] = [paper["id"]]
    return collection


def sentences_of_the_acl() -> JudgedCollection | None:
    """A sentence asks for the abstract from which it was taken away."""
    papers = _acl()
    if papers is None:
        return None
    collection = JudgedCollection(
        {paper["id"]: (paper["title"], paper["abstract"]) for paper in papers}
    )
    draw = random.Random(SEED)
    for paper in draw.sample(papers, QUERIES):
        parts = sentences(paper["abstract"])
        if len(parts) > 2:
            taken = parts.pop(draw.randrange(len(parts)))
            collection.documents[paper["id"]] = (paper["title"], " ".join(parts))
            collection.queries[paper["id"]] = taken
            collection.relevant[paper["id"]] = [paper["id"]]
    return collection


def keys_of_the_acl() -> JudgedCollection | None:
    """The three rarest words of a title ask for its abstract, among abstracts without titles."""
    papers = _acl()
    if papers is None:
        return None
    collection = JudgedCollection(
        {paper["id"]: ("", paper["abstract"]) for paper in papers if paper["abstract"]}
    )
    texts = {paper["id"]: f"{paper['title']} {paper['abstract']}" for paper in papers}
    common = Counter(word for text in texts.values() for word in set(words(text)))
    for paper in papers:
        known = [w for w in dict.fromkeys(words(paper["title"])) if common[w] >= 3 and len(w) > 2]
        rarest = set(sorted(known, key=lambda word: common[word])[:RAREST])
        if len(rarest) > 1 and paper["id"] in collection.documents:
            text = " ".join(word for word in known if word in rarest)
            collection.ask(paper["id"], text, [paper["id"]])
    return collection.sampled()


def halves_of_the_acl() -> JudgedCollection | None:
    """The first half of an abstract asks for its second half."""
    papers = _acl()
    if papers is None:
        return None
    collection = JudgedCollection()
    for paper in papers:
        parts = sentences(paper["abstract"])
        if len(parts) > 3:
            middle = len(parts) // 2
            collection.documents[paper["id"]] = ("", " ".join(parts[middle:]))
            collection.ask(paper["id"], " ".join(parts[:middle]), [paper["id"]])
    return collection.sampled()


def colleagues_of_the_acl() -> JudgedCollection | None:
    """A paper, title and abstract, asks for others by two of its authors."""
    papers = _acl()
    if papers is None:
        return None
    collection = JudgedCollection(
        {paper["id"]: (paper["title"], paper["abstract"]) for paper in papers}
    )
    by: dict[str, list[str]] = {}
    for paper in papers:
        for author in paper["authors"]:
            by.setdefault(author, []).append(paper["id"])
    for paper in papers:
        shared = Counter(other for author in paper["authors"] for other in by[author])
        relevant = [one for one, count in shared.items() if count > 1 and one != paper["id"]]
        if relevant and paper["abstract"]:
            collection.ask(paper["id"], f"{paper['title']} {paper['abstract']}", relevant)
    return collection.sampled()


# --- SciFact ---


def claims_of_scifact() -> JudgedCollection | None:
    """A claim asks for the abstracts that bear on it."""
    if not SCIFACT.is_dir():
        return None
    collection = JudgedCollection(
        {row["id"]: (row["title"], row["text"]) for row in _rows(SCIFACT / "corpus.jsonl")}
    )
    collection.queries = {row["id"]: row["text"] for row in _rows(SCIFACT / "queries.jsonl")}
    for line in (SCIFACT / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")[:3]
        if int(grade) > 0 and query in collection.queries:
            collection.relevant.setdefault(query, []).append(document)
    return collection


COLLECTIONS: dict[str, Callable[[], JudgedCollection | None]] = {
    "field-topics": topics_of_the_field,
    "field-names": lambda: topics_of_the_field("name"),
    "field-names-half": lambda: topics_of_the_field("name").half_known(),
    "field-findings": lambda: findings_of_the_field().sampled(),
    "field-papers": papers_of_the_field,
    "acl-titles": titles_of_the_acl,
    "acl-sentences": sentences_of_the_acl,
    "acl-keys": keys_of_the_acl,
    "acl-keys-half": lambda: collection.half_known() if (collection := keys_of_the_acl()) else None,
    "acl-halves": halves_of_the_acl,
    "acl-colleagues": colleagues_of_the_acl,
    "scifact": claims_of_scifact,
}
SOURCES = {name: name.split("-")[0] for name in COLLECTIONS}
