"""Whether what texts and paths point to is here: papers and topics by name, with the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from papers.data_files.files import Record, Source
from papers.learning.prose import cited_keys
from papers.models import OldKey, Paper
from taxonomy.models import Topic

Parsed = Mapping[str, list[tuple[Source, Record]]]
_PLACES = ("lab", "organisation", "course", "book")
_POINTING = ("lecture", "path", *_PLACES)


def unknown_names(records: Parsed, *, look: bool) -> list[str]:
    """`file:line: sentence` for each paper or topic that a text or path names and nobody has.

    look: whether the database knows some too; else the files have to hold all of them.
    """
    pointing = [pair for kind in _POINTING for pair in records.get(kind, [])]
    if not pointing:
        return []
    papers = {record.key for _, record in records.get("paper", [])}
    topics = {record.key for _, record in records.get("topic", [])}
    if look:
        papers.update(Paper.objects.values_list("key", flat=True))
        papers.update(OldKey.objects.values_list("key", flat=True))
        topics.update(Topic.objects.values_list("slug", flat=True))
    known = {"paper": papers, "topic": topics}
    return [
        f"{record.where}:{_line(source, name)}: there is no {kind} {name!r} here"
        for source, record in pointing
        for kind, name in dict.fromkeys(_named(record))
        if name not in known[kind]
    ]


def _named(record: Record) -> Iterator[tuple[str, str]]:
    fields = record.fields
    if fields.get("topic"):
        yield "topic", fields["topic"]
    for part in fields.get("paragraphs") or []:
        for text in (part.get("text"), part.get("zh")):
            yield from (("paper", key) for key in cited_keys(text or ""))
    if record.kind in _PLACES:
        yield from _named_by_place(fields)
    for entry in (*(fields.get("read_five") or []), *(fields.get("steps") or [])):
        yield from ((kind, entry[kind]) for kind in ("paper", "topic") if entry.get(kind))


def _named_by_place(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    parts = (*(fields.get("lectures") or []), *(fields.get("chapters") or []))
    for part in (fields, *parts):
        yield from (("paper", key) for key in part.get("papers") or [])
        yield from (("topic", slug) for slug in part.get("topics") or [])


def _line(source: Source, name: str) -> int:
    """The first line, from 1, where the name stands as a word of its own."""
    match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", source.content.decode())
    return source.content.decode().count("\n", 0, match.start()) + 1 if match else 1
