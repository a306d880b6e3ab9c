"""Plain text from an e-mail: names one a line, dates as sentences, a programme as lines."""

from __future__ import annotations

import re

from papers.importers.workshop_files.clock import times_in
from papers.importers.workshop_files.data_yaml import ROLE_OF, kind_of
from papers.importers.workshop_files.dates import date_line
from papers.importers.workshop_files.people import person_in
from papers.importers.workshop_files.shapes import WorkshopFiles, text_of

_TIME = re.compile(
    r"^\s*(?P<time>\d{1,2}\s?[:.h]\s?\d{2}\s*(?:[ap]\.?m\.?|m)?"
    r"(?:\s*[-–—]\s*\d{1,2}\s?[:.h]\s?\d{2}\s*(?:[ap]\.?m\.?|m)?)?)\s*[-–—:|,]?\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s*(?:#+\s*)?([A-Za-z][A-Za-z /&-]{2,40})\s*:?\s*$")


def read_text(name: str, text: str) -> WorkshopFiles:
    """People, dates and programme, line by line; headings such as "Organizers:" give roles."""
    read = WorkshopFiles()
    role = ""
    for number, line in enumerate(text.replace("\r", "\n").splitlines(), 1):
        if not line.strip():
            continue
        heading = _HEADING.match(line)
        named = ROLE_OF.get(re.sub(r"[^a-z]", "", heading[1].lower()), "") if heading else ""
        timed = _TIME.match(line)
        if named:
            role = named
        elif timed:
            _take_item(name, timed["time"], timed["rest"], read)
        elif date := date_line(line):
            read.dates.append(date)
        elif person := person_in(line, role or "organizer"):
            read.people.append(person)
            if not role:
                read.tell(name, line, "no heading says what this person does", number)
        else:
            read.tell(name, line, "neither a person, a date nor an entry of a programme", number)
    return read


def _take_item(name: str, time: str, rest: str, read: WorkshopFiles) -> None:
    times = times_in(time)
    speaker, title = "", text_of(rest)
    if parted := re.match(r"^(?P<title>.+?)\s*\((?P<speaker>[A-Z][^()]{2,80})\)\s*$", title):
        title, speaker = parted["title"], parted["speaker"]
    else:
        first, *rest_of_title = re.split(r"\s*[:–—]\s+", title, maxsplit=1)
        if rest_of_title and person_in(first, "speaker") and not kind_of(first):
            speaker, title = first, rest_of_title[0]
    for repair in times.repairs:
        read.tell(name, title, repair)
    read.schedule.append(
        {
            "start": times.start.strftime("%H:%M") if times.start else None,
            "end": times.end.strftime("%H:%M") if times.end else None,
            "title": title.strip(' "“”'),
            "speaker": speaker,
            "kind": kind_of(title),
            "raw_time": time.strip(),
        }
    )
