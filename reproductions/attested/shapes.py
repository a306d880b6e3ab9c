"""The record of a run as it travels between machines. Neither Django nor a database.

A record is one JSON text; what is signed is that text, byte by byte, so that nobody has to agree
on how JSON is written.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from papers.checked import sentences
from reproductions.protocol import Measure, Point, neutralised
from reproductions.runs.collected import (
    CURVE_LENGTH,
    LINE_ROWS,
    MEASURE_ROWS,
    NAME_LENGTH,
    POINT_ROWS,
    WORD_LENGTH,
    Said,
)

SCHEMA = 1
MOST_BYTES = 32 * 2**20
"""Of a record: 50,000 points and 20,000 measurements with long settings are about half of it."""
_CLOSED = ConfigDict(extra="forbid", frozen=True)
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Seconds = Annotated[FiniteFloat, Field(ge=0)]
_Scalar = Annotated[str, Field(max_length=2000)] | int | FiniteFloat | bool | None
_Seed = Annotated[int, Field(ge=0, lt=2**32)]


class UnreadableRecord(ValueError):
    """No record; the text says what is wrong, a line a fault."""


class _Part(BaseModel):
    model_config = _CLOSED


class MeasuredPart(_Part):
    """One measured number."""

    id: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
    setting: Annotated[str, Field(max_length=2000)] = ""
    metric: Annotated[str, Field(max_length=WORD_LENGTH)]
    value: FiniteFloat
    unit: Annotated[str, Field(max_length=WORD_LENGTH)] = ""
    convention: Annotated[str, Field(max_length=WORD_LENGTH)] = ""
    seed: _Seed
    standard_error: FiniteFloat | None = None


class PointPart(BaseModel):
    """One point of a plot, with further scalars."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, _Scalar]

    curve: Annotated[str, Field(max_length=CURVE_LENGTH)]
    x: FiniteFloat
    y: FiniteFloat


class LinePart(_Part):
    """One line of the log."""

    kind: Literal["log", "error", "measure", "site"]
    text: Annotated[str, Field(max_length=2000)]
    seconds: _Seconds


class CodePart(_Part):
    """Digests of what ran, and the commit that it was."""

    program_sha256: _Digest
    protocol_sha256: _Digest
    datasets_sha256: _Digest | None = None
    manifest_sha256: _Digest
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")] | None = None
    dirty: bool | None = None

    def digests(self) -> dict[str, str]:
        """Those of the code, by name."""
        kept = self.model_dump(exclude_none=True)
        return {name: value for name, value in kept.items() if name.endswith("_sha256")}


class TimePart(_Part):
    """When it ran, and what it took."""

    started: AwareDatetime
    finished: AwareDatetime
    wall_s: _Seconds
    cpu_s: _Seconds
    peak_memory_bytes: Annotated[int, Field(ge=0, lt=2**62)]
    limit_s: Annotated[int, Field(ge=0, lt=2**31)] = 0


class Record(_Part):
    """Everything that makes a run's numbers checkable.

    site and run: where it was asked for; null when nobody asked. key: public key of the runner, or
    null. state: how the run ended.
    """

    model_config = _CLOSED

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    site: Annotated[str, Field(max_length=300)] | None = None
    run: int | None = None
    key: Annotated[str, Field(max_length=44)] | None = None
    program: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]
    scale: Literal["smoke", "exact", "toy", "reduced", "full"]
    seed: _Seed
    device: Literal["cpu", "cuda"]
    state: Literal["finished", "needs-data", "failed", "stopped", "cancelled"]
    cause: Annotated[str, Field(max_length=300)] = ""
    exit_code: int | None = None
    code: CodePart
    environment: dict[Annotated[str, Field(max_length=100)], _Scalar] = {}
    hardware: dict[Annotated[str, Field(max_length=100)], _Scalar] = {}
    isolation: dict[Annotated[str, Field(max_length=100)], _Scalar | dict[str, int]] = {}
    time: TimePart
    output_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    output_bytes: Annotated[int, Field(ge=0, lt=2**62)] = 0
    measurements: Annotated[list[MeasuredPart], Field(max_length=MEASURE_ROWS)] = []
    curve: Annotated[list[PointPart], Field(max_length=POINT_ROWS)] = []
    log: Annotated[list[LinePart], Field(max_length=LINE_ROWS)] = []

    def measures(self) -> list[Measure]:
        """The measurements as the protocol has them."""
        return [Measure(**part.model_dump()) for part in self.measurements]

    def points(self) -> list[Point]:
        """The points of plots as the protocol has them."""
        return [
            Point(part.curve, part.x, part.y, dict(part.__pydantic_extra__)) for part in self.curve
        ]

    def lines(self) -> list[Said]:
        """The log, numbered from 1."""
        return [
            Said(number, part.kind, part.text, part.seconds)
            for number, part in enumerate(self.log, 1)
        ]


def read(text: str) -> Record:
    """A record from its text.  Raises UnreadableRecord."""
    if len(text.encode()) > MOST_BYTES:
        raise UnreadableRecord(f"the record is larger than {MOST_BYTES // 2**20} MiB")
    try:
        return Record.model_validate(_harmless(json.loads(text)))
    except (ValueError, RecursionError) as error:
        words = (
            sentences(error, lambda place: ".".join(map(str, place)))
            if isinstance(error, ValidationError)
            else f"no JSON: {error}"
        )
        raise UnreadableRecord(words) from error


def _harmless(value: object) -> object:
    """The same with every text as the site would have kept it: nothing that controls terminals."""
    if isinstance(value, str):
        return neutralised(value).encode("utf-8", errors="replace").decode()
    if isinstance(value, list):
        return [_harmless(part) for part in value]
    if isinstance(value, dict):
        return {neutralised(str(name)): _harmless(part) for name, part in value.items()}
    return value


def written(content: dict[str, Any]) -> str:
    """A record as the text that is signed and sent."""
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of a record's text, by which it is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """A moment as records have it."""
    return at.isoformat(timespec="milliseconds")
