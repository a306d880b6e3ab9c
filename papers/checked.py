"""Models of files that people write, and what is wrong with such a file in words for them.

A file's tables are pydantic models derived from `Table`: no key that nobody asked for, no value of
another type. `sentences` turns pydantic's complaints into one line that names place and remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Text = Annotated[str, StringConstraints(min_length=1)]
"""A text that says something."""
Texts = list[Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]]
Whole = Annotated[int, Field(ge=0)]
Location = tuple[int | str, ...]

STRICT = ConfigDict(extra="forbid", strict=True)
_NAMES = {"string": "str"}


class Table(BaseModel):
    """A table of a file: strict, closed, and unchangeable once read."""

    model_config = STRICT | {"frozen": True}


def sentences(error: ValidationError, place_of: Callable[[Location], str]) -> str:
    """What is wrong, each fault once. `place_of` names the table at a location, "" for none."""
    unknown: dict[str, list[str]] = {}
    lines: dict[str, None] = {}
    for fault in error.errors(include_url=False):
        location, kind = fault["loc"], fault["type"]
        if kind in ("extra_forbidden", "unexpected_keyword_argument"):
            unknown.setdefault(place_of(location[:-1]), []).append(str(location[-1]))
            continue
        table, key = (location, "") if kind == "value_error" else _table_and_key(location, kind)
        lines[_line(place_of(table), _words(kind, key, fault))] = None
    for place, keys in unknown.items():
        lines[_line(place, f"unknown keys {', '.join(sorted(keys))}")] = None
    return "; ".join(lines)


def _line(place: str, words: str) -> str:
    return f"{place}: {words}" if place else words


def _table_and_key(location: Location, kind: str) -> tuple[Location, str]:
    """Where the table lies, and which of its keys is meant; an entry of a list belongs to it."""
    if kind in ("model_type", "dataclass_type"):
        return location, ""
    while location and isinstance(location[-1], int):
        location = location[:-1]
    return location[:-1], str(location[-1]) if location else ""


def _words(kind: str, key: str, fault: Any) -> str:
    given = fault["input"]
    if kind == "missing":
        return f"{key!r} is missing"
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind == "literal_error":
        allowed = str(fault["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        allowed = allowed.removeprefix(", ")
        return f"{key} {given!r} is none of {allowed}"
    if kind in ("string_too_short", "string_pattern_mismatch") and not str(given).strip():
        return f"{key!r} is empty"
    if kind == "greater_than_equal":
        return f"{key} must be whole numbers from {fault['ctx']['ge']} on, got {given!r}"
    if kind == "too_short" and not given:
        return f"{key!r} is empty"
    if kind in ("model_type", "dataclass_type"):
        return f"expected a table, got {given!r}"
    if kind.endswith("_type"):
        wanted = kind.removesuffix("_type")
        return f"{key!r} must be {_NAMES.get(wanted, wanted)}, got {given!r}"
    return f"{key!r}: {fault['msg']}, got {given!r}"
