"""Opaque marks in addresses: a short list of texts and numbers that comes back as it was given."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence


def packed(values: Sequence[object]) -> str:
    """The values as letters, digits, - and _; what JSON does not know, as `str` writes it."""
    plain = json.dumps(list(values), default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def unpacked(mark: str) -> list[str | int]:
    """The values in a mark; each may be asked of a database.

    Raises ValueError for anything that `packed` does not make of texts and whole numbers of a
    record, such as NUL, halves of a character and truth values: everybody can write a mark.
    """
    try:
        padded = mark.encode("ascii") + b"=" * (-len(mark) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, RecursionError) as error:
        raise ValueError("no list of values") from error
    if not isinstance(values, list) or not all(_may_be_asked(value) for value in values):
        raise ValueError("values that no record has")
    return values


def instant(text: str) -> dt.datetime:
    """The moment that `text` names, with its zone.

    Raises ValueError also for what stands in no calendar once it is told in UTC, as databases do:
    the first and the last day of all, in a far zone.
    """
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError("a moment outside the calendar") from error


def _may_be_asked(value: object) -> bool:
    if isinstance(value, str):
        return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value)
    return type(value) is int
