"""A workshop as the `_data` of a Jekyll site: one file a list, rows under short keys. Pure.

The fields are those that such sites use (`event`, `start`, `type`, `authors`, `pdf: url` …), so
that their layouts show them. What no layout of theirs knows stands beside it under our own names;
`survey_…` marks a row that says everything, which the importer then takes at its word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from papers.importers.workshop_files.clock import times_in
from papers.importers.workshop_files.own import DATE, DETAILS, ITEM, PERSON
from papers.importers.workshop_files.people import authors_in, person_in
from papers.importers.workshop_files.shapes import EMAIL
from papers.names import fold, slug
from papers.workshops.programme import SPEAKING

Fields = dict[str, Any]
FILES = {
    "keynote": "speakers",
    "invited": "speakers",
    "organizer": "organizers",
    "panelist": "panelists",
    "panel_chair": "panelchairs",
    "area_chair": "areachairs",
    "volunteer": "volunteers",
    "contact": "contacts",
}
_LINES = {"pc": "people", "reviewer": "reviewers"}
_TYPES = {
    "keynote": "Keynote",
    "invited": "Invited",
    "contributed": "Contributed",
    "spotlight": "Contributed",
    "panel": "Panel",
    "opening": "General",
    "closing": "General",
    "general": "General",
}


def jekyll(fields: Mapping[str, Any]) -> dict[str, bytes]:
    """Files by their paths. fields: of a workshop, as the data files name them, with codes."""
    people: list[Fields] = fields["people"]
    keys = _keys(people)
    data: dict[str, Any] = {"workshop": _details(fields)}
    for person, key in zip(people, keys, strict=True):
        role = person["role"]
        if role in _LINES:
            rows = data.setdefault("pc", {}).setdefault(_LINES[role], [])
            rows.append(_line(person))
        else:
            data.setdefault(FILES.get(role, "people"), {})[key] = _person(person)
    speakers = {
        fold(person["name"]): key
        for person, key in zip(people, keys, strict=True)
        if person["role"] in SPEAKING
    }
    data["schedule"] = {_key(item["code"]): _item(item, speakers) for item in fields["schedule"]}
    for place, paper in enumerate(fields["accepted_papers"]):
        file = "spotlight" if paper.get("presentation") == "oral" else "papers"
        data.setdefault(file, {})[f"paper_{_key(str(paper.get('id') or place + 1))}"] = _paper(
            paper
        )
    data["dates"] = [_date(entry) for entry in fields["important_dates"]]
    data["news"] = [dict(entry) for entry in fields["news"] if not entry.get("draft")]
    data["sponsors"] = [_sponsor(entry) for entry in fields["sponsors"]]
    files = {f"_data/{name}.yml": _yaml(rows) for name, rows in data.items() if rows}
    return files | {"_config.yml": _yaml(_config(fields))}


def _yaml(rows: object) -> bytes:
    text: str = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=10_000)
    return text.encode()


def _config(fields: Mapping[str, Any]) -> Fields:
    """Settings that a site reads as `site.title`; only what a workshop knows of itself."""
    host = fields.get("host_conference")
    config = {
        "title": fields["name"],
        "description": f"Workshop at {host}" if host else "",
        "url": fields.get("website"),
        "timezone": fields.get("timezone"),
    }
    return {name: value for name, value in config.items() if value}


def _details(fields: Mapping[str, Any]) -> Fields:
    """Everything that is no list of its own; what would print an address of a person is left."""
    details = {name: fields.get(name) for name in DETAILS}
    return {
        name: value
        for name, value in details.items()
        if value and not (isinstance(value, str) and EMAIL.search(value))
    }


def _keys(people: Iterable[Fields]) -> list[str]:
    """Short names that stand for the people, each once in its file."""
    keys: list[str] = []
    taken: set[tuple[str, str]] = set()
    for person in people:
        file = FILES.get(person["role"], "people")
        stem = person.get("key") or _key(person["name"].split()[-1]) or "person"
        number, key = 1, stem
        while (file, key) in taken:
            number += 1
            key = f"{stem}{number}"
        taken.add((file, key))
        keys.append(key)
    return keys


def _key(words: str) -> str:
    return slug(words, longest=60).replace("-", "_") if not re.fullmatch(r"\w+", words) else words


def _person(person: Fields) -> Fields:
    row = {
        "name": person["name"],
        "url": person.get("url") or "",
        "affiliation": person.get("affiliation") or "",
        "img": person.get("photo") or "",
        "bio": person.get("biography") or "",
        "survey_role": person["role"],
    }
    return row | {name: person[name] for name in PERSON if person.get(name)}


def _line(person: Fields) -> str | Fields:
    """ "Name, Affiliation", where the line says it all and is read as it was meant."""
    place = person.get("affiliation") or ""
    line = ", ".join(filter(None, (person["name"], place)))
    more = [name for name in (*PERSON, "url", "biography", "photo") if person.get(name)]
    read = person_in(line, person["role"])
    if not more and read and (read["name"], read["affiliation"]) == (person["name"], place):
        return line
    return _person(person)


def _item(item: Fields, speakers: Mapping[str, str]) -> Fields:
    kind, title, speaker = (item.get(name) or "" for name in ("kind", "title", "speaker"))
    key = speakers.get(fold(speaker), "") if kind in SPEAKING else ""
    row = {
        "event": key or title or item.get("label") or "",
        "title": title,
        "speakers" if kind == "panel" else "author": speaker,
        "start": _clocks(item.get("start") or "", item.get("end") or ""),
        "type": _TYPES.get(kind, "Session"),
        "survey_kind": kind,
    }
    return row | {name: item[name] for name in ITEM if item.get(name) not in (None, "", [])}


def _clocks(start: str, end: str) -> str:
    """ "09:15 AM - 10:00 AM" as these sites print it; on 24 hours where that may be misread."""
    halves = " - ".join(_half(clock) for clock in (start, end) if clock)
    read = times_in(halves)
    again = tuple(f"{clock:%H:%M}" if clock else "" for clock in (read.start, read.end))
    return halves if again == (start, end) else " - ".join(filter(None, (start, end)))


def _half(clock: str) -> str:
    return f"{dt.time.fromisoformat(clock):%I:%M %p}"


def _paper(paper: Fields) -> Fields:
    pdf = paper.get("pdf") or ""
    row = {
        "authors": _authors(paper),
        "title": paper["title"],
        "pdf": "url" if pdf else "",
        "poster": paper.get("poster") or "",
        "url": pdf,
        "id": str(paper.get("id") or ""),
        "survey_presentation": paper.get("presentation") or "",
    }
    more = ("track", "award", "video", "supplement")
    return row | {name: paper[name] for name in more if paper.get(name)}


def _authors(paper: Fields) -> str | list[Fields]:
    """ "Name (Affiliation)*; Name (…)"; rows, where a name or a place would break that form."""
    names: list[str] = paper.get("authors") or []
    places = [place or "" for place in paper.get("author_affiliations") or []]
    places += [""] * (len(names) - len(places))
    starred: list[str] = paper.get("corresponding") or []
    text = "; ".join(
        f"{name} ({place})" * bool(place) + name * (not place) + "*" * (name in starred)
        for name, place in zip(names, places, strict=False)
    )
    if len(names) == 1 and "," in text:
        text += ";"
    if authors_in(text) == (names, places[: len(names)], [n for n in names if n in starred]):
        return text
    return [
        {"name": name, "affiliation": place, "corresponding": name in starred}
        for name, place in zip(names, places, strict=False)
    ]


def _date(entry: Fields) -> Fields:
    return {name: entry[name] for name in DATE if entry.get(name)}


def _sponsor(entry: str | Fields) -> Fields:
    row = {"name": entry} if isinstance(entry, str) else entry
    return {
        "name": row["name"],
        "level": row.get("tier") or "",
        "website": row.get("url") or "",
        **{name: row[name] for name in ("logo", "logo_words") if row.get(name)},
    }
