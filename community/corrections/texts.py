"""Field values as text in a form, and back. Pure.

Lists of words stand one a line; structured lists (the programme of a workshop) are YAML, as in the
data files.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from django.utils.translation import gettext

from papers.curation.editing import schema_of
from papers.data_files.checks import Field

LINES, YAML, NUMBER, YES_NO, LONG, LINE = "lines", "yaml", "number", "yes-no", "long", "line"
_LONG_TEXTS = {
    "abstract",
    "tldr",
    "tldr_zh",
    "contribution",
    "definition",
    "definition_zh",
    "summary",
    "relevant",
}


def shape_of(kind: str, name: str) -> str:
    """How the field is typed in."""
    field: Field = schema_of(kind, name)
    if field.kind is list and field.items is str:
        return LINES
    if field.kind in (list, dict):
        return YAML
    if field.kind is int:
        return NUMBER
    if field.kind is bool:
        return YES_NO
    return LONG if name in _LONG_TEXTS else LINE


def to_text(kind: str, name: str, value: Any) -> str:
    """A value as it stands in the form."""
    shape = shape_of(kind, name)
    if value in (None, "", [], {}):
        return ""
    if shape == LINES:
        return "\n".join(map(str, value))
    if shape == YAML:
        return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)).strip()
    if shape == YES_NO:
        return "yes" if value else "no"
    return str(value)


def from_text(kind: str, name: str, text: str) -> object:
    """The inverse of `to_text`. Raises ValueError with a sentence for the writer."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    shape = shape_of(kind, name)
    if shape == LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if shape == NUMBER:
        if text and not (text.isdecimal() and len(text) < 10):
            raise ValueError(gettext("{field}: write a whole number.").format(field=_called(name)))
        return int(text) if text else None
    if shape == YES_NO:
        return text == "yes" if text else None
    if shape == YAML:
        return _structured(name, schema_of(kind, name), text)
    return text


def _called(name: str) -> str:
    return gettext(name.replace("_", " ").capitalize())


def _structured(name: str, field: Field, text: str) -> object:
    if not text:
        return field.default
    try:
        value = _as_text(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = (
            gettext("{field}: not valid YAML in line {line}.")
            if mark
            else gettext("{field}: not valid YAML.")
        )
        line = mark.line + 1 if mark else 0
        raise ValueError(told.format(field=_called(name), line=line)) from error
    if not isinstance(value, field.kind):
        told = (
            gettext("{field}: write a list, each entry begins with “- ”.")
            if field.kind is list
            else gettext("{field}: write “name: value”.")
        )
        raise ValueError(told.format(field=_called(name)))
    return value


def _as_text(value: object) -> object:
    """YAML reads 2022-07-22 as a date; the data files keep text."""
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value
