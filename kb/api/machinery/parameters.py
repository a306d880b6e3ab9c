"""Query parameters: declared once, checked and documented from the same declaration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from rapidfuzz import process

from kb.api.machinery.errors import InvalidParameters, ParameterError

LONGEST_VALUE = 2000


@dataclass(frozen=True)
class Parameter:
    """A query parameter.

    kind: "string", "integer", "flag" (1 or 0) or "time" (ISO 8601).
    least, most: bounds of an integer.
    many: may be repeated or hold several values with commas between; any of them matches.
    example: a value that finds something, for those who read the description.
    """

    name: str
    description: str
    kind: str = "string"
    choices: tuple[str, ...] = ()
    many: bool = False
    least: int = 0
    most: int = 999_999_999
    example: str = ""


class BadValue(ValueError):
    """A value that its parameter cannot take; the text says why."""


def read(given: QueryDict, declared: Iterable[Parameter]) -> dict[str, Any]:
    """Checked values by name: a list for `many`, else one value; absent ones are left out.

    Raises InvalidParameters with everything that is wrong.
    """
    known = {parameter.name: parameter for parameter in declared}
    errors: list[ParameterError] = []
    values: dict[str, Any] = {}
    for name, texts in given.lists():
        if name not in known:
            errors.append(_unknown(name, known))
            continue
        try:
            value = _value(known[name], texts)
        except BadValue as reason:
            errors.append(ParameterError(name, "invalid_value", f"{name}: {reason}"))
            continue
        if value not in ("", []):
            values[name] = value
    if errors:
        raise InvalidParameters(errors)
    return values


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or all of them when none is near and they are few."""
    known = sorted(known)
    near = process.extractOne(word, known, score_cutoff=60)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"Known: {', '.join(known)}." if len(known) <= 40 else ""


def one_of(parameter: str, word: str, known: Mapping[str, Any] | Iterable[str]) -> ParameterError:
    """The error for a value that is none of the known ones."""
    message = f"{parameter}: there is no “{word[:60]}”. {did_you_mean(word, known)}".strip()
    return ParameterError(parameter, "unknown_value", message)


def _unknown(name: str, known: Mapping[str, Parameter]) -> ParameterError:
    message = f"There is no parameter “{name[:60]}” here. {did_you_mean(name, known)}".strip()
    return ParameterError(name, "unknown_parameter", message)


def _value(parameter: Parameter, texts: list[str]) -> Any:
    if any("\x00" in text for text in texts):
        raise BadValue("a NUL character cannot be searched for.")
    if any(len(text) > LONGEST_VALUE for text in texts):
        raise BadValue(f"a value may be {LONGEST_VALUE} characters long.")
    if parameter.many:
        parts = [part.strip() for text in texts for part in text.split(",")]
        return [_one(parameter, part) for part in dict.fromkeys(parts) if part]
    if len(texts) > 1:
        raise BadValue("may be given once.")
    text = texts[0].strip()
    if not text and (parameter.kind == "time" or parameter.name == "state"):
        # No box of a form: a program whose variable is empty must not be given everything.
        raise BadValue("is empty; leave it out where it is not wanted.")
    return _one(parameter, text) if text else ""


def _one(parameter: Parameter, text: str) -> object:
    if parameter.choices and text not in parameter.choices:
        raise BadValue(f"“{text[:60]}” is none of {', '.join(parameter.choices)}.")
    if parameter.kind == "integer":
        return _integer(text, parameter.least, parameter.most)
    if parameter.kind == "flag":
        if text not in ("0", "1"):
            raise BadValue("1 or 0 was expected.")
        return text == "1"
    if parameter.kind == "time":
        return _time(text)
    return text


def _integer(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise BadValue(f"a whole number from {least} to {most} was expected, not “{text[:60]}”.")
    return int(text)


def _time(text: str) -> dt.datetime:
    """An instant; without an offset it is UTC, and a date is its beginning."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        date = parse_date(text)
    except ValueError as error:
        raise BadValue(f"“{text[:60]}” is not a time ({error}).") from error
    if moment is None and date:
        moment = dt.datetime.combine(date, dt.time())
    if moment is None:
        raise BadValue("a time such as 2025-06-30T12:00:00Z was expected.")
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
