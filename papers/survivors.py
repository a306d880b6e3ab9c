"""Where the records live on that were merged into others or renamed."""

from __future__ import annotations

import re
from typing import TypeVar

from papers.models import OldKey, Paper, Person

Record = TypeVar("Record", Paper, Person)

_NEVER_IN_A_KEY = "\x00"  # PostgreSQL refuses even to look for it


def survivor(record: Record) -> Record:
    """The record that this one was merged into, and so on to the end."""
    seen = {record.pk}
    while record.merged_into is not None and record.merged_into_id not in seen:
        record = record.merged_into
        seen.add(record.pk)
    return record


def paper_key_now(old: str) -> str | None:
    """The key under which a paper that was merged, renamed, or typed in capitals, is found."""
    if _NEVER_IN_A_KEY in old:
        return None
    if renamed := OldKey.objects.filter(key=old).select_related("paper__merged_into").first():
        return survivor(renamed.paper).key
    paper = Paper.objects.filter(key=old).select_related("merged_into").first()
    if paper is not None:
        return survivor(paper).key if paper.merged_into_id else None
    for other in dict.fromkeys((old.lower(), _of_cite_key(old.lower()))):
        if other and other != old and Paper.objects.filter(key=other).exists():
            return paper_key_now(other) or other
    return None


def _of_cite_key(text: str) -> str:
    """The paper's own key in one that BibTeX exports: "huang-etal-2018-multi"; empty for others."""
    match = re.fullmatch(r"([a-z]+)(?:-[a-z]+)?-(\d{4})-([a-z0-9]+)", text)
    return "".join(match.groups()) if match else ""


def person_slug_now(old: str) -> str | None:
    """The slug under which a person who was merged, or typed in capitals, is found."""
    if _NEVER_IN_A_KEY in old:
        return None
    person = Person.objects.filter(slug=old).select_related("merged_into").first()
    if person is not None:
        return survivor(person).slug if person.merged_into_id else None
    lower = old.lower()
    if lower == old or not Person.objects.filter(slug=lower).exists():
        return None
    return person_slug_now(lower) or lower
