"""A workshop's dates and programme as instants: what a printed clock means elsewhere."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from papers.models import ScheduleItem, Workshop, WorkshopDate
from papers.names import tidy
from papers.workshops.deadlines import ANYWHERE_ON_EARTH
from papers.workshops.lines import Fields, shown_links

SPEAKING = ("keynote", "invited")
"""Kinds of talks whose speakers a workshop lists by name, the greater first."""
_BACKWARDS_HOURS = 6  # a programme's hours fall back so far only where another day begins
_ID_RANGE = re.compile(r"\bIDs?\W*(\d+)\s*[-–—]\s*(\d+)", re.IGNORECASE)


def names_in(speaker: str) -> list[str]:
    """Names in a printed speaker cell: "A, B" gives two."""
    return [name for name in map(tidy, speaker.split(",")) if name]


def zone_of(workshop: Workshop) -> ZoneInfo | None:
    """The zone in which the programme is printed; None when no source names it."""
    if not workshop.timezone:
        return None
    try:
        return ZoneInfo(workshop.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def links_at(links: list[Fields], workshop: Workshop, moment: dt.datetime) -> list[Fields]:
    """Those of `links` that are valid at `moment` (aware), see `today_at`."""
    return shown_links(links, today_at(workshop, moment))


def today_at(workshop: Workshop, moment: dt.datetime) -> dt.date:
    """The day of `moment` (aware) in the zone of a workshop; in UTC where no source names it."""
    return moment.astimezone(zone_of(workshop) or dt.UTC).date()


def zone_words(moment: dt.datetime) -> str:
    """Zone of an aware `moment` as readers know it: "EDT, UTC−4", or "UTC+2" for a bare offset."""
    offset = moment.utcoffset() or dt.timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    utc = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    name = moment.tzname() or ""
    return f"{name}, {utc}" if name.isalpha() and name != "UTC" else utc


@dataclass(frozen=True)
class Slot:
    """A programme entry with its instants in UTC, where day and zone are known."""

    item: ScheduleItem
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    day_after: int

    def is_running(self, moment: dt.datetime) -> bool:
        return bool(self.starts_at and self.ends_at and self.starts_at <= moment < self.ends_at)

    @property
    def utc_days_later(self) -> int:
        """By how many days the start falls later (or earlier) in UTC than on the local day."""
        if self.starts_at is None or self.item.workshop.date is None:
            return 0
        local_day = self.item.workshop.date + dt.timedelta(days=self.day_after)
        return (self.starts_at.date() - local_day).days


def timed(workshop: Workshop, items: Iterable[ScheduleItem]) -> list[Slot]:
    """Programme entries in printed order, with instants.

    An entry that starts much earlier than the one before belongs to the next day, unless it names
    its day, and one that ends before it starts ends on the next day.
    """
    zone, slots, day_after, before = zone_of(workshop), [], 0, None
    for item in items:
        if item.day and workshop.date:
            day_after, before = (item.day - workshop.date).days, None
        elif item.start and before and _hours(before) - _hours(item.start) > _BACKWARDS_HOURS:
            day_after += 1
        before = item.start or before
        starts_at = _instant(workshop.date, item.start, zone, day_after)
        over = day_after + bool(item.start and item.end and item.end < item.start)
        ends_at = _instant(workshop.date, item.end, zone, over)
        slots.append(Slot(item, starts_at, ends_at, day_after))
    return slots


def _hours(clock: dt.time) -> float:
    return clock.hour + clock.minute / 60


def _instant(
    date: dt.date | None, clock: dt.time | None, zone: ZoneInfo | None, days: int
) -> dt.datetime | None:
    if date is None or clock is None or zone is None:
        return None
    local = dt.datetime.combine(date + dt.timedelta(days=days), clock, tzinfo=zone)
    return local.astimezone(dt.UTC)


def id_range(title: str) -> tuple[int, int] | None:
    """Paper ids that a session title names: "Poster Session I (Paper IDs: # 1-45)" → (1, 45)."""
    match = _ID_RANGE.search(title)
    return (int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True)
class OldDate:
    """A date that was announced and later replaced. published: when it was announced, if known."""

    date: dt.date
    published: dt.date | None


def replaced_dates(date: WorkshopDate) -> list[OldDate]:
    """Earlier announcements of a date, oldest first, without the one that holds."""
    announced = [_old(entry) for entry in date.previous if entry.get("date")]
    return [old for old in announced if old.date != date.date]


def announced_on(date: WorkshopDate) -> dt.date | None:
    """When the date that holds was announced, if its history says so."""
    announced = [_old(entry) for entry in date.previous if entry.get("date")]
    return next((old.published for old in reversed(announced) if old.date == date.date), None)


def _old(entry: dict[str, str]) -> OldDate:
    published = entry.get("published")
    return OldDate(
        dt.date.fromisoformat(entry["date"]),
        dt.date.fromisoformat(published) if published else None,
    )


def in_aoe(instant: dt.datetime) -> str:
    """An instant in words of the Anywhere-on-Earth zone: "end of 31 May 2022" at midnight."""
    local = instant.astimezone(ANYWHERE_ON_EARTH)
    if local.hour == local.minute == 0:
        day = local.date() - dt.timedelta(days=1)
        return f"end of {day.day} {day:%b %Y}"
    return f"{local.day} {local:%b %Y, %H:%M}"
