"""Exports of other systems: OpenReview, pretalx and frab, Indico, Mini-Conf's calendar, ACL XML."""

from __future__ import annotations

import datetime as dt
import json
import re

from lxml import etree
from lxml.etree import _Element

from papers.importers.workshop_files.data_yaml import kind_of
from papers.importers.workshop_files.people import authors_in
from papers.importers.workshop_files.shapes import Fields, WorkshopFiles, address_of, text_of

_REFUSED = re.compile(r"reject|withdraw|desk", re.IGNORECASE)


def read_json(name: str, text: str) -> WorkshopFiles:
    """A JSON export by its shape; one of no known shape is told."""
    read = WorkshopFiles()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        read.tell(name, text[:80], f"is no JSON: {error}")
        return read
    if isinstance(data, dict) and isinstance(data.get("schedule"), dict):
        _take_frab(name, data["schedule"], read)
    elif isinstance(data, dict) and isinstance(data.get("results"), list):
        _take_indico(name, data["results"], read)
    else:
        _take_rows(name, _listed(data), read)
    return read


def _listed(data: object) -> list[Fields]:
    if isinstance(data, dict):
        data = data.get("notes") or data.get("papers") or data.get("events") or []
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _take_rows(name: str, rows: list[Fields], read: WorkshopFiles) -> None:
    if not rows:
        read.tell(name, "", "no rows of a known kind")
    elif "content" in rows[0]:
        for row in rows:
            _take_note(name, row, read)
    elif "start" in rows[0] and "title" in rows[0]:
        for row in sorted(rows, key=lambda row: str(row.get("start"))):
            _take_event(row, read)
    elif "title" in rows[0]:
        for row in rows:
            _take_listing(name, row, read)
    else:
        read.tell(name, sorted(rows[0])[:8], "rows of no known kind")


# --- OpenReview ---


def value(content: Fields, key: str) -> object:
    """A field of a note, of either version of the interface."""
    field = content.get(key)
    return field.get("value") if isinstance(field, dict) else field


def _take_note(name: str, note: Fields, read: WorkshopFiles) -> None:
    """A note: a submission with its decision. Deleted ones and replies are told."""
    content = note.get("content") or {}
    title = text_of(value(content, "title"))
    if note.get("ddate"):
        read.tell(name, title or note.get("id"), "deleted in OpenReview")
        return
    if note.get("replyto") and note.get("replyto") != note.get("id"):
        read.tell(name, note.get("id"), "a reply, no submission")
        return
    venue = text_of(value(content, "venue"))
    if not title or _REFUSED.search(venue) or "submitted to" in venue.lower():
        read.tell(
            name, title or note.get("id"), f"not accepted: “{venue}”" if title else "no title"
        )
        return
    people = value(content, "authors")
    people = people if isinstance(people, list) else []
    names = [text_of(p.get("fullname") if isinstance(p, dict) else p) for p in people]
    forum = text_of(note.get("forum") or note.get("id"))
    paper = _paper(
        number=text_of(note.get("number") or forum), title=title, names=names, said=venue
    )
    read.papers.append(
        paper
        | {"pdf": f"https://openreview.net/pdf?id={forum}", "source_key": f"openreview:{forum}"}
    )


def _take_listing(name: str, row: Fields, read: WorkshopFiles) -> None:
    """A row of a derived listing: names between semicolons, a status."""
    status = text_of(row.get("status") or row.get("decision") or row.get("venue"))
    title = text_of(row.get("title"))
    if not title or _REFUSED.search(status):
        read.tell(name, title or row, f"its status is “{status}”" if title else "no title")
        return
    names, places, _ = authors_in(text_of(row.get("author") or row.get("authors")))
    own = text_of(row.get("aff"))
    if ";" in own and not any(places):
        places = [text_of(part) for part in own.split(";")]
    key = text_of(row.get("id") or row.get("UID"))
    paper = _paper(number=key, title=title, names=names, said=status)
    if any(places) and len(places) == len(names):
        paper["author_affiliations"] = places
    if re.fullmatch(r"[\w-]{9,12}", key):
        paper["pdf"] = f"https://openreview.net/pdf?id={key}"
        paper["source_key"] = f"openreview:{key}"
    if award := text_of(row.get("award")):
        paper["award"] = award
    read.papers.append(paper)


def _paper(*, number: str, title: str, names: list[str], said: str) -> Fields:
    words = said.lower()
    kind = next((kind for kind in ("oral", "spotlight") if kind in words), "poster")
    return {"id": number, "title": title, "authors": [n for n in names if n], "presentation": kind}


# --- programmes ---


def _take_frab(name: str, schedule: Fields, read: WorkshopFiles) -> None:
    """The JSON of pretalx and frab: days, rooms, talks with durations."""
    conference = schedule.get("conference") or {}
    read.details["name"] = text_of(conference.get("title"))
    read.details["timezone"] = text_of(conference.get("time_zone_name"))
    read.details["date"] = text_of(conference.get("start"))[:10]
    days = conference.get("days") or []
    for day in days:
        items = []
        for room, talks in (day.get("rooms") or {}).items():
            items += [_frab_item(talk, str(room)) for talk in talks if isinstance(talk, dict)]
        items.sort(key=lambda item: item["start"] or "")
        if len(days) > 1:
            for item in items:
                item["label"] = text_of(day.get("date"))
        read.schedule += items


def _frab_item(talk: Fields, room: str) -> Fields:
    start = text_of(talk.get("start"))[:5]
    people = talk.get("persons") or []
    names = [text_of(p.get("public_name") or p.get("name")) for p in people if isinstance(p, dict)]
    links = [
        {"label": text_of(link.get("title")) or "link", "url": address_of(link.get("url"))}
        for link in talk.get("links") or []
        if isinstance(link, dict) and address_of(link.get("url"))
    ]
    item: Fields = {
        "start": start or None,
        "end": _after(start, text_of(talk.get("duration"))),
        "title": text_of(talk.get("title")),
        "speaker": ", ".join(name for name in names if name),
        "kind": kind_of(text_of(talk.get("type")), text_of(talk.get("title"))),
        "room": text_of(talk.get("room")) or room,
        "raw_time": start,
        "source_key": text_of(talk.get("guid") or talk.get("code")),
    }
    return item | ({"links": links} if links else {})


def _after(start: str, duration: str) -> str | None:
    """The end of a talk of "00:30" that begins at "09:00"."""
    try:
        hours, minutes = (int(part) for part in duration.split(":")[:2])
        begins = dt.datetime.strptime(start, "%H:%M")
    except ValueError:
        return None
    return (begins + dt.timedelta(hours=hours, minutes=minutes)).strftime("%H:%M")


def _take_indico(name: str, results: list[Fields], read: WorkshopFiles) -> None:
    event = results[0] if results and isinstance(results[0], dict) else {}
    start = event.get("startDate") or {}
    read.details |= {
        "name": text_of(event.get("title")),
        "date": text_of(start.get("date"))[:10],
        "timezone": text_of(start.get("tz") or event.get("timezone")),
        "location": text_of(event.get("location")),
        "website": address_of(event.get("url")),
    }
    talks = [talk for talk in event.get("contributions") or [] if isinstance(talk, dict)]
    for talk in sorted(talks, key=lambda talk: str((talk.get("startDate") or {}).get("time"))):
        begins, ends = talk.get("startDate") or {}, talk.get("endDate") or {}
        people = talk.get("speakers") or talk.get("primaryauthors") or []
        names = [
            text_of(p.get("fullName") or f"{p.get('first_name', '')} {p.get('last_name', '')}")
            for p in people
            if isinstance(p, dict)
        ]
        names = [" ".join(reversed(n.split(", "))) if n.count(", ") == 1 else n for n in names]
        read.schedule.append(
            {
                "start": text_of(begins.get("time"))[:5] or None,
                "end": text_of(ends.get("time"))[:5] or None,
                "title": text_of(talk.get("title")),
                "speaker": ", ".join(name for name in names if name),
                "kind": kind_of(text_of(talk.get("type")), text_of(talk.get("title"))),
                "room": text_of(talk.get("room")),
                "raw_time": text_of(begins.get("time")),
                "source_key": text_of(talk.get("id")),
            }
        )


def _take_event(row: Fields, read: WorkshopFiles) -> None:
    """An event of a web calendar: instants with their offset."""
    start, end = text_of(row.get("start")), text_of(row.get("end"))
    item: Fields = {
        "start": start[11:16] or None,
        "end": end[11:16] or None,
        "title": text_of(row.get("title")),
        "speaker": "",
        "kind": kind_of(text_of(row.get("title"))),
        "label": start[:10],
        "raw_time": f"{start} - {end}",
    }
    if link := address_of(row.get("link") or row.get("location")):
        item["link"] = link
    if start.endswith(("+00:00", "Z")):
        read.details.setdefault("timezone", "UTC")
    read.schedule.append(item)


# --- ACL Anthology ---


def read_xml(name: str, content: bytes) -> WorkshopFiles:
    """A volume of the ACL Anthology: editors and papers."""
    read = WorkshopFiles()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        read.tell(name, "", f"is no XML: {error.msg}")
        return read
    for volume in root.iter("volume"):
        meta = volume.find("meta")
        if meta is not None:
            read.details["name"] = _words(meta.find("booktitle"))
            for editor in meta.iter("editor"):
                read.people.append(
                    {"name": _person(editor), "role": "organizer", "affiliation": "", "url": ""}
                )
        for paper in volume.iter("paper"):
            _take_acl(paper, read)
    if read.is_empty:
        read.tell(name, root.tag, "XML without a volume of papers")
    return read


def _take_acl(paper: _Element, read: WorkshopFiles) -> None:
    key = _words(paper.find("url"))
    names = [_person(author) for author in paper.iter("author")]
    row = _paper(
        number=paper.get("id") or "", title=_words(paper.find("title")), names=names, said=""
    )
    if re.fullmatch(r"[\w.-]+", key):
        row["pdf"] = f"https://aclanthology.org/{key}.pdf"
        row["source_key"] = f"acl:{key}"
    read.papers.append(row)


def _words(node: _Element | None) -> str:
    return text_of("".join(node.itertext())) if node is not None else ""


def _person(node: _Element) -> str:
    parts = (_words(node.find("first")), _words(node.find("last")))
    return " ".join(part for part in parts if part)
