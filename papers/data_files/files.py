"""Reading the data files: YAML with line numbers, one digest a record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from papers.data_files.schema import SCHEMAS, complaints

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The order matters: a record may refer to records of the kinds before it.
FOLDERS = {
    "topic": "taxonomy",
    "venue": "venues",
    "person": "people",
    "paper": "papers",
    "method": "methods",
    "lecture": "topics",
    "workshop": "workshops",
    "lab": "labs",
    "organisation": "organisations",
    "course": "courses",
    "book": "books",
    "event": "timeline.yaml",
    "term": "glossary.yaml",
    "path": "paths",
}
KEY_FIELD = {
    **dict.fromkeys(("topic", "venue", "person", "method", "workshop", "term", "path"), "slug"),
    **dict.fromkeys(("lab", "organisation", "course", "book"), "slug"),
    "paper": "key",
    "lecture": "topic",
}


@dataclass(frozen=True)
class Source:
    """A file of records of one kind, read but not yet parsed."""

    kind: str
    path: Path
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Record:
    """One record of a file."""

    kind: str
    key: str
    fields: dict[str, Any]
    where: str


def sources(folder: Path, kind: str) -> Iterator[Source]:
    """The files of `kind` below `folder`, in name order."""
    place = folder / FOLDERS[kind]
    paths = sorted(place.glob("*.yaml")) if place.is_dir() else [place] * place.exists()
    for path in paths:
        yield Source(kind, path, path.read_bytes())


def record_key(kind: str, fields: dict[str, Any]) -> str:
    """What identifies a record of `kind`."""
    if kind == "event":
        return f"{fields.get('year')} {fields.get('title')}"[:160]
    return str(fields.get(KEY_FIELD[kind], ""))


def parse(source: Source) -> tuple[list[Record], list[str]]:
    """The records of a file, and what is wrong with it (`file:line: sentence`).

    A file with any problem gives no records: half a file is never loaded.
    """
    name = f"{source.path.parent.name}/{source.path.name}"
    try:
        content = yaml.load(source.content, Loader=Loader)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        return [], [f"{name}:{line}: not valid YAML: {getattr(error, 'problem', error)}"]
    many = isinstance(content, list)
    entries = content if many else [content]
    problems = []
    for place, entry in enumerate(entries):
        for path, text in complaints(entry, SCHEMAS[source.kind]):
            line = _line_of(source.content, (place, *path) if many else path)
            problems.append(f"{name}:{line}: {text}")
    if problems:
        return [], problems
    return [Record(source.kind, record_key(source.kind, e), e, name) for e in entries], []


def _line_of(content: bytes, path: tuple[Any, ...]) -> int:
    """The line, from 1, on which the value at `path` begins."""
    node = yaml.compose(content, Loader=Loader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            inner = {key.value: (key, value) for key, value in node.value}
            if step not in inner:
                break
            key, node = inner[step]
            if node.start_mark.line > key.start_mark.line and step == path[-1]:
                return key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and step < len(node.value):
            node = node.value[step]
    return node.start_mark.line + 1 if node else 1
