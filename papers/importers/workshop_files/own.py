"""Rows that the survey wrote itself, taken at their word (see papers/workshops/out/jekyll.py)."""

from __future__ import annotations

from typing import Any

from papers.importers.workshop_files.shapes import Fields, WorkshopFiles, text_of
from papers.names import tidy
from papers.workshops.moving import DATE_KINDS

PERSON = ("title", "status", "affiliation_note", "photo_words")
ITEM = (
    *("label", "room", "day", "paper", "link", "links", "abstract", "streamed", "withdrawn"),
    "code",
)
DETAILS = (
    *("name", "acronym", "edition", "year", "date", "timezone", "format", "host_conference"),
    *("location", "website", "status", "contact", "summary", "topics", "links"),
    *("submission_portal", "submission_rules", "awards", "competition", "related_venues"),
)
DATE = ("label", "kind", "date", "time", "zone", "note", "code", "previous_dates")
_PAPER = ("track", "award", "video", "supplement")


def take_listed(topic: str, data: object, read: WorkshopFiles) -> bool:
    """Read a file that no older site has: facts, dates, news. False for other topics."""
    if topic == "workshop" and isinstance(data, dict):
        read.details |= {name: data[name] for name in DETAILS if data.get(name)}
    elif topic == "dates" and _are(data, "label"):
        read.dates += [_date_said(row) | {"note": row.get("note", "")} for row in _rows(data)]
    elif topic == "news" and _are(data, "title"):
        names = ("date", "title", "text")
        read.news += [
            {name: str(row[name]) for name in names if row.get(name)} for row in _rows(data)
        ]
    else:
        return False
    return True


def _date_said(row: Fields) -> Fields:
    """A date of the call; a kind that only the other site knows is left out."""
    said = {name: row[name] for name in DATE if row.get(name)}
    if said.get("kind") not in DATE_KINDS:
        said.pop("kind", None)
    return said


def _rows(data: object) -> list[Fields]:
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _are(data: object, name: str) -> bool:
    """Whether the file is a list of mappings that all have this field."""
    return isinstance(data, list) and all(isinstance(r, dict) and r.get(name) for r in data)


def person_said(row: Fields, person: Fields) -> Fields:
    """A person with the role and the rest that the row states."""
    fields = {name: str(row[name]) for name in PERSON if row.get(name)}
    return person | fields | {"role": str(row["survey_role"]), "is_said": True}


def item_said(row: Fields, item: Fields) -> Fields:
    """An entry of the programme with the times that were read, and what the row states."""
    fields: Fields = {
        "start": item["start"],
        "end": item["end"],
        "title": text_of(row.get("title")),
        "speaker": text_of(row.get("author") or row.get("speakers")),
        "kind": str(row["survey_kind"] or ""),
        "raw_time": item["raw_time"],
        "is_said": True,
    }
    if "source_key" in item:
        fields["source_key"] = item["source_key"]
    return fields | {name: row[name] for name in ITEM if row.get(name) not in (None, "", [])}


def paper_said(row: Fields, paper: Fields) -> Fields:
    """An accepted paper with the number, the way it is shown and the rest that the row states."""
    fields: Fields = {name: str(row[name]) for name in _PAPER if row.get(name)}
    fields |= {
        "id": str(row.get("id") or ""),
        "presentation": str(row["survey_presentation"] or ""),
    }
    if isinstance(row.get("authors"), list):
        fields |= _authors_said(row["authors"])
    return paper | fields


def _authors_said(rows: list[Any]) -> Fields:
    rows = [row for row in rows if isinstance(row, dict) and row.get("name")]
    names = [tidy(str(row["name"])) for row in rows]
    places = [tidy(str(row.get("affiliation") or "")) for row in rows]
    starred = [tidy(str(row["name"])) for row in rows if row.get("corresponding")]
    fields: Fields = {"authors": names}
    if any(places):
        fields["author_affiliations"] = places
    return fields | ({"corresponding": starred} if starred else {})
