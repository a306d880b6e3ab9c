"""JSON bodies: what the database cannot hold, and what no client means, is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class CleanJSONParser(JSONParser):
    """Refuses texts with NUL or with half of a surrogate pair, and nesting beyond any record."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            body = super().parse(stream, media_type, parser_context)
            if any(_cannot_be_stored(text) for text in _texts(body)):
                raise ParseError("A text holds NUL or half of a surrogate pair.")
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        return body


def _texts(value: object) -> list[str]:
    """Every text in a JSON value, keys included, without recursion."""
    texts, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
    return texts


def _cannot_be_stored(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)
