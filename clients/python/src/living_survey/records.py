"""What the survey answers, as records: the fields that people use, and all the rest as `raw`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Record:
    """Any record; `raw` is the answer of the API."""

    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Record:
        """The record of an answer."""
        return cls(raw)


@dataclass(frozen=True)
class Author:
    """A printed name and its parts; `given` is empty for groups."""

    name: str
    family: str
    given: str
    person: str | None
    """Slug of the person that the name was taken for."""


@dataclass(frozen=True)
class Paper(Record):
    """A paper. Fields in `unconfirmed` were seen in no source."""

    key: str
    title: str
    authors: tuple[Author, ...]
    year: int | None
    venue: str
    arxiv: str
    doi: str
    tldr: str
    topics: tuple[str, ...]
    """Slugs."""
    names: tuple[str, ...]
    """Of what the paper introduces, such as MSDNet."""
    unconfirmed: tuple[str, ...]
    url: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Paper:
        """The paper of an answer; fields that were not selected are empty."""
        venue = raw.get("venue") or {}
        return cls(
            raw=raw,
            key=raw.get("key", ""),
            title=raw.get("title", ""),
            authors=tuple(_author(row) for row in raw.get("authors", ())),
            year=raw.get("year"),
            venue=venue.get("name", ""),
            arxiv=raw.get("arxiv") or "",
            doi=raw.get("doi") or "",
            tldr=raw.get("tldr", ""),
            topics=tuple(row["slug"] for row in raw.get("topics", ())),
            names=tuple(row["name"] for row in raw.get("names", ())),
            unconfirmed=tuple(raw.get("unconfirmed", ())),
            url=raw.get("url", ""),
        )


def _author(row: Mapping[str, Any]) -> Author:
    person = row.get("person") or {}
    return Author(
        row.get("name", ""), row.get("family", ""), row.get("given", ""), person.get("slug")
    )


@dataclass(frozen=True)
class Topic(Record):
    """A topic of the taxonomy."""

    slug: str
    name: str
    name_zh: str
    definition: str
    url: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Topic:
        """The topic of an answer."""
        names = ("slug", "name", "name_zh", "definition", "url")
        return cls(raw, *(raw.get(name) or "" for name in names))


@dataclass(frozen=True)
class Method(Record):
    """A method: what adapts, who decides, how it is trained stands in `raw`."""

    slug: str
    name: str
    url: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Method:
        """The method of an answer."""
        return cls(raw, *(raw.get(name) or "" for name in ("slug", "name", "url")))


@dataclass(frozen=True)
class Number(Record):
    """A number that a paper prints, and what became of it here."""

    id: str
    paper: str
    setting: str
    metric: str
    value: float | None
    unit: str
    measured: float | None
    """Ours, in the same unit; None without a run."""
    state: str
    """The verdict."""
    url: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Number:
        """The number of an answer."""
        return cls(
            raw=raw,
            id=raw.get("id", ""),
            paper=raw.get("paper", ""),
            setting=raw.get("setting", ""),
            metric=raw.get("metric") or "",
            value=raw.get("value"),
            unit=raw.get("unit") or "",
            measured=raw.get("measured"),
            state=raw.get("state") or "",
            url=raw.get("url") or "",
        )
