"""The programme of a workshop's page: entries with speakers, papers and instants; the talks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.words import Words
from papers.models import (
    AcceptedPaper,
    Person,
    PersonAlias,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopRole,
)
from papers.names import fold, slug
from papers.workshops.moving import numbered
from papers.workshops.programme import (
    SPEAKING,
    Slot,
    id_range,
    links_at,
    names_in,
    timed,
    zone_of,
    zone_words,
)

KINDS = {
    "keynote": Words("Keynote"),
    "invited": Words("Invited talk"),
    "contributed": Words("Contributed talk"),
    "spotlight": Words("Spotlight"),
    "panel": Words("Panel"),
    "poster": Words("Posters"),
    "award": Words("Awards"),
}
QUIET_KINDS = {"break", "lunch", "setup", "opening", "closing", "general"}


@dataclass(frozen=True)
class Named:
    """A printed name and the person it leads to, if any."""

    printed_name: str
    person: Person | None


class Names:
    """People of printed names, looked up all at once."""

    def __init__(self, printed: Iterable[str]) -> None:
        aliases = PersonAlias.objects.filter(name__in=set(printed)).select_related("person")
        self._people = {alias.name: alias.person for alias in aliases}

    def named(self, name: str) -> Named:
        return Named(name, self._people.get(name))


def paper_anchor(paper: AcceptedPaper) -> str:
    """Fragment under which a page shows an accepted paper."""
    return f"paper-{slug(paper.number) or paper.position + 1}"


@dataclass(frozen=True)
class Entry:
    """One line of the programme. links: those that are valid now."""

    slot: Slot
    anchor: str
    kind: str
    speakers: list[Named]
    accepted: AcceptedPaper | None
    posters: list[AcceptedPaper]
    links: list[dict[str, str]]
    is_running: bool
    code: str

    @property
    def item(self) -> ScheduleItem:
        return self.slot.item

    @property
    def paper_anchor(self) -> str:
        return paper_anchor(self.accepted) if self.accepted else ""

    @property
    def first_poster_anchor(self) -> str:
        return paper_anchor(self.posters[0]) if self.posters else ""

    @property
    def is_quiet(self) -> bool:
        """Whether this is a break or the like, told in small type."""
        return self.item.kind in QUIET_KINDS

    @property
    def css(self) -> str:
        if self.item.withdrawn:
            return "withdrawn"
        return "running" if self.is_running else "pause" if self.is_quiet else ""

    @property
    def has_more(self) -> bool:
        """Whether papers, links or the stream are to be told under the title."""
        item = self.item
        return bool(self.accepted or self.posters or item.link or self.links or item.streamed)

    @property
    def is_recorded(self) -> bool:
        return any(link.get("kind") == "recording" for link in self.links)

    @property
    def utc_day(self) -> str:
        days = self.slot.utc_days_later
        return f"{days:+d} d".replace("-", "−") if days else ""


@dataclass(frozen=True)
class Programme:
    """The schedule with its zone: words for it, and whether instants are known."""

    entries: list[Entry]
    zone: str
    starts_at: dt.datetime | None

    @property
    def recorded(self) -> list[Entry]:
        """Entries of which a recording can be seen now."""
        return [entry for entry in self.entries if entry.is_recorded]

    @property
    def is_running(self) -> bool:
        """Whether the workshop is on, so that nothing of its day is folded away."""
        return any(entry.is_running for entry in self.entries)


def programme(
    workshop: Workshop, accepted: Sequence[AcceptedPaper], names: Names, moment: dt.datetime
) -> Programme:
    by_title = {fold(paper.title): paper for paper in accepted}
    entries = []
    repeated: Counter[str] = Counter()
    for slot in timed(workshop, workshop.schedule.all()):
        item = slot.item
        accepted_id = item.talk_or_none.accepted_id if item.talk_or_none else None
        entries.append(
            Entry(
                slot=slot,
                anchor=f"item-{item.position + 1}",
                kind=item.label or KINDS.get(item.kind, ""),
                speakers=[names.named(name) for name in names_in(item.speaker)],
                accepted=next((p for p in accepted if p.pk == accepted_id), None)
                or by_title.get(fold(item.title)),
                posters=_in_range(item.title, accepted),
                links=links_at(item.links, workshop, moment),
                is_running=slot.is_running(moment),
                code=item.code or numbered(item.title or item.label, repeated),
            )
        )
    starts_at = next((e.slot.starts_at for e in entries if e.slot.starts_at), None)
    zone = zone_of(workshop)
    words = zone_words(starts_at.astimezone(zone)) if starts_at and zone else ""
    return Programme(entries, words or (workshop.timezone if zone else ""), starts_at)


def _in_range(title: str, accepted: Sequence[AcceptedPaper]) -> list[AcceptedPaper]:
    """Accepted papers whose number lies in the range of ids that a session title names."""
    bounds = id_range(title)
    if bounds is None:
        return []
    first, last = bounds
    return [p for p in accepted if p.number.isdecimal() and first <= int(p.number) <= last]


@dataclass(frozen=True)
class Speaker:
    """A keynote or invited speaker, and what they told. links: of the talk, valid now."""

    role: WorkshopRole
    talk: Talk | None
    links: list[dict[str, str]]

    @property
    def kind(self) -> str:
        return KINDS[self.role.role]


def speakers(
    roles: Iterable[WorkshopRole], talks: Iterable[Talk], workshop: Workshop, moment: dt.datetime
) -> list[Speaker]:
    """Keynote speakers first, then invited ones, each with the talk.

    roles, talks: of `workshop`; talks with `speakers` and `slot` at hand.
    """
    given = {
        person.pk: talk for talk in talks if talk.kind in SPEAKING for person in talk.speakers.all()
    }
    speaking = [role for role in roles if role.role in SPEAKING]
    speaking.sort(key=lambda role: (SPEAKING.index(role.role), role.position))
    return [_speaker(role, given.get(role.person_id or 0), workshop, moment) for role in speaking]


def _speaker(
    role: WorkshopRole, talk: Talk | None, workshop: Workshop, moment: dt.datetime
) -> Speaker:
    return Speaker(role, talk, links_at(talk.links, workshop, moment) if talk else [])


def printed_names(workshop: Workshop, items: Iterable[ScheduleItem]) -> set[str]:
    """Every name of the page that is printed without a person beside it."""
    spoken = {name for item in items for name in names_in(item.speaker)}
    rows = workshop.competition.get("results", [])
    return spoken | {name for row in rows for name in row.get("members", [])}
