"""Pages of a workshop's site in Markdown or HTML: dates, programme, papers, people, drafts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import PurePath

import lxml.html

from papers.importers.workshop_files.clock import times_in
from papers.importers.workshop_files.data_yaml import ROLE_OF, folded_name, kind_of
from papers.importers.workshop_files.dates import date_in, date_line
from papers.importers.workshop_files.people import authors_in, person_in
from papers.importers.workshop_files.shapes import Fields, WorkshopFiles, address_of, text_of

_FRONT = re.compile(r"\A\ufeff?---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_STYLE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_DETAILS = re.compile(r"<details\b.*?(?:</details>|(?=\n))", re.DOTALL | re.IGNORECASE)
_ABSTRACT = re.compile(r"<abstract\b.*?</abstract>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,400}>")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_ROW = re.compile(r"^\s*\|(.*?)\|?\s*$")
_RANGE = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STRONG = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_PAPER_LINKS = {"pdf": "pdf", "paper": "pdf", "poster": "poster", "presentation": "video"}
_PAPER_LINKS |= {
    "video": "video",
    "talk": "video",
    "recording": "video",
    "supplement": "supplement",
}
_ASIDES = {"slides", "video", "recording", "poster", "paper", "pdf", "link"}
_PLACEHOLDER = re.compile(r"\bplaceholder\b|lorem ipsum|\bTB[ACD]\b", re.IGNORECASE)


def read_page(name: str, text: str) -> WorkshopFiles:
    """What a page says, by its name, its headings and its shapes. Pure."""
    read = WorkshopFiles()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _front_matter(text)
    text = _FRONT.sub(lambda match: "\n" * match[0].count("\n"), text)
    text = _take_drafts(name, text, read)
    text = _DETAILS.sub(" ", _STYLE.sub(" ", text))
    if "_posts/" in name or re.match(r"\d{4}-\d\d-\d\d-", PurePath(name).name):
        _take_news(name, front, text, read)
        return read
    _take_details(front, read)
    _take_dates(text, read)
    _take_schedule(name, text, read)
    _take_papers(name, text, read)
    _take_people(name, text, read)
    _take_speakers(name, text, read)
    if read.is_empty and not read.details and text.strip():
        read.tell(name, text[:120], "nothing of a workshop was recognised on this page")
    return read


def _front_matter(text: str) -> Fields:
    match = _FRONT.match(text)
    if match is None:
        return {}
    pairs = (line.split(":", 1) for line in match[1].splitlines() if ":" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs if key[:1] != " "}


def _take_details(front: Fields, read: WorkshopFiles) -> None:
    """Name and day from title and subtitle: "Friday, July 22 - 2022 International Conference"."""
    subtitle = front.get("subtitle", "")
    apart = re.search(r"([A-Z][a-z]+ \d{1,2}).*?(20\d\d)", subtitle)
    dated = date_in(subtitle) or (date_in(f"{apart[1]}, {apart[2]}") if apart else None)
    if dated is not None:
        read.details["date"] = dated[0].isoformat()
        read.details["name"] = front.get("title", "")


# --- drafts and news ---


def _take_drafts(name: str, text: str, read: WorkshopFiles) -> str:
    """Comments are what the organisers did not want to show: offered as drafts, never published."""
    for match in _COMMENT.finditer(text):
        words = " ".join(_TAG.sub(" ", match[1]).split())
        if len(words) < 4 or not any(letter.isalpha() for letter in words):
            continue
        line = text.count("\n", 0, match.start()) + 1
        draft: Fields = {"file": name, "line": line, "text": match[1].strip()[:4000]}
        if _PLACEHOLDER.search(words):
            draft["placeholder"] = True
        read.drafts.append(draft)
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def _take_news(name: str, front: Fields, text: str, read: WorkshopFiles) -> None:
    day = re.match(r"(\d{4}-\d\d-\d\d)", PurePath(name).name)
    date = (front.get("date") or (day[1] if day else ""))[:10]
    words = _plain(_LINK.sub(r"\1", text))
    read.news.append({"date": date, "title": text_of(front.get("title")), "text": text_of(words)})


# --- dates ---


def _take_dates(text: str, read: WorkshopFiles) -> None:
    known = set()
    for line in re.split(r"\n|<br\s*/?>", text):
        if _ROW.match(line):
            continue
        entry = date_line(line)
        if entry and (entry["label"].lower(), entry["date"]) not in known:
            known.add((entry["label"].lower(), entry["date"]))
            read.dates.append(entry)


# --- programme ---


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        match = _ROW.match(line)
        if match and not re.fullmatch(r"[\s|:\-]*", match[1]):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", match[1])]


def _take_schedule(name: str, text: str, read: WorkshopFiles) -> None:
    zone = ""
    label = ""
    for cells in _rows(text):
        clock = _plain(cells[0])
        if re.search(r"\btime\b", clock, re.IGNORECASE):
            zone = (re.findall(r"\(([^()]+)\)", clock) or [zone])[0]
            label = _plain(cells[1]) if len(cells) > 1 else ""
            continue
        if len(cells) < 2 or not _RANGE.search(clock):
            continue
        item = _event(" | ".join(cells[1:]), clock)
        if label and label.lower() not in ("event", "events", "talk", "title"):
            item["session"] = label
        for repair in times_in(clock).repairs:
            read.tell(name, item["title"], repair)
        read.schedule.append(item)
    if zone and read.schedule:
        read.details["printed_zone"] = zone


def _event(cell: str, clock: str) -> Fields:
    """ "Keynote 1: [Name](…). <br /> **Title: …**", "Invited talk <br> **Title** <br> *Name*"."""
    times = times_in(clock)
    links = [(label.strip(), url) for label, url in _LINK.findall(cell)]
    outside = [{"label": label, "url": url} for label, url in links if address_of(url) and label]
    parts = [part for part in _BREAK.split(cell) if _plain(part)]
    own = _LINK.sub(
        lambda link: "" if link[1].strip().lower() in _ASIDES else link[1],
        parts[0] if parts else "",
    )
    head = _plain(own)
    strong = [_plain(part) for part in _STRONG.findall(cell)]
    title = re.sub(r"^title\s*:\s*", "", strong[0], flags=re.IGNORECASE) if strong else ""
    speakers = [label for label, url in links if re.search(r"speakers?#|#[\w-]+$", url)]
    if not speakers:
        speakers = [_plain(n) for n in re.findall(r"(?<!\*)\*(?!\*)([^*]+)\*(?!\*)", cell)]
    label = head.partition(":")[0]
    kind = kind_of(label) or kind_of(head)
    item: Fields = {
        "start": times.start.strftime("%H:%M") if times.start else None,
        "end": times.end.strftime("%H:%M") if times.end else None,
        "title": title or _headline(head, speakers),
        "speaker": ", ".join(dict.fromkeys(names for names in speakers if names)),
        "kind": kind,
        "raw_time": clock,
    }
    if title and label and len(label) < 40:
        item["label"] = re.sub(r"[^\w\s.-]", "", label).strip()
    talk_links = [link for link in outside if link["label"] not in speakers]
    if talk_links:
        item["links"] = talk_links
    if "🎥" in cell:
        item["streamed"] = True
    return item


def _headline(head: str, speakers: list[str]) -> str:
    for name in speakers:
        head = head.replace(name, "")
    head = re.sub(r"\s*\b(?:slides|video|recording)\b\s*$", "", head, flags=re.IGNORECASE)
    return re.sub(r"[^\w\s,.;:()&'’/?!-]", "", head).strip(" .:")


# --- papers ---


def _take_papers(name: str, text: str, read: WorkshopFiles) -> None:
    """`**Title** <br /> A; B <br /> <abstract>… [PDF](…)`, and tables of ids and titles."""
    topic = folded_name(name)
    is_of_papers = "paper" in topic and "call" not in topic
    is_of_papers = is_of_papers or bool(re.search(r"^#+ .*accepted", text, re.I | re.M))
    if not is_of_papers:
        return
    _take_paper_table(text, read)
    blocks = re.split(r"(?m)^(?=\s*(?:[-*+]\s+|\d+[.)]\s+)?\*\*[^*\n])", _ABSTRACT.sub("\n", text))
    number = 0
    for block in blocks:
        strong = re.match(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?\*\*(.+?)\*\*", block, re.DOTALL)
        if strong is None or block.lstrip().startswith("|"):
            continue
        rest = block[strong.end() :]
        rest = rest.split("\n#", 1)[0]
        lines = [part.strip() for part in re.split(r"<br\s*/?>|\n", rest) if _plain(part)]
        people = next((_plain(line) for line in lines if not _LINK.search(line)), "")
        names, places, starred = authors_in(people)
        links = {label.strip().lower(): url for label, url in _LINK.findall(rest)}
        if not names and not links:
            continue
        number += 1
        paper: Fields = {
            "id": str(number),
            "title": text_of(_plain(strong[1])).strip(),
            "authors": names,
            "presentation": "poster",
            "source_key": f"{PurePath(name).name}:{number}",
        }
        if any(places):
            paper["author_affiliations"] = places
        if starred:
            paper["corresponding"] = starred
        for label, url in links.items():
            if field := _PAPER_LINKS.get(label):
                paper |= {field: address_of(url)} if address_of(url) else {}
        read.papers.append(paper)


def _take_paper_table(text: str, read: WorkshopFiles) -> None:
    for cells in _rows(text):
        if len(cells) == 2 and re.fullmatch(r"\d{1,3}", cells[0]) and cells[1]:
            title = re.sub(r"^title\s*:\s*", "", _plain(cells[1]), flags=re.IGNORECASE)
            tidied = re.sub(r"\s+(\w)\1{9,}$", "", title)
            if tidied != title:
                read.tell("", title, "a test string at the end of a title was left out")
            read.papers.append(
                {
                    "id": cells[0],
                    "title": tidied,
                    "authors": [],
                    "presentation": "poster",
                    "source_key": f"table:{cells[0]}",
                }
            )


# --- people ---


def _take_people(name: str, text: str, read: WorkshopFiles) -> None:
    """Cells of pictures and names, HTML tables, and lists under headings that name a role."""
    topic = folded_name(name)
    role = ROLE_OF.get(topic, "")
    for heading, body in _sections(text):
        own = ROLE_OF.get(re.sub(r"[^a-z]", "", heading.lower()), "") or role
        if not own:
            continue
        if "<td" in body.lower():
            _take_html_people(body, own, read)
        for cells in _rows(body):
            for cell in cells:
                _take_cell(cell, own, read)
        if own not in ("invited", "keynote"):
            for line in re.findall(r"(?m)^\s*[-*+]\s+(.+)$", body):
                person = person_in(_plain(_LINK.sub(r"\1", line)), own)
                url = _LINK.search(line)
                if person:
                    person["url"] = address_of(url[2]) if url else ""
                    read.people.append(person)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"(?m)^#{1,6}\s*(.+?)\s*#*$", text)
    yield "", parts[0]
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _take_cell(cell: str, role: str, read: WorkshopFiles) -> None:
    link = re.match(
        r"\s*(?:<img[^>]*>\s*)?\[([^\[\]]+)\]\(([^()\s]*)\)\s*<br\s*/?>(.*)$", cell, re.S
    )
    if link and (person := person_in(_plain(link[1]), role)):
        person |= {"affiliation": text_of(_plain(link[3])), "url": address_of(link[2])}
        read.people.append(person)


def _take_html_people(body: str, role: str, read: WorkshopFiles) -> None:
    for cell in lxml.html.fromstring(f"<div>{body}</div>").iter("td"):
        names = [a for a in cell.iter("a") if (a.text_content() or "").strip()]
        if not names:
            continue
        name = " ".join(names[0].text_content().split())
        words = " ".join(cell.text_content().split())
        person = person_in(name, role)
        if person:
            place = words.replace(name, "", 1).strip(" ,")
            read.people.append(
                person | {"affiliation": place, "url": address_of(names[0].get("href"))}
            )


def _take_speakers(name: str, text: str, read: WorkshopFiles) -> None:
    """A page of speakers with a heading for each: title of the talk, affiliation, biography."""
    if ROLE_OF.get(folded_name(name)) not in ("invited", "keynote"):
        return
    for heading, body in _sections(text):
        person = person_in(_plain(heading), "invited")
        rows = list(_rows(body))
        place = next((row[1] for row in rows if len(row) > 1 and "ffiliation" in row[0]), "")
        if person is None or not (rows and (place or _STRONG.search(body))):
            continue
        link = _LINK.search(place)
        title = next(
            (
                m[1]
                for row in rows
                if (m := re.fullmatch(r"\*\*(.+)\*\*", row[0])) and len(row) == 1
            ),
            "",
        )
        person |= {
            "affiliation": text_of(_plain(_LINK.sub(r"\1", place))),
            "url": address_of(link[2]) if link else "",
        }
        if title:
            person["title"] = _plain(title)
        read.people.append(person)


def _plain(text: str) -> str:
    words = html.unescape(_TAG.sub(" ", text)).replace("**", " ").replace("\u202c", "")
    return " ".join(re.sub(r"&\w+;", " ", words).split()).strip()
