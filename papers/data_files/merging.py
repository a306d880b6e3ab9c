"""The three-way merge between a data file, what it said last time, and the database. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Merge:
    """Fields to write, and fields that stay as they were edited on the site."""

    write: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge(
    file: dict[str, Any],
    before: dict[str, Any] | None,
    here: dict[str, Any] | None,
    overwrite: bool = False,
) -> Merge:
    """Decide field by field.

    file: what the file says now. before: what it said when last loaded, or None.
    here: what the database says, or None when the record is not there.
    A field that only the file changed is written; one that only the site changed is kept; one
    that both changed is a conflict and kept, unless `overwrite`.
    """
    if here is None:
        return Merge(write=dict(file))
    result = Merge()
    for name, wanted in file.items():
        current = here.get(name)
        if wanted == current:
            continue
        known = before is not None and name in before
        edited_here = known and current != before[name]  # type: ignore[index]
        changed_in_file = not known or wanted != before[name]  # type: ignore[index]
        if overwrite or not edited_here:
            result.write[name] = wanted
        elif changed_in_file:
            result.conflicts.append(name)
        else:
            result.kept.append(name)
    return result
