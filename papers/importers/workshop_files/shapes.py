"""What the files of a workshop hold."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Told:
    """Something left out, repaired or doubtful: where, what, and why."""

    file: str
    text: str
    why: str
    line: int = 0


@dataclass
class WorkshopFiles:
    """The lists of a workshop's data file, in its words.

    details: name, website, date, … as the files say them. drafts: texts in comments, never public
    by themselves. order of every list is that of the files.
    """

    details: Fields = field(default_factory=dict)
    people: list[Fields] = field(default_factory=list)
    papers: list[Fields] = field(default_factory=list)
    schedule: list[Fields] = field(default_factory=list)
    dates: list[Fields] = field(default_factory=list)
    news: list[Fields] = field(default_factory=list)
    sponsors: list[Fields] = field(default_factory=list)
    drafts: list[Fields] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def add(self, other: WorkshopFiles) -> None:
        """Put what another file says behind what is here; details that are here stay."""
        self.details = {**other.details, **self.details}
        for name in ("people", "papers", "schedule", "dates", "news", "sponsors", "drafts", "told"):
            getattr(self, name).extend(getattr(other, name))

    def tell(self, file: str, text: object, why: str, line: int = 0) -> None:
        self.told.append(Told(file, " ".join(str(text).split())[:300], why, line))

    @property
    def is_empty(self) -> bool:
        lists = (self.people, self.papers, self.schedule, self.dates, self.news, self.sponsors)
        return not any(lists)


def text_of(value: object) -> str:
    """A scalar of YAML, JSON or a sheet as one line without addresses of people."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    text = " ".join(str(value).split())
    text = EMAIL.sub("", text)
    return "" if text in ("--", "-", "None", "nan", "NaN", "N/A") else text.strip()


def plain(value: object, room: list[int] | None = None) -> Any:
    """A value of YAML with days as text. Raises ValueError for one that unfolds to too much.

    room: how many parts it may still have; aliases in YAML can make a short file enormous.
    """
    room = [100_000] if room is None else room
    room[0] -= 1
    if room[0] < 0:
        raise ValueError("it unfolds to more than is read")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(part, room) for part in value]
    if isinstance(value, dict):
        return {str(name): plain(part, room) for name, part in value.items()}
    return value


def prose_of(value: object) -> str:
    """The same of a text of several lines, which stay lines."""
    return "\n".join(map(text_of, str(value or "").strip().splitlines())).strip()


def address_of(value: object) -> str:
    """An http(s) address; empty for words such as "available" and for paths."""
    text = text_of(value)
    return text if re.match(r"https?://\S+\.\S+$", text) else ""
