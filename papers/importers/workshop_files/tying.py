"""What the files of a workshop say of each other: keys of speakers, talks about papers, doubles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise

from rapidfuzz import fuzz

from papers.importers.workshop_files.shapes import Fields, WorkshopFiles
from papers.names import fold, tidy
from papers.same_work import compatible_names

LIKE = 92.0
"""Likeness (0 to 100) from which a title in the programme is one in the list of papers."""
SPEAKING = ("keynote", "invited")
_PRIZE = re.compile(
    r"((?:first|second|third|1st|2nd|3rd) (?:prize|place)(?: [\w-]+)? winner): ", re.IGNORECASE
)


_ZONES = {"EDT": "America/New_York", "EST": "America/New_York", "ET": "America/New_York"}
_ZONES |= {"PDT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PT": "America/Los_Angeles"}
_ZONES |= {"CET": "Europe/Paris", "CEST": "Europe/Paris", "UTC": "UTC", "GMT": "UTC"}


def tie(read: WorkshopFiles) -> None:
    """Put what was read from single files together, in place; what was changed is told."""
    _tidy_titles(read)
    _name_zone(read)
    _without_doubles(read)
    _name_speakers(read)
    _give_roles(read)
    _tie_papers(read)
    _order_hours(read)
    _tell_overlaps(read)
    for row in (*read.people, *read.schedule):
        row.pop("is_said", None)


def _tidy_titles(read: WorkshopFiles) -> None:
    """One space between words, also where a tag stood; a prize before a title is an award."""
    for row in (*read.people, *read.papers, *read.schedule):
        if row.get("title"):
            row["title"] = tidy(row["title"])
    for paper in read.papers:
        if match := _PRIZE.match(paper["title"]):
            paper["award"] = paper.get("award") or match[1].capitalize()
            paper["title"] = paper["title"][match.end() :]
            read.tell(
                str(paper.get("source_key") or ""), paper["title"], "a prize before its title"
            )


def _name_zone(read: WorkshopFiles) -> None:
    """The zone that a programme prints above its times, by its name in the zone data."""
    printed = str(read.details.pop("printed_zone", ""))
    offset = re.fullmatch(r"(?:GMT|UTC)\s*([+−-])\s*(\d{1,2})", printed)
    if offset:  # names of fixed offsets count the other way round
        zone = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
    else:
        zone = _ZONES.get(printed.upper(), "")
    if zone:
        read.details["timezone"] = zone
    elif printed:
        read.tell("programme", printed, "a zone that is not known by this name")


def _without_doubles(read: WorkshopFiles) -> None:
    """A person is listed once a role, a paper once; the fuller entry stays."""
    people: dict[tuple[str, str], Fields] = {}
    for person in read.people:
        key = (person["role"], fold(person["name"]))
        here = people.setdefault(key, person)
        for field, value in person.items():
            here[field] = here.get(field) or value
    read.people = list(people.values())
    papers: dict[str, Fields] = {}
    for paper in read.papers:
        own = fold(paper["title"]).replace(" ", "")
        first = papers.setdefault(own, paper)
        if first is not paper:
            read.tell(str(paper.get("source_key")), paper["title"], "listed twice")
            if first["title"].isupper() and not paper["title"].isupper():
                first["title"] = paper["title"]
            if not first["authors"]:
                first |= {k: v for k, v in paper.items() if v and k not in ("id", "title")}
            for field, value in paper.items():
                first[field] = first.get(field) or value
    read.papers = list(papers.values())
    read.dates = _unique(read.dates, _same_date)


def _same_date(date: Fields) -> object:
    return meaning(date["label"]), date.get("date"), date.get("code")


def _unique(rows: list[Fields], key: Callable[[Fields], object]) -> list[Fields]:
    kept: dict[object, Fields] = {}
    for row in rows:
        kept.setdefault(key(row), row)
    return list(kept.values())


def meaning(label: str) -> str:
    """ "Video Deadline (for contributed talks)" is the "Video Deadline"."""
    return fold(re.sub(r"\([^)]*\)", "", label))


def _name_speakers(read: WorkshopFiles) -> None:
    """Entries that refer to a speaker by the key of the file of speakers."""
    by_key = {p["key"]: p for p in read.people if p.get("key")}
    for item in read.schedule:
        key = item.pop("refers_to", "") or item["title"]
        person = by_key.get(key)
        if person and not item["speaker"]:
            item["speaker"] = person["name"]
            if item["title"] == key:
                item["title"] = person.get("title", "")


def _give_roles(read: WorkshopFiles) -> None:
    """Speakers are keynotes where the programme says so."""
    roles: dict[str, str] = {}
    for item in read.schedule:
        if item["kind"] in SPEAKING:
            for name in item["speaker"].split(", "):
                roles.setdefault(fold(name), item["kind"])
    for person in read.people:
        if person["role"] in SPEAKING and not person.get("is_said"):
            person["role"] = roles.get(fold(person["name"]), person["role"])


def _tie_papers(read: WorkshopFiles) -> None:
    """Talks whose title is that of an accepted paper, however it is spaced."""
    by_title = {fold(paper["title"]).replace(" ", ""): paper for paper in read.papers}
    for item in read.schedule:
        title = item["title"]
        if (
            item.get("is_said")
            or not title
            or item["kind"] in (*SPEAKING, "break", "lunch", "panel", "opening")
        ):
            continue
        paper = by_title.get(fold(title).replace(" ", "")) or _near(title, read.papers)
        if paper is None:
            if item["kind"] in ("contributed", "spotlight") and read.papers:
                read.tell("programme", title, "no accepted paper has this title")
            continue
        item["paper"] = paper["id"]
        item["kind"] = item["kind"] or "contributed"
        if item["kind"] == "spotlight" and paper["presentation"] == "poster":
            paper["presentation"] = "spotlight"
        name = item["speaker"]
        if name and not any(compatible_names(name, author) for author in paper["authors"]):
            read.tell("programme", f"{title}: {name}", "the speaker is no author of the paper")


def _near(title: str, papers: list[Fields]) -> Fields | None:
    likeness = [
        (fuzz.ratio(fold(title).replace(" ", ""), fold(p["title"]).replace(" ", "")), place)
        for place, p in enumerate(papers)
    ]
    best, place = max(likeness, default=(0.0, 0))
    return papers[place] if best >= LIKE else None


def _order_hours(read: WorkshopFiles) -> None:
    """Hours without AM or PM go on after those before them: 11:30, 12:30, then 1:30 is 13:30."""
    last: dict[str, str] = {}
    for item in read.schedule:
        day = str(item.get("label") or "") if re.search(r"\d|day$", str(item.get("label"))) else ""
        before, start = last.get(day, ""), item["start"] or ""
        is_plain = not item.get("is_said") and not re.search(
            r"[ap]\.?\s?m|(?<![\d:.])0\d", item["raw_time"], re.IGNORECASE
        )
        if start and before and start < before and is_plain and int(start[:2]) < 12:
            later = _shifted(start)
            if later >= before:
                item["start"], start = later, later
                item["end"] = _shifted(item["end"]) if item["end"] else None
                read.tell("programme", item["title"], f"{item['raw_time']} was read as {later}")
        last[day] = max(before, start)


def _shifted(clock: str) -> str:
    hour = int(clock[:2])
    return f"{hour + 12 if hour < 12 else hour:02}{clock[2:]}"


def _tell_overlaps(read: WorkshopFiles) -> None:
    timed = [item for item in read.schedule if item["start"] and item["end"]]
    for first, second in pairwise(timed):
        places = {first.get("room"), second.get("room")}, {first.get("label"), second.get("label")}
        if any(len(place) > 1 for place in places[:1]) or first["end"] <= second["start"]:
            continue
        if first["start"] <= second["start"] < first["end"]:
            gap = _minutes(first["end"]) - _minutes(second["start"])
            text = f"{first['title']} / {second['title']}"
            read.tell("programme", text, f"these two overlap by {gap} minutes")


def _minutes(clock: str) -> int:
    time = dt.time.fromisoformat(clock)
    return time.hour * 60 + time.minute
