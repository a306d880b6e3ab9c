"""A reading list as `data.yaml`: topics with a category and a list of works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from community.list_files.bullets import people_in
from community.list_files.conflicts import marked
from community.list_files.dates import known, venue_and_year
from community.list_files.links import link_of
from community.list_files.shapes import Entry, Left, ListFile, Section


class _LinesLoader(yaml.SafeLoader):
    """Mappings that know the line they stand on, under the key `__line__`."""


def _with_line(loader: _LinesLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    return {**loader.construct_mapping(node, deep=True), "__line__": node.start_mark.line + 1}


_LinesLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _with_line)


def read_yaml(text: str, *, name: str = "") -> ListFile:
    """A list from the text of a `data.yaml`. Pure; a file of another shape is told and left."""
    read = ListFile()
    try:
        if "&" in text and any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(text)):
            raise ValueError("it refers to parts of itself")
        data = _LinesLoader(text).get_single_data()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = f"this YAML cannot be read: {getattr(error, 'problem', None) or error}"
        read.left.append(Left(mark.line + 1 if mark else 1, name, why, name))
        return read
    if not isinstance(data, Mapping):
        read.left.append(Left(1, text[:80], "no topics with lists of works", name))
        return read
    for topic, body in data.items():
        if topic != "__line__":
            _take_topic(str(topic), body, read, name)
    read.entries = marked(read.entries)
    return read


def _take_topic(topic: str, body: object, read: ListFile, name: str) -> None:
    works = body.get("list") if isinstance(body, Mapping) else body
    if not isinstance(works, list):
        read.left.append(Left(_line(body), topic, "a topic without a list of works", name))
        return
    category = str(body.get("category") or "") if isinstance(body, Mapping) else ""
    path = tuple(part for part in (category, topic) if part)
    read.sections.append(Section(path, _line(body)))
    for work in works:
        if isinstance(work, Mapping) and known(str(work.get("title") or "")):
            read.entries.append(_entry(work, path, read, name))
        else:
            read.left.append(Left(_line(work), str(work)[:120], "a work without a title", name))


def _entry(work: Mapping[str, Any], path: tuple[str, ...], read: ListFile, name: str) -> Entry:
    links = []
    given = work.get("links")
    for label, url in given.items() if isinstance(given, Mapping) else ():
        if label == "__line__":
            continue
        link, left = link_of(str(label), str(url or ""))
        links += [link] if link else []
        if left:
            read.left.append(Left(_line(work), str(url)[:120], left, name))
    venue, printed_year = venue_and_year(_text(work, "venue"))
    _, year = venue_and_year(_text(work, "year"))
    people = work.get("authors") or ""
    names = ", ".join(map(str, people)) if isinstance(people, list) else str(people)
    authors, others = people_in(names)
    return Entry(
        title=" ".join(str(work["title"]).split()),
        section=path,
        line=_line(work),
        file=name,
        authors=authors,
        and_others=others,
        year=year or printed_year,
        venue=venue,
        links=tuple(links),
        abbreviation=_text(work, "abbr"),
        notes=_text(work, "notes"),
    )


def _text(work: Mapping[str, Any], key: str) -> str:
    value = work.get(key)
    return "" if value is None else known(str(value))


def _line(node: object) -> int:
    return int(node.get("__line__", 0)) if isinstance(node, Mapping) else 0
