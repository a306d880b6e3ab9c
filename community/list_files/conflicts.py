"""Entries of one list that cannot all be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from community.list_files.shapes import Entry, Kind
from papers.identifiers import Identifier, recognise
from papers.names import fold

ALIKE = 60.0
"""Likeness (0 to 100) from which two titles may be wordings of one."""


def identifiers_of(entry: Entry) -> list[Identifier]:
    """The identifiers in the addresses of an entry's paper links, without repeats."""
    links = (link for link in entry.links if link.kind in ("paper", "link", "website"))
    named = (recognise(link.url) for link in links)
    ids = (Identifier(name.scheme, name.value) for name in named if name)  # of any version
    return list(dict.fromkeys(ids))


def marked(entries: Sequence[Entry]) -> list[Entry]:
    """The entries, with a warning on those that share an identifier under different titles."""
    owners: dict[Identifier, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if entry.kind is Kind.PAPER:
            for identifier in identifiers_of(entry)[:1]:  # the others are of its other versions
                owners[identifier].append(place)
    changed = list(entries)
    for identifier, places in owners.items():
        for place in places:
            others = [p for p in places if not _alike(entries[p].title, entries[place].title)]
            if others:
                other = entries[others[0]]
                warning = f"{identifier} is also the address of “{other.title}” (line {other.line})"
                entry = changed[place]
                changed[place] = replace(entry, warnings=(*entry.warnings, warning))
    return changed


def is_in_conflict(entry: Entry) -> bool:
    """Whether another entry of the list claims the same identifier."""
    return any("is also the address of" in warning for warning in entry.warnings)


def _alike(title: str, other: str) -> bool:
    """Names and whole titles are compared as far as the shorter one goes."""
    return fuzz.token_set_ratio(fold(title), fold(other)) >= ALIKE
