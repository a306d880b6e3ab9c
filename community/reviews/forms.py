"""Review forms as data: `forms/*.yaml`, one file a form, read once into frozen dataclasses.

A form names its fields in order. Each field has a kind, words of help, a limit, and for choices the
points of its scale with what each means in words. `scales.yaml` holds scales that forms share.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from annotated_types import Len
from pydantic import (
    BeforeValidator,
    ValidationError,
    field_validator,
    model_validator,
)

from accounts.words import Words
from papers.checked import Table, Text, Whole, sentences

FOLDER = Path(__file__).parent
KINDS = ("text", "markdown", "choice", "yes_no")
HOUSE, OTHER = "house", "other"
_WITH_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:$|[:.\s(])")


class BrokenForm(ValueError):
    """A form's file says something that cannot be; the text names file and field."""


@dataclass(frozen=True)
class Point:
    """One point of a scale. value: what is stored, a number as text where the scale has numbers."""

    value: str
    words: str

    @property
    def label(self) -> str:
        """Number and words, or the words alone where the value is only a name."""
        return f"{self.value}: {self.words}" if _is_number(self.value) else self.words


@dataclass(frozen=True)
class Field:
    """One question. limit: most characters of a text; scale: empty for texts."""

    name: str
    label: str
    kind: str
    help: str = ""
    limit: int = 0
    required: bool = False
    scale: tuple[Point, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def is_choice(self) -> bool:
        return bool(self.scale)

    def point(self, value: str) -> Point | None:
        return next((point for point in self.scale if point.value == value), None)

    def recognised(self, printed: str) -> str:
        """The value of the scale that a printed answer means, or "" when there is none.

        "8", "8: accept", "3 good" and the words alone all work; "N/A" and "NaN" are values only
        where the scale has such a point.
        """
        text = printed.strip()
        for point in self.scale:
            if text.casefold() in (point.value.casefold(), point.words.casefold()):
                return point.value
        match = _WITH_NUMBER.match(text)
        number = match[1].removesuffix(".0") if match else ""
        if number and self.point(number):
            return number
        start = text.casefold()
        near = [p.value for p in self.scale if len(start) > 3 and p.words.casefold() in start]
        return near[0] if len(near) == 1 else ""


@dataclass(frozen=True)
class Form:
    """A venue's form in some years. rating, confidence: names of the fields that say them."""

    key: str
    title: str
    venue: str
    about: str
    fields: tuple[Field, ...]
    first_year: int = 0
    last_year: int = 0
    rating: str = ""
    confidence: str = ""
    unconfirmed: str = ""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    @property
    def rating_field(self) -> Field | None:
        return self.field(self.rating)

    @property
    def has_years(self) -> bool:
        return bool(self.first_year)

    @property
    def years(self) -> list[int]:
        """Years to choose from, the newest first; none in the future."""
        last = min(self.last_year, dt.datetime.now(tz=dt.UTC).year)
        return list(range(last, self.first_year - 1, -1)) if self.has_years else []

    def suits(self, year: int) -> bool:
        """Whether the venue used the form in that year; 0 for forms without years."""
        return year in self.years if self.has_years else year == 0

    def heading(self, year: int) -> str:
        """What stands above its reviews: "ICLR 2020", or the title of a form without years."""
        return f"{self.venue} {year}" if year else self.title


@cache
def all_forms() -> Mapping[str, Form]:
    """Every form by its key (the file's name), our own first. Raises BrokenForm."""
    scales = _shared_scales(FOLDER / "scales.yaml")
    files = sorted((FOLDER / "forms").glob("*.yaml"), key=_order)
    return {file.stem: _form(file, _read(file), scales) for file in files}


def form(key: str) -> Form | None:
    return all_forms().get(key)


def form_of(venue: str, year: int) -> Form | None:
    """The form that a venue used in a year, or None."""
    fits = (known for known in all_forms().values() if known.venue.casefold() == venue.casefold())
    return next((known for known in fits if known.suits(year)), None)


def _order(file: Path) -> tuple[bool, bool, str]:
    return (file.stem != HOUSE, file.stem == OTHER, file.stem)


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text("utf-8"))


def _shared_scales(file: Path) -> dict[str, tuple[Point, ...]]:
    scales = {}
    for name, rows in _read(file).items():
        where = f"{file.name}: {name}"
        try:
            points = _rows(rows)
        except ValueError as error:
            raise BrokenForm(f"{where}: {error}") from error
        scales[name] = _points(points, where)
    return scales


def _points(rows: Any, where: str) -> tuple[Point, ...]:
    points = tuple(Point(value, Words(words)) for value, words in rows)
    if len({point.value for point in points}) != len(points) or len(points) < 2:
        raise BrokenForm(f"{where}: a scale has two points or more, each value once")
    return points


def _rows(given: object) -> object:
    """Points as pairs of texts, though a file may write a number without quotes."""
    if isinstance(given, str):
        return given
    if not isinstance(given, list) or any(
        not isinstance(row, list) or len(row) != 2 for row in given
    ):
        raise ValueError("a scale is the name of a shared one, or a list of [value, words]")
    return [(str(value), str(words)) for value, words in given]


class FieldEntry(Table):
    """A field as its file writes it. scale: the name of a shared one, or its points."""

    name: Text
    label: Text
    kind: str
    help: str = ""
    limit: int = 0
    required: bool = False
    scale: Annotated[Any, BeforeValidator(_rows)] = ""
    aliases: list[str] = []

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        return kind


class FormEntry(Table):
    """A form as its file writes it."""

    title: Text
    venue: str
    about: Text
    fields: list[dict[str, Any]]
    years: Annotated[list[Whole], Len(2, 2)] = [0, 0]
    rating: str = ""
    confidence: str = ""
    confirmed: bool
    unconfirmed: str = ""

    @model_validator(mode="after")
    def _says_what_is_unconfirmed(self) -> FormEntry:
        if not self.confirmed and not self.unconfirmed:
            raise ValueError("'unconfirmed' is missing: say what nobody has confirmed")
        return self


def _field(given: dict[str, Any], scales: Mapping[str, tuple[Point, ...]], where: str) -> Field:
    try:
        entry = FieldEntry.model_validate(given)
    except ValidationError as error:
        raise BrokenForm(f"{where}: {sentences(error, lambda location: '')}") from error
    scale = entry.scale or ("yes-no" if entry.kind == "yes_no" else "")
    if isinstance(scale, str) and scale not in ("", *scales):
        raise BrokenForm(f"{where}: there is no scale {scale!r} in scales.yaml")
    shared = scales.get(scale, ()) if isinstance(scale, str) else ()
    points = shared if isinstance(scale, str) else _points(scale, where)
    if bool(points) != (entry.kind in ("choice", "yes_no")):
        raise BrokenForm(f"{where}: choices have a scale, texts have none")
    if bool(entry.limit) == bool(points):
        raise BrokenForm(f"{where}: texts have a limit, choices have none")
    return Field(
        name=entry.name,
        label=Words(entry.label),
        kind=entry.kind,
        help=Words(entry.help) if entry.help else "",
        limit=entry.limit,
        required=entry.required,
        scale=points,
        aliases=tuple(entry.aliases),
    )


def _form(file: Path, given: object, scales: Mapping[str, tuple[Point, ...]]) -> Form:
    try:
        entry = FormEntry.model_validate(given)
    except ValidationError as error:
        raise BrokenForm(f"{file.name}: {sentences(error, lambda location: '')}") from error
    made = Form(
        key=file.stem,
        title=Words(entry.title),
        venue=entry.venue,
        about=Words(entry.about),
        fields=tuple(
            _field(part, scales, f"{file.name}: {part.get('name')}") for part in entry.fields
        ),
        first_year=entry.years[0],
        last_year=entry.years[1],
        rating=entry.rating,
        confidence=entry.confidence,
        unconfirmed="" if entry.confirmed else entry.unconfirmed,
    )
    names = [field.name for field in made.fields]
    if len(set(names)) != len(names):
        raise BrokenForm(f"{file.name}: a field name stands twice")
    for name in (made.rating, made.confidence):
        field = made.field(name)
        if name and not (field and field.is_choice):
            raise BrokenForm(f"{file.name}: {name} must be a choice")
    return made


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
