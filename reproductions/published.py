"""The published numbers, read from the reviewable files under ``fixtures/numbers``.

A row is one number as a paper (or its repository) prints it.  Values in a file are what was
printed; where the file lost a trailing zero, a claim may state the number of decimals.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, ValidationError

from papers.checked import Table, Text, sentences

_Values: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast in C, where PyYAML has it: a test reads thousands of rows."""

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "numbers"

SCALE_OF_UNIT: Mapping[str, float] = {
    "": 1.0,
    "1": 1.0,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "B": 1e9,
    "T": 1e12,
    "Mi (2^20)": float(2**20),
    "Gi (2^30), thop": float(2**30),
}
"""Units of counts; a measurement in "1" is divided by this.  Other units compare as they are."""


_FROM_MEMORY = re.compile(r"(?<![\w/])memory\b", re.IGNORECASE)
"""The word by itself: a file's name may hold it too."""


@dataclass(frozen=True, order=True)
class Key:
    """What identifies a row: no two rows share it."""

    paper: str
    setting: str
    metric: str


@dataclass(frozen=True)
class Placement:
    """Where a number stands among others; "" where nobody has said.

    point: the operating point that several numbers describe together, accuracy with cost.
    measure: what `metric` means here, such as top-1.  table_of: whose table prints it (key of a
    paper or name of a repository), where that is not the paper's own.
    """

    point: str = ""
    task: str = ""
    data_set: str = ""
    split: str = ""
    measure: str = ""
    backbone: str = ""
    baseline: bool = False
    second_hand: bool = False
    table_of: str = ""


PLACEMENT = tuple(field.name for field in fields(Placement))


@dataclass(frozen=True)
class Row:
    """One published number.  `unit` is "" for a pure count, `table` says where it stands."""

    key: Key
    value: float
    unit: str
    table: str
    source: str
    confidence: str
    needs: str
    notes: str
    placement: Placement = Placement()

    @property
    def confirmed(self) -> bool:
        """Whether somebody has seen the table; numbers quoted from memory are not."""
        return not _FROM_MEMORY.search(self.source)

    @property
    def decimals(self) -> int:
        """Digits after the point of the value as the file writes it."""
        exponent = Decimal(repr(self.value)).as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


def in_unit(value: float, measured_in: str, unit: str) -> float:
    """A measured value in the unit of the published one.

    Raises ValueError when the units do not convert: percent and pure numbers, for instance.
    """
    if measured_in == unit:
        return value
    if measured_in in SCALE_OF_UNIT and unit in SCALE_OF_UNIT:
        return value * SCALE_OF_UNIT[measured_in] / SCALE_OF_UNIT[unit]
    raise ValueError(f"cannot turn {measured_in!r} into {unit!r}")


def _number(given: object) -> object:
    """As printed: whole numbers stay whole, for they have no decimals."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"value {given!r} is not a number")
    return given


class NumberEntry(Table):
    """One entry of a number file, as people write it."""

    setting: Text
    metric: Text
    value: Annotated[Any, BeforeValidator(_number)]
    unit: str | None = ""
    table_or_section: str | None
    source: Text
    confidence: Literal["high", "medium", "low"]
    needs: Text
    notes: str | None = ""
    point: str = ""
    task: str = ""
    data_set: str = ""
    split: str = ""
    measure: str = ""
    backbone: str = ""
    baseline: bool = False
    second_hand: bool = False
    table_of: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of one file; its name is the key of the paper.

    Raises ValueError with file, line, row and what is wrong.
    """
    text = path.read_text(encoding="utf-8")
    for number, entry in enumerate(yaml.load(text, Loader=_Values), start=1):  # noqa: S506 (safe)
        try:
            yield _row(path.stem, NumberEntry.model_validate(entry))
        except ValidationError as error:
            place = f"{path.name}:{_line_of(text, number)}, row {number}"
            raise ValueError(f"{place}: {sentences(error, lambda location: '')}") from error


def _line_of(text: str, number: int) -> int:
    """The line at which the entry of that number (from 1) of a list begins."""
    entries = yaml.compose(text, Loader=yaml.SafeLoader)
    return int(entries.value[number - 1].start_mark.line) + 1 if entries else 1


def _row(paper: str, entry: NumberEntry) -> Row:
    return Row(
        key=Key(paper, entry.setting, entry.metric),
        value=entry.value,
        unit=entry.unit or "",
        table=entry.table_or_section or "",
        source=entry.source,
        confidence=entry.confidence,
        needs=entry.needs,
        notes=entry.notes or "",
        placement=Placement(**{name: getattr(entry, name) for name in PLACEMENT}),
    )


@cache
def published(folder: Path = FOLDER) -> Mapping[Key, Row]:
    """All rows by key; ValueError if two rows share one."""
    rows: dict[Key, Row] = {}
    for path in sorted(folder.glob("*.yaml")):
        for row in read_rows(path):
            if row.key in rows:
                raise ValueError(f"{path.name}: {row.key} stands there twice")
            rows[row.key] = row
    return rows
