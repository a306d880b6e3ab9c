"""Where a fact of a record was found, in words."""

from __future__ import annotations

_INDEX = "stored-index:"


def source_in_words(source: str) -> str:
    """A source for people: of "memory", "stored-index:7", "owner/name:path", or free text."""
    if source == "memory":
        return "memory: no stored source confirms every fact"
    if source.startswith(_INDEX):
        return f"text index of public repositories, file {source.removeprefix(_INDEX)}"
    if place := in_repository(source):
        return ": ".join(place)
    return source


def in_repository(source: str) -> tuple[str, str] | None:
    """Repository ("owner/name") and path of a source that is a file on GitHub; else None."""
    repository, _, path = source.partition(":")
    if repository.count("/") == 1 and path and " " not in repository:
        return repository, path
    return None
