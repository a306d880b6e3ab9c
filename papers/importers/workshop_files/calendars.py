"""Calendars and lists of deadlines: iCalendar files, and the YAML of the two deadline lists."""

from __future__ import annotations

import datetime as dt
import re

import yaml
from icalendar import Calendar

from papers.importers.workshop_files.data_yaml import kind_of
from papers.importers.workshop_files.shapes import Fields, WorkshopFiles, address_of, text_of
from papers.workshops.moving import DATE_KINDS


def read_ics(name: str, content: bytes) -> WorkshopFiles:
    """The events of a calendar: deadlines become dates, others the programme."""
    read = WorkshopFiles()
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError) as error:
        read.tell(name, "", f"is no iCalendar file: {error}")
        return read
    for event in calendar.walk("VEVENT"):
        title = text_of(event.get("SUMMARY"))
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            read.tell(name, title, "cancelled in the calendar")
            continue
        start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
        if start is None:
            read.tell(name, title, "an event without a beginning")
        elif re.search(r"deadline|due\b|notification|camera|submission", title, re.IGNORECASE):
            read.dates.append(_date(title, start) | _kind(event))
        else:
            read.schedule.append(_item(title, start, end, event))
    read.schedule.sort(key=lambda item: (item["label"], item["start"] or ""))
    if read.is_empty and not read.told:
        read.tell(name, "", "a calendar without events")
    return read


def _moment(event: Fields, field: str) -> dt.datetime | dt.date | None:
    value = event.get(field)
    return getattr(value, "dt", None)


def _date(title: str, start: dt.datetime | dt.date) -> Fields:
    if not isinstance(start, dt.datetime):
        return {"label": title, "date": start.isoformat(), "note": ""}
    zone = start.strftime("%z")
    words = f"{start:%H:%M}" + (f" UTC{zone[:3]}:{zone[3:]}" if zone and zone != "+0000" else "")
    note = f"{start:%H:%M} UTC" if zone == "+0000" else words
    return {"label": title, "date": start.date().isoformat(), "note": note}


def _kind(event: Fields) -> Fields:
    """The kind of a date that a calendar of the survey states."""
    said = event["CATEGORIES"].cats if hasattr(event.get("CATEGORIES"), "cats") else []
    return {"kind": str(said[0])} if said and str(said[0]) in DATE_KINDS else {}


def _item(
    title: str, start: dt.datetime | dt.date, end: dt.datetime | dt.date | None, event: Fields
) -> Fields:
    begins = start.strftime("%H:%M") if isinstance(start, dt.datetime) else None
    ends = end.strftime("%H:%M") if isinstance(end, dt.datetime) else None
    item: Fields = {
        "start": begins,
        "end": ends,
        "title": title,
        "speaker": "",
        "kind": kind_of(title),
        "label": start.isoformat()[:10],
        "raw_time": f"{start.isoformat()} - {end.isoformat() if end else ''}".strip(" -"),
        "source_key": text_of(event.get("UID")),
    }
    place = text_of(event.get("LOCATION"))
    link = re.search(r"https?://\S+", f"{event.get('URL', '')} {place}")
    if link:
        item["link"] = link[0]
    if room := re.sub(r"https?://\S+", "", place).strip():
        item["room"] = room
    return item


def read_deadlines(name: str, text: str) -> WorkshopFiles | None:
    """The deadlines of a list of conferences; None when the YAML is no such list."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    rows = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    if not rows or not all("confs" in row or "deadline" in row for row in rows):
        return None
    read = WorkshopFiles()
    for row in rows:
        title = text_of(row.get("title") or row.get("name"))
        for edition in row.get("confs") or [row]:
            _take_edition(name, title, edition, read)
    return read


def _take_edition(name: str, title: str, edition: Fields, read: WorkshopFiles) -> None:
    zone = text_of(edition.get("timezone"))
    shown = f"{title} {text_of(edition.get('year'))}".strip()
    for entry in edition.get("timeline") or [edition]:
        for field, label in (("abstract_deadline", "abstract deadline"), ("deadline", "deadline")):
            raw = text_of(entry.get(field))
            if not raw:
                continue
            date: Fields = {"label": f"{shown} {label}", "date": None, "note": zone}
            if re.match(r"\d{4}-\d\d-\d\d", raw):
                note = f"{raw[11:16]} {zone or 'Anywhere on Earth'}".strip()
                date |= {"date": raw[:10], "note": note}
                if not zone:
                    read.tell(name, shown, "no zone is named: the list means Anywhere on Earth")
            else:
                date["note"] = "to be announced" if raw.upper() == "TBA" else raw
            if link := address_of(edition.get("link")):
                date["link"] = link
            read.dates.append(date)
