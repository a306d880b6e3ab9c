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
from typing import Any

import yaml

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
    scales = {
        name: _points(points, f"scales.yaml: {name}")
        for name, points in _read(FOLDER / "scales.yaml").items()
    }
    files = sorted((FOLDER / "forms").glob("*.yaml"), key=_order)
    return {file.stem: _form(file, _read(file), scales) for file in files}


def form(key: str) -> Form | None:
    return all_forms().get(key)


def form_of(venue: str, year: int) -> Form | None:
    """The form that a venue used in a year, or None."""
    fits = (one for one in all_forms().values() if one.venue.casefold() == venue.casefold())
    return next((one for one in fits if one.suits(year)), None)


def _order(file: Path) -> tuple[bool, bool, str]:
    return (file.stem != HOUSE, file.stem == OTHER, file.stem)


def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text("utf-8"))


def _points(rows: Any, where: str) -> tuple[Point, ...]:
    points = tuple(Point(str(value), str(words)) for value, words in rows)
    if len({point.value for point in points}) != len(points) or len(points) < 2:
        raise BrokenForm(f"{where}: a scale has two points or more, each value once")
    return points


def _field(given: dict[str, Any], scales: Mapping[str, tuple[Point, ...]], where: str) -> Field:
    given = dict(given)
    scale = given.pop("scale", "yes-no" if given.get("kind") == "yes_no" else ())
    points = scales[scale] if isinstance(scale, str) else _points(scale, where) if scale else ()
    made = Field(scale=points, aliases=tuple(given.pop("aliases", ())), **given)
    if made.kind not in KINDS:
        raise BrokenForm(f"{where}: kind is one of {', '.join(KINDS)}")
    if bool(points) != (made.kind in ("choice", "yes_no")):
        raise BrokenForm(f"{where}: choices have a scale, texts have none")
    if bool(made.limit) == bool(points):
        raise BrokenForm(f"{where}: texts have a limit, choices have none")
    return made


def _form(file: Path, given: dict[str, Any], scales: Mapping[str, tuple[Point, ...]]) -> Form:
    try:
        fields = tuple(
            _field(one, scales, f"{file.name}: {one.get('name')}") for one in given["fields"]
        )
        first, last = given.get("years", (0, 0))
        made = Form(
            key=file.stem,
            title=given["title"],
            venue=given["venue"],
            about=given["about"],
            fields=fields,
            first_year=first,
            last_year=last,
            rating=given.get("rating", ""),
            confidence=given.get("confidence", ""),
            unconfirmed="" if given["confirmed"] else given["unconfirmed"],
        )
    except (KeyError, TypeError) as error:
        raise BrokenForm(f"{file.name}: {error}") from error
    names = [field.name for field in fields]
    if len(set(names)) != len(names):
        raise BrokenForm(f"{file.name}: a field name stands twice")
    for name in (made.rating, made.confidence):
        if name and not (made.field(name) and made.field(name).is_choice):  # type: ignore[union-attr]
            raise BrokenForm(f"{file.name}: {name} must be a choice")
    return made


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
