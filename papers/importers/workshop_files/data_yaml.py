"""`_data` of Jekyll sites and `sitedata` of Mini-Conf: people, papers, programme, sponsors."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

import yaml

from papers.importers.workshop_files.clock import times_in
from papers.importers.workshop_files.own import item_said, paper_said, person_said, take_listed
from papers.importers.workshop_files.people import authors_in, person_in, person_of
from papers.importers.workshop_files.shapes import Fields, WorkshopFiles, address_of, plain, text_of
from papers.importers.workshop_files.sheets import is_cmt, take_cmt

ROLES = {
    "keynote": ("keynote", "keynotes", "keynotespeakers"),
    "invited": ("speakers", "speaker", "invitedspeakers", "invited"),
    "organizer": (
        "organizers",
        "organisers",
        "organizer",
        "organiser",
        "orgs",
        "organizing",
        "chairs",
    ),
    "panelist": ("panelists", "panellists", "panel", "panelist"),
    "panel_chair": ("panelchairs", "panelchair", "moderators"),
    "pc": (
        *(
            "pc",
            "people",
            "technicalcommittee",
            "programcommittee",
            "programmecommittee",
            "committee",
        ),
        *("tpc", "filtered"),
    ),
    "reviewer": ("reviewers", "reviewer"),
    "area_chair": ("areachairs", "acs", "areachair"),
    "volunteer": ("volunteers", "volunteer"),
    "contact": ("contact", "contacts"),
}
ROLE_OF = {word: role for role, words in ROLES.items() for word in words}
_PAPERS = {"papers", "acceptedpapers", "accepted", "proceedings", "submissions"}
_PRESENTED = {"spotlight": "oral", "spotlights": "oral", "oral": "oral", "orals": "oral"}
_PRESENTED |= {"poster": "poster", "posters": "poster"}
_SCHEDULE = {"schedule", "programme", "program", "agenda"}
_LEFT = {"navigation", "nav", "config", "settings", "theme", "menu", "locales", "language"}
_KINDS = (
    ("keynote", r"key ?notes?"),
    ("invited", r"invited"),
    ("spotlight", r"spotlights?|lightning"),
    ("contributed", r"contributed|oral"),
    ("panel", r"panel"),
    ("poster", r"poster"),
    ("lunch", r"lunch"),
    ("break", r"break|coffee|breakfast|refreshments?"),
    ("opening", r"opening|welcome|introduct"),
    ("closing", r"clos(?:ing|e)|farewell|wrap"),
    (
        "award",
        r"(?:best )?(?:paper|poster)s? (?:and \w+ )?award|award|winner|best (?:paper|poster)",
    ),
    ("tutorial", r"tutorial"),
)
_TAG = re.compile(r"<[^<>]{1,200}>")


def folded_name(name: str) -> str:
    return re.sub(r"[^a-z]", "", PurePath(name).stem.lower().replace(".excerpt", ""))


def kind_of(*texts: str) -> str:
    """The kind of a programme entry by what is said of it; empty when nothing tells."""
    for text in texts:
        places = [
            (match.start(), kind)
            for kind, pattern in _KINDS
            if (match := re.search(rf"\b(?:{pattern})", text, re.IGNORECASE))
        ]
        if places:
            return min(places)[1]  # "Morning break and poster setup" is a break
    return ""


def read_yaml(name: str, text: str) -> WorkshopFiles:
    """A YAML (or JSON) data file by its name and shape."""
    read = WorkshopFiles()
    topic = folded_name(name)
    if topic in _LEFT:
        read.tell(name, topic, "settings of the old site")
        return read
    try:
        data = plain(yaml.safe_load(_tidied(text)))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", "") or str(error) or "it is no YAML"
        read.tell(name, topic, f"cannot be read: {reason}", mark.line + 1 if mark else 0)
        return read
    if (
        isinstance(data, dict)
        and len(data) == 1
        and isinstance(next(iter(data.values())), (list, dict))
    ):
        (key,) = data
        if folded_name(str(key)) in ROLE_OF | dict.fromkeys(_PAPERS | _SCHEDULE):
            topic, data = folded_name(str(key)) if topic not in _SCHEDULE else topic, data[key]
    _take(name, topic, data, read)
    return read


def _tidied(text: str) -> str:
    """Without front matter marks and tabs, which YAML refuses."""
    return text.replace("\t", "  ").removeprefix("\ufeff")


def _take(name: str, topic: str, data: object, read: WorkshopFiles) -> None:
    if take_listed(topic, data, read):
        return
    if topic in _SCHEDULE:
        _take_schedule(name, data, read)
    elif topic in _PAPERS or topic in _PRESENTED:
        _take_papers(name, data, read, presentation=_PRESENTED.get(topic, ""))
    elif topic in ROLE_OF:
        _take_people(name, data, ROLE_OF[topic], read)
    elif topic in ("sponsors", "sponsor"):
        for row in _rows(data):
            _take_sponsor(row, read)
    else:
        _take_by_shape(name, data, read)


def _take_by_shape(name: str, data: object, read: WorkshopFiles) -> None:
    """A file whose name tells nothing: the fields of its rows may."""
    rows = [row for _, row in _pairs(data) if isinstance(row, dict)]
    keys = {str(key).lower() for row in rows for key in row}
    if {"title", "authors"} <= keys:
        _take_papers(name, data, read, presentation="")
    elif keys & {"time", "start"} and keys & {"title", "event"}:
        _take_schedule(name, data, read)
    elif "name" in keys:
        _take_people(name, data, "organizer" if "role" not in keys else "pc", read)
    else:
        read.tell(name, folded_name(name), "no part of a workshop that is known")


def _pairs(data: object) -> Iterator[tuple[str, Any]]:
    """(key, row) of a mapping, a list, or rows of rows ("- num_row: 1 / speakers: […]")."""
    if isinstance(data, dict):
        yield from ((str(key), row) for key, row in data.items())
        return
    for row in data if isinstance(data, list) else ():
        nested = [v for v in row.values() if isinstance(v, list)] if isinstance(row, dict) else []
        if isinstance(row, dict) and nested and not row.get("name") and not row.get("title"):
            yield from (("", inner) for rows in nested for inner in rows)
        else:
            yield "", row


def _rows(data: object) -> list[Fields]:
    return [row for _, row in _pairs(data) if isinstance(row, dict)]


# --- people ---


def _take_people(name: str, data: object, role: str, read: WorkshopFiles) -> None:
    if isinstance(data, dict) and any(isinstance(value, list) for value in data.values()):
        for key, rows in data.items():  # pc.yml: people: […]   reviewers: […]
            _take_people(name, rows, ROLE_OF.get(folded_name(str(key)), role), read)
        return
    for key, row in _pairs(data):
        if isinstance(row, dict):
            written_role = text_of(row.get("role"))
            person = person_of(row, _role(written_role) or role, key=key)
            if person and written_role and not _role(written_role):
                person["affiliation_note"] = written_role
            if person and "survey_role" in row:
                person = person_said(row, person)
        else:
            person = person_in(str(row or ""), role)
        if person:
            read.people.append(person)
        else:
            read.tell(name, row, "no name of a person")


def _role(text: str) -> str:
    word = folded_name(text)
    if "area" in word and "chair" in word:
        return "area_chair"
    if "review" in word:
        return "reviewer"
    return "organizer" if "chair" in word else ROLE_OF.get(word, "")


# --- papers ---


def _take_papers(name: str, data: object, read: WorkshopFiles, *, presentation: str) -> None:
    file = PurePath(name).name
    for key, row in _pairs(data):
        if not isinstance(row, dict) or not text_of(row.get("title")):
            read.tell(name, row, "a paper without a title")
            continue
        session = text_of(row.get("presentation") or row.get("type") or row.get("session"))
        number = text_of(row.get("id") or row.get("UID") or row.get("number"))
        own = number or re.sub(r"^papers?[_-]?", "", key)
        paper = paper_of(
            row,
            number=f"{presentation}-{own}" if presentation and own else own,
            presentation=presentation or _presented(session),
            key=f"{file}:{key or number}",
        )
        read.papers.append(paper_said(row, paper) if "survey_presentation" in row else paper)


def paper_of(row: Fields, *, number: str, presentation: str, key: str) -> Fields:
    """An accepted paper of a mapping, in the words of the data file."""
    names, places, starred = authors_in(_authors(row))
    paper: Fields = {
        "id": number,
        "title": text_of(row["title"]),
        "authors": names,
        "presentation": presentation or "poster",
        "source_key": key,
    }
    if any(places):
        paper["author_affiliations"] = places
    if starred:
        paper["corresponding"] = starred
    for field, words in (
        ("pdf", ("pdf", "pdf_url", "url", "paper", "link")),
        ("poster", ("poster", "poster_pdf")),
        ("video", ("video", "recording", "slideslive", "youtube")),
        ("supplement", ("supplement", "supp", "supplementary")),
        ("award", ("award",)),
    ):
        texts = [text_of(row[word]) for word in words if row.get(word)]
        fitting = [text for text in texts if text and (field == "award" or address_of(text))]
        paper |= {field: fitting[0]} if fitting else {}
    return paper


def _authors(row: Fields) -> str:
    authors = row.get("authors") or row.get("author") or row.get("author_names") or ""
    if isinstance(authors, list):
        return "; ".join(
            text_of(author.get("name") or author.get("fullname"))
            if isinstance(author, dict)
            else str(author)
            for author in authors
        )
    return str(authors)


def _presented(text: str) -> str:
    word = text.lower()
    return next((kind for kind in ("oral", "spotlight", "poster") if kind in word), "")


# --- programme ---


def _take_schedule(name: str, data: object, read: WorkshopFiles) -> None:
    days: Iterable[tuple[object, object]] = [("", data)]
    if isinstance(data, dict) and data and all(isinstance(rows, list) for rows in data.values()):
        days = data.items()
    for day, rows in days:
        for key, row in _pairs(rows):
            if not isinstance(row, dict):
                read.tell(name, row, "no entry of a programme")
                continue
            item = item_of({str(k).lower(): v for k, v in row.items()}, key=key)
            if day:
                item["label"] = str(day).capitalize()
            for repair in times_in(item["raw_time"]).repairs:
                read.tell(name, item["title"], repair)
            read.schedule.append(item_said(row, item) if "survey_kind" in row else item)


def item_of(row: Fields, *, key: str = "") -> Fields:
    """An entry of a programme. `speaker` may be a key of a speaker yet."""
    raw = text_of(row.get("time") or row.get("start") or row.get("when"))
    if row.get("end") and not re.search(r"[-–—]", raw):
        raw = f"{raw} - {text_of(row['end'])}"
    times = times_in(raw)
    kind = text_of(row.get("type") or row.get("kind"))
    event = _lines(row.get("event"))
    title = _lines(row.get("title")) or event
    label = re.match(r"^\(?\s*(?:<b>)?\s*([^<>()]{3,40}?)\s*(?:</b>)?\s*\)\s*(?=\S)", title)
    label_text = _TAG.sub("", label[1]).strip() if label and kind_of(label[1]) else ""
    shown = title[label.end() :] if label and label_text else title
    speaker = row.get("presenter") or row.get("speaker") or row.get("speakers") or row.get("author")
    item: Fields = {
        "start": times.start.strftime("%H:%M") if times.start else None,
        "end": times.end.strftime("%H:%M") if times.end else None,
        "title": _plain(shown),
        "speaker": ", ".join(_people(speaker)),
        "kind": kind_of(kind if kind.lower() not in ("general", "session") else "", label_text)
        or kind_of(_plain(shown) if not speaker or "panel" in shown.lower() else "")
        or ("session" if kind.lower() == "session" else ""),
        "raw_time": raw,
    }
    if row.get("event") and row.get("title"):
        item["refers_to"] = event
    if label_text:
        item["label"] = label_text
    if key:
        item["source_key"] = key
    if link := address_of(row.get("link") or row.get("url")):
        item["link"] = link
    if row.get("is_paper") is True and item["kind"] in ("", "spotlight"):
        item["kind"] = "spotlight" if "spotlight" in label_text.lower() else "contributed"
    return item


def _people(value: object) -> list[str]:
    """Names of a cell: a list, "A <br> B", "<ul><li>A</li>…", or "A, B"."""
    if isinstance(value, list):
        return [name for item in value for name in _people(item)]
    parts = re.split(r"<br\s*/?>|</?li>|;|\s·\s", str(value or ""))
    names = [text_of(_TAG.sub(" ", part)) for part in parts]
    return [name.strip(" ,") for name in names if name.strip(" ,")]


def _lines(value: object) -> str:
    return text_of(html.unescape(str(value))) if value not in (None, "") else ""


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", html.unescape(text)).split()).strip()


# --- sponsors and sheets ---


def _take_sponsor(row: Fields, read: WorkshopFiles) -> None:
    if name := text_of(row.get("name")):
        tier = text_of(row.get("level") or row.get("tier"))
        url = address_of(row.get("website") or row.get("url"))
        more = {word: text_of(row[word]) for word in ("logo", "logo_words") if row.get(word)}
        is_ours = bool(address_of(more.get("logo")))  # others name a file of the old site
        more = more if is_ours else {}
        read.sponsors.append({"name": name, "tier": tier} | ({"url": url} if url else {}) | more)


def read_csv(name: str, text: str) -> WorkshopFiles:
    """A CSV or TSV by its columns: papers, speakers, sponsors, or people."""
    read = WorkshopFiles()
    mark = "\t" if text.split("\n", 1)[0].count("\t") > text.split("\n", 1)[0].count(",") else ","
    rows = [
        {str(key or "").strip(): value for key, value in row.items() if key}
        for row in csv.DictReader(io.StringIO(text), delimiter=mark)
    ]
    keys = {key.lower() for row in rows[:1] for key in row}
    if is_cmt(keys):
        take_cmt(name, rows, read)
    elif "level" in keys or folded_name(name) == "sponsors":
        for row in rows:
            _take_sponsor(row, read)
    elif {"speaker", "title"} <= keys:
        _take_speaker_rows(rows, read, name)
    elif {"title", "authors"} <= keys:
        _take_papers(name, rows, read, presentation="")
    else:
        _take_people(name, rows, ROLE_OF.get(folded_name(name), "reviewer"), read)
    return read


def _take_speaker_rows(rows: list[Fields], read: WorkshopFiles, name: str) -> None:
    for row in rows:
        person = person_of(row, "invited")
        if person is None:
            read.tell(name, row.get("title"), "a talk without a speaker")
            continue
        title = text_of(row.get("title"))
        if re.search(r"to be (?:confirmed|announced)|\bTB[ACD]\b", title, re.IGNORECASE):
            read.tell(name, f"{person['name']}: {title}", "a placeholder for a title")
            title = ""
        read.people.append(person | ({"title": title} if title else {}))
