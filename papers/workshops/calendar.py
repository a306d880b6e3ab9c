"""Workshops as iCalendar (RFC 5545): event days, deadlines, and the programme."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable

from icalendar import Calendar, Event, vCategory

from papers.models import Workshop, WorkshopDate
from papers.workshops.moving import kind_of, numbered
from papers.workshops.programme import Slot, replaced_dates, timed
from papers.workshops.status import status_of

UID_HOST = "living-survey.dynamic-neural-networks"
_STATUS = {"proposed": "TENTATIVE", "unconfirmed": "TENTATIVE", "cancelled": "CANCELLED"}


def workshop_calendar(
    workshop: Workshop, *, site: str, stamp: dt.datetime, only: Collection[str] | None = None
) -> bytes:
    """One workshop: its day, its deadlines, its programme.

    workshop: with `dates`, `schedule`, the schedule's `workshop` and `notices` at hand.
    only: codes of the entries of the programme that are wanted, and then nothing else.
    site: scheme and host, put before addresses. stamp: when the facts were last written (aware).
    """
    calendar = _calendar(str(workshop))
    for event in _days_and_deadlines(workshop, site, stamp) if only is None else []:
        calendar.add_component(event)
    repeated: Counter[str] = Counter()
    for slot in timed(workshop, workshop.schedule.all()):
        if slot.item.start is None or workshop.date is None:
            continue
        event = _talk(workshop, slot, repeated, site, stamp)
        if only is None or code_of(str(event["uid"]), workshop) in only:
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def dates_calendar(
    workshops: Iterable[Workshop], *, site: str, stamp: dt.datetime, kind: str = ""
) -> bytes:
    """Days and deadlines of all `workshops`, without programmes.

    kind: the only dates that are wanted, of DATE_KINDS, and then without the days themselves.
    """
    calendar = _calendar("Dynamic neural networks: workshops and deadlines")
    for workshop in workshops:
        for event in _days_and_deadlines(workshop, site, stamp):
            if not kind or kind in _kinds(event):
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def _kinds(event: Event) -> list[str]:
    categories = event.get("categories")
    return [str(kind) for kind in categories.cats] if isinstance(categories, vCategory) else []


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//The Living Survey of Dynamic Neural Networks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(days=1), parameters={"VALUE": "DURATION"})
    return calendar


def _days_and_deadlines(workshop: Workshop, site: str, stamp: dt.datetime) -> list[Event]:
    dates = list(workshop.dates.all())
    events = []
    if workshop.date is not None:
        events.append(_day(workshop, dates, site, stamp))
    repeated: Counter[str] = Counter()
    calls = [date for date in dates if date.date is not None and date.date != workshop.date]
    return events + [_deadline(workshop, date, repeated, site, stamp) for date in calls]


def _event(workshop: Workshop, uid: str, site: str, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{workshop.slug}-{uid}@{UID_HOST}")
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("url", site + workshop.get_absolute_url())
    status = status_of(workshop, list(workshop.dates.all()), stamp)
    event.add("status", _STATUS.get(status.code, "CONFIRMED"))
    return event


def _day(workshop: Workshop, dates: list[WorkshopDate], site: str, stamp: dt.datetime) -> Event:
    assert workshop.date is not None
    event = _event(workshop, "day", site, stamp)
    event.add("summary", f"{workshop} at {workshop.host_conference}".removesuffix(" at "))
    event.add("description", "\n".join(filter(None, (workshop.name, workshop.summary))))
    event.add("dtstart", workshop.date)
    event.add("dtend", workshop.date + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    same_day = (date for date in dates if date.date == workshop.date)
    moves = max((_moves(date) for date in same_day), default=0)
    event.add("sequence", moves + _changes(workshop, "facts", "dates"))
    if workshop.location:
        event.add("location", workshop.location)
    return event


def _deadline(
    workshop: Workshop,
    date: WorkshopDate,
    repeated: Counter[str],
    site: str,
    stamp: dt.datetime,
) -> Event:
    """A deadline at its instant; on its printed day where the zone is unknown."""
    assert date.date is not None
    event = _event(workshop, _uid("date", date.code, date.label, repeated), site, stamp)
    event.add("summary", f"{workshop}: {date.label}")
    if kind := kind_of(date.kind, date.label):
        event.add("categories", [kind])
    printed = f"{date.date.day} {date.date:%B %Y}"
    lines = [f"As printed: {printed}, {date.note}" if date.note else f"As printed: {printed}"]
    lines += [f"Moved from {old.date.day} {old.date:%B %Y}" for old in replaced_dates(date)]
    event.add("description", "\n".join(lines))
    event.add("sequence", _moves(date) + _changes(workshop, "dates"))
    event.add("transp", "TRANSPARENT")
    if date.ends_at:
        event.add("dtstart", date.ends_at.astimezone(dt.UTC))
    else:
        event.add("dtstart", date.date)
        event.add("dtend", date.date + dt.timedelta(days=1))
    return event


def _talk(
    workshop: Workshop, slot: Slot, repeated: Counter[str], site: str, stamp: dt.datetime
) -> Event:
    """A programme entry in UTC; in floating local time where the zone is unknown."""
    item = slot.item
    assert workshop.date is not None and item.start is not None
    title = item.title or item.label
    event = _event(workshop, _uid("programme", item.code, title, repeated), site, stamp)
    if item.withdrawn:
        event["status"] = "CANCELLED"
    if changes := _changes(workshop, "programme", "facts"):
        event.add("sequence", changes)
    event.add("summary", f"{item.speaker}: {title}" if item.speaker else title)
    if slot.starts_at:
        event.add("dtstart", slot.starts_at)
        if slot.ends_at and slot.ends_at > slot.starts_at:
            event.add("dtend", slot.ends_at)
    else:
        day = workshop.date + dt.timedelta(days=slot.day_after)
        event.add("dtstart", dt.datetime.combine(day, item.start))
        if item.end and item.end > item.start:
            event.add("dtend", dt.datetime.combine(day, item.end))
        event.add("description", "No source names the time zone; this is local time at the venue.")
    if place := ", ".join(filter(None, (item.room, workshop.location))):
        event.add("location", place)
    return event


def _uid(part: str, code: str, words: str, repeated: Counter[str]) -> str:
    """By the entry's code; without one stable for the same words."""
    return f"{part}-{code or numbered(words, repeated)}"


def code_of(uid: str, workshop: Workshop) -> str:
    """The code in the id of an event of the programme."""
    return uid.removeprefix(f"{workshop.slug}-programme-").removesuffix(f"@{UID_HOST}")


def _moves(date: WorkshopDate) -> int:
    """How often a date was announced anew, as far as its history says."""
    return max(len(replaced_dates(date)), len(date.previous) - 1)


def _changes(workshop: Workshop, *blocks: str) -> int:
    """How often these parts of the public page were changed or set back. Only ever grows."""
    return sum(notice.block in (*blocks, "undo") for notice in workshop.notices.all())
