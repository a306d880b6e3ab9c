"""What a workshop's page shows, section by section, from the rows of one edition."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from accounts.models import Visitor
from accounts.words import Words
from community.text.markdown import html
from kb.pages.workshops.programme import Named, Names, paper_anchor
from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Authorship,
    Paper,
    Person,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from papers.places.pointing import sponsors_here
from papers.workshops.deadlines import ANYWHERE_ON_EARTH
from papers.workshops.lines import is_current, phase_complaint
from papers.workshops.moving import kind_of
from papers.workshops.programme import SPEAKING, OldDate, announced_on, in_aoe, replaced_dates
from papers.workshops.status import days_left, has_passed

COMMITTEE = {
    "organizer": Words("Organizers"),
    "panel_chair": Words("Panel chairs"),
    "area_chair": Words("Area chairs"),
    "pc": Words("Programme committee"),
    "reviewer": Words("Reviewers"),
    "volunteer": Words("Volunteers"),
    "contact": Words("Contact"),
}
PRESENTATIONS = {
    "oral": Words("Oral papers"),
    "spotlight": Words("Spotlight papers"),
    "poster": Words("Poster papers"),
}
FILES = (("pdf", "PDF"), ("poster", Words("Poster")), ("video", Words("Video")))
DATE_WORDS = {
    "submission": Words("Submission"),
    "notification": Words("Notification"),
    "camera-ready": Words("Camera-ready version"),
    "event": Words("Event"),
    "other": Words("Other"),
}
_ADDRESS = re.compile(r"([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_REPLAY = re.compile(r"recording|replay|video", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s()<>]+")


@dataclass(frozen=True)
class DateLine:
    """One date of the call with what it replaced, and how far away it is."""

    date: WorkshopDate
    old: list[OldDate]
    since: dt.date | None
    is_past: bool
    days_left: int | None

    @property
    def kind(self) -> str:
        """Its kind in words, where organisers recorded one that its label does not say."""
        words = DATE_WORDS.get(self.date.kind, "") if self.date.kind != "other" else ""
        return "" if kind_of("", self.date.label) == self.date.kind else words

    @property
    def aoe(self) -> str:
        return _in_aoe(self.date.ends_at) if self.date.ends_at else ""


def date_lines(dates: Iterable[WorkshopDate], moment: dt.datetime) -> list[DateLine]:
    return [
        DateLine(
            date,
            replaced_dates(date),
            announced_on(date),
            has_passed(date, moment),
            days_left(date, moment),
        )
        for date in dates
    ]


@dataclass(frozen=True)
class Group:
    """Things under one heading."""

    code: str
    title: str
    members: list[Any]


def committee(roles: Iterable[WorkshopRole]) -> list[Group]:
    """Everybody who neither speaks nor sits on the panel, grouped by role in the usual order."""
    by_role: dict[str, list[WorkshopRole]] = defaultdict(list)
    for role in roles:
        if role.role not in (*SPEAKING, "panelist"):
            by_role[role.role].append(role)
    order = [*COMMITTEE, *sorted(set(by_role) - set(COMMITTEE))]
    titles = COMMITTEE | {
        r: r.replace("_", " ").capitalize() for r in by_role if r not in COMMITTEE
    }
    return [Group(role, titles[role], by_role[role]) for role in order if role in by_role]


@dataclass(frozen=True)
class FileLink:
    """A file of an accepted paper; `url` is empty where the workshop's site gives none."""

    label: str
    url: str


@dataclass(frozen=True)
class Printed:
    """An author of an accepted paper.

    person: set when the person's page has more to read.
    ending: what follows the name: a star at a contact author, a comma between names.
    """

    author: AcceptedAuthor
    person: Person | None
    ending: str


@dataclass(frozen=True)
class Together:
    """Neighbours in an author list with the same affiliation."""

    authors: list[Printed]
    affiliation: str


@dataclass(frozen=True)
class Listed:
    """An accepted paper with its anchor, authors and files."""

    paper: AcceptedPaper
    authors: list[Together]
    files: list[FileLink]

    @property
    def anchor(self) -> str:
        return paper_anchor(self.paper)


def people_with_more(
    workshop: Workshop, accepted: Sequence[AcceptedPaper], user: Visitor
) -> set[int]:
    """Authors of accepted papers who did anything else that is recorded here.

    An author whose page would only repeat this one entry is printed without a link: on a page
    with hundreds of names a link then says that there is more. Takes one query.
    """
    times = Counter(a.person_id for p in accepted for a in p.authors.all() if a.person_id)
    people = set(times)
    papers = Paper.objects.visible_to(user)
    elsewhere = (
        Authorship.objects.filter(person__in=people, paper__in=papers),
        WorkshopRole.objects.filter(person__in=people),
        AcceptedAuthor.objects.filter(person__in=people).exclude(accepted__workshop=workshop),
    )
    more = {person for person in people if times[person] > 1}
    first, *others = (rows.order_by().values_list("person", flat=True) for rows in elsewhere)
    return more.union(first.union(*others))


def _together(paper: AcceptedPaper, linked: set[int]) -> list[Together]:
    runs = groupby(paper.authors.all(), key=lambda author: author.affiliation)
    return [Together(_printed(list(authors), linked), affiliation) for affiliation, authors in runs]


def _printed(authors: Sequence[AcceptedAuthor], linked: set[int]) -> list[Printed]:
    return [
        Printed(
            author,
            person=author.person if author.person_id in linked else None,
            ending="*" * author.corresponding + "," * (place < len(authors)),
        )
        for place, author in enumerate(authors, start=1)
    ]


def accepted_groups(accepted: Sequence[AcceptedPaper], linked: set[int]) -> list[Group]:
    """Accepted papers by way of presentation: orals and spotlights before posters.

    linked: people whose names lead to their pages.
    """
    offered = [(name, label) for name, label in FILES if any(getattr(p, name) for p in accepted)]
    by_way: dict[str, list[Listed]] = defaultdict(list)
    for paper in accepted:
        by_way[paper.presentation].append(
            Listed(paper, _together(paper, linked), _files(paper, offered))
        )
    order = [*PRESENTATIONS, *sorted(set(by_way) - set(PRESENTATIONS))]
    return [
        Group(way, PRESENTATIONS.get(way, f"{way} papers".strip().capitalize()), by_way[way])
        for way in order
        if way in by_way
    ]


def _files(paper: AcceptedPaper, offered: Sequence[tuple[str, str]]) -> list[FileLink]:
    files = [FileLink(label, getattr(paper, name)) for name, label in offered]
    if paper.supplement:
        files.append(FileLink(Words("Supplement"), paper.supplement))
    return files


def news(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """News, newest first, with their texts as HTML and their days, None where one is no date."""
    newest_first = sorted(entries, key=lambda entry: entry.get("date") or "", reverse=True)
    return [
        entry | {"html": html(entry.get("text") or ""), "day": _day(entry.get("date"))}
        for entry in newest_first
    ]


def _day(written: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(written))
    except ValueError:
        return None


def sponsors(workshop: Workshop) -> list[Group]:
    """Sponsors by tier, in the order of the site; tier "" where it names none.

    page: address of the organisation here, where there is one of the name.
    """
    pages = sponsors_here(workshop)
    tiers: dict[str, list[dict[str, str]]] = {}
    for entry in workshop.sponsors_by_tier:
        shown = entry | {"page": pages.get(entry["name"], "")}
        tiers.setdefault(entry["tier"], []).append(shown)
    return [Group(tier, tier.capitalize(), names) for tier, names in tiers.items()]


@dataclass(frozen=True)
class Result:
    """One row of a competition's result table."""

    rank: int | None
    team: str
    members: list[Named]
    accuracy: float | None
    code: str


@dataclass(frozen=True)
class Competition:
    """A challenge of the workshop: what it asked, under which conditions, who did how well."""

    facts: dict[str, str]
    results: list[Result] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)


@dataclass(frozen=True)
class Phase:
    """A part of a competition's time. first, last: days, where they are named."""

    name: str
    first: dt.date | None
    last: dt.date | None
    is_current: bool


def competition(recorded: dict[str, Any], names: Names, today: dt.date) -> Competition | None:
    """What is told of a challenge; None where there is none. today: in the workshop's zone."""
    if not recorded:
        return None
    rows = recorded.get("phases")
    phases = _phases(rows, today) if isinstance(rows, list) else []
    aside = ("results", "phases") if isinstance(rows, list) else ("results",)
    facts = {
        name.replace("_", " ").capitalize(): str(value)
        for name, value in sorted(recorded.items(), key=lambda pair: pair[0] != "task")
        if name not in aside and value
    }
    results = [
        Result(
            rank=row.get("rank"),
            team=row.get("team", ""),
            members=[names.named(name) for name in row.get("members", [])],
            accuracy=row.get("accuracy"),
            code=row.get("code", ""),
        )
        for row in recorded.get("results", [])
    ]
    return Competition(facts, results, phases)


def _phases(rows: list[dict[str, str]], today: dt.date) -> list[Phase]:
    return [
        Phase(
            row.get("name", ""),
            dt.date.fromisoformat(row["from"]) if row.get("from") else None,
            dt.date.fromisoformat(row["to"]) if row.get("to") else None,
            is_current(row, today),
        )
        for row in ([] if phase_complaint(rows) else rows)
    ]


def _in_aoe(instant: dt.datetime) -> str:
    """An instant in the Anywhere-on-Earth zone, in words: “end of 31 May 2022” at midnight."""
    if get_language() in (None, settings.LANGUAGE_CODE):
        return in_aoe(instant)
    local = instant.astimezone(ANYWHERE_ON_EARTH)
    if local.hour or local.minute:
        return date_format(local, pgettext("date", "j M Y, H:i"))
    day = date_format(local.date() - dt.timedelta(days=1), pgettext("date", "j M Y"))
    return gettext("end of {day}").format(day=day)


RULE_WORDS = (
    *(Words("yes"), Words("no"), Words("Archival"), Words("Template"), Words("Anonymous")),
    *(Words("Page limit"), Words("Portal"), Words("Review"), Words("Supplement"), Words("Format")),
)
"""Names of submission rules, and short answers to them, which templates say."""


def rules(recorded: dict[str, Any]) -> dict[str, str]:
    """Submission rules in words; unknown ones are left out."""
    texts: dict[str, str] = {}
    for name, value in recorded.items():
        if value not in ("", None):
            words = (
                {True: "yes", False: "no"}.get(value, value) if value in (True, False) else value
            )
            texts[name.replace("_", " ").capitalize()] = str(words)
    return texts


def contact(text: str) -> str:
    """A contact line without any machine-readable address.

    Role addresses are spelt out in words; personal ones are left out.
    """
    if "role address" in text:
        return _ADDRESS.sub(r"\1 (at) \2", text)
    return _ADDRESS.sub(Words("(address on the workshop site)"), text)


def replays(workshop: Workshop) -> list[dict[str, str]]:
    """Links of the edition that lead to recordings."""
    return [link for link in workshop.links if _REPLAY.search(link.get("label", ""))]


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: words, and an address where there is one."""

    words: str
    url: str


def sources(recorded: Iterable[str]) -> list[Source]:
    """Source lines with their addresses: `github:owner/name@commit (files)` leads to the commit."""
    return [_source(line) for line in recorded]


def _source(line: str) -> Source:
    repository = re.match(r"github:([\w.-]+/[\w.-]+)@(\w+)", line)
    if repository:
        url = f"https://github.com/{repository[1]}/tree/{repository[2]}"
        return Source(line.replace("github:", "", 1), url)
    address = _WEB.search(line)
    return Source(line, address[0] if address else "")
