"""Tables of a manifest that are read key by key, so that nothing in them is ignored in silence."""

from collections.abc import Sequence
from typing import Any


class ManifestError(ValueError):
    """A manifest that cannot be used; the text names the file, the place and the remedy."""


class Table:
    """A table of the file that knows its place and notices keys nobody asked for."""

    def __init__(self, found: Any, place: str) -> None:
        if not isinstance(found, dict):
            raise ManifestError(f"{place}: expected a table")
        self.found = dict(found)
        self.place = place

    def take(self, key: str, kind: type[Any], default: Any = ...) -> Any:
        """The value under `key`; without a default it must be there."""
        if key not in self.found:
            if default is ...:
                raise ManifestError(f"{self.place}: {key!r} is missing")
            return default
        value = self.found.pop(key)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ManifestError(f"{self.place}: {key!r} must be {kind.__name__}, got {value!r}")
        if value == "" and default is ...:
            raise ManifestError(f"{self.place}: {key!r} is empty")
        return value

    def texts(self, key: str, default: Sequence[str] | Any = ...) -> tuple[str, ...]:
        """A list of non-empty strings."""
        values = self.take(key, list, default)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise ManifestError(f"{self.place}: {key!r} must be a list of texts")
        return tuple(values)

    def seeds(self, key: str, default: list[int]) -> tuple[int, ...]:
        """A list of whole numbers, none below zero."""
        values = self.take(key, list, default)
        if not all(type(value) is int and value >= 0 for value in values):
            raise ManifestError(f"{self.place}: {key} must be whole numbers from 0 on")
        return tuple(values)

    def one_of(self, key: str, allowed: Sequence[str], default: Any = ...) -> str:
        """A string from a closed list."""
        value = self.take(key, str, default)
        if value not in allowed:
            raise ManifestError(
                f"{self.place}: {key} {value!r} is none of {', '.join(filter(None, allowed))}"
            )
        return str(value)

    def done(self) -> None:
        """Raise ManifestError if a key is left over: it would have been ignored in silence."""
        if self.found:
            raise ManifestError(f"{self.place}: unknown keys {', '.join(sorted(self.found))}")
