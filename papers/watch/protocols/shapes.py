"""What every protocol gives, and the way in which it asks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx

from papers.importers import fetching
from papers.importers.fetching import Reply, SourceProblem
from papers.ingest.candidate import Candidate

Cursor = dict[str, Any]
Value = TypeVar("Value")
FIRST_LOOK = dt.timedelta(days=31)
"""How far back a source is read when it is asked for the first time."""


@dataclass(frozen=True)
class Named:
    """A work that a source names.

    abstract_licence: under which its abstract may be shown; empty where the source states none.
    version: of a preprint. citations: how often it is cited, as this source counts. retracted:
    what the source says of its being taken back.
    """

    candidate: Candidate
    abstract_licence: str = ""
    version: int | None = None
    citations: int | None = None
    retracted: str = ""


@dataclass(frozen=True)
class Page:
    """One answer, read. cursor: from where to go on after it, now or at the next asking."""

    works: list[Named]
    cursor: Cursor
    is_last: bool


@dataclass
class Asker:
    """Asks one source with the manners of its kind, and counts."""

    host: fetching.Source
    base: str
    key: str = ""
    requests: int = 0

    def ask(
        self, parameters: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Raises SourceProblem."""
        self.requests += 1
        query = urlencode({name: value for name, value in parameters.items() if value != ""})
        address = f"{self.base}{'&' if '?' in self.base else '?'}{query}" if query else self.base
        return fetching.ask(self.host, address, headers)

    def problem(self, why: str) -> SourceProblem:
        return SourceProblem(self.host, why)

    def json(
        self, parameters: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Any:
        """Raises SourceProblem where the answer is no JSON, or half of it."""
        reply = self.ask(parameters, {"Accept": "application/json"} | dict(headers or {}))
        try:
            return json.loads(reply.body)
        except ValueError as half:
            raise self.problem("answered with something that is no JSON, or broke off.") from half

    def xml(self, body: bytes) -> ET.Element:
        """Raises SourceProblem where the answer is no XML, or half of it."""
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise self.problem("answered with a document type, which is not read.")
        try:
            return ET.fromstring(body)  # noqa: S314 (no document type, so no entities)
        except ET.ParseError as half:
            raise self.problem("answered with something that is no XML, or broke off.") from half

    def read(self, reader: Callable[[dict[str, Any]], Value], answer: dict[str, Any]) -> Value:
        """What `reader` makes of an answer; raises SourceProblem where its shape is another."""
        try:
            return reader(answer)
        except (KeyError, TypeError, AttributeError, IndexError, ValueError) as problem:
            raise self.problem("answered in a shape that is not known here.") from problem


Pages = Callable[[Asker, str, Cursor], Iterator[Page]]


@dataclass(frozen=True)
class Protocol:
    """A kind of source. address: where it is asked usually. query_label, query_example: what its
    query is, for people. needs_key: name of the setting with a key without which it is not asked.
    """

    name: str
    pages: Pages
    query_label: str
    query_example: str
    address: str = ""
    spacing_seconds: float = 1.0
    needs_key: str = ""
    needs_query: bool = True
    every_minutes: int = 1440
    hosts: tuple[str, ...] = field(default=())

    def asker(self, address: str, key: str = "") -> Asker:
        """For the address of a source, or the usual one."""
        base = address or self.address
        host = httpx.URL(base).host
        name = self.name if not address else f"{self.name} at {host}"
        known = (host, *self.hosts) if not address else (host,)
        spacing = 0.0 if fetching.is_inside(httpx.URL(base)) else self.spacing_seconds
        return Asker(fetching.Source(name[:40], known, spacing), base, key)


def first_day(cursor: Cursor, name: str = "from") -> str:
    """The day from which a source is read: where it was left, else a month ago."""
    return str(cursor.get(name) or (dt.datetime.now(dt.UTC) - FIRST_LOOK).date().isoformat())


def today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()
