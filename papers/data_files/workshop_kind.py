"""Workshops: how their files are read from and written to rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from papers.data_files.kinds import OneByOne
from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Paper,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from papers.names import fold, tidy
from papers.persons import Spellings
from papers.same_work import Work, find_same
from papers.versions import refresh_versions
from papers.workshops.deadlines import end_of, instant_of
from papers.workshops.programme import SPEAKING, names_in
from papers.workshops.zones import shown_zone

Fields = dict[str, Any]
_PLAIN = (
    *("slug", "name", "acronym", "edition", "year", "timezone", "format", "host_conference"),
    *("location", "website", "relation", "series", "status", "summary", "contact"),
    *("submission_portal", "topics", "sponsors", "submission_rules", "awards", "competition"),
    *("news", "history", "links", "related_venues", "draft_content", "notes", "sources"),
)
_LISTS = ("important_dates", "people", "schedule", "accepted_papers")


class Workshops(OneByOne):
    """One file an edition."""

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.later: dict[str, str] = {}

    def known(self) -> set[str]:
        return set(Workshop.objects.values_list("slug", flat=True))

    def read(self, key: str) -> Fields | None:
        """Scalar fields come from the row; the four lists from what the row keeps of the file."""
        workshop = Workshop.objects.filter(slug=key).select_related("previous_edition").first()
        if workshop is None:
            return None
        fields = {name: getattr(workshop, name) for name in _PLAIN}
        previous = workshop.previous_edition
        return fields | {
            "date": workshop.date.isoformat() if workshop.date else "",
            "previous_edition": previous.slug if previous else "",
            **{name: workshop.imported.get(name, []) for name in _LISTS},
        }

    def write(self, key: str, fields: Fields) -> None:
        workshop = Workshop.objects.filter(slug=key).first() or Workshop(slug=key)
        for name in set(fields) & set(_PLAIN):
            setattr(workshop, name, fields[name])
        if "date" in fields:
            workshop.date = dt.date.fromisoformat(fields["date"]) if fields["date"] else None
        if "previous_edition" in fields:
            self._link_previous(workshop, fields["previous_edition"])
        for name in set(fields) & set(_LISTS):
            workshop.imported[name] = fields[name]
        workshop.save()
        self._link_followers(workshop)
        if "important_dates" in fields:
            self._write_dates(workshop, fields["important_dates"])
        if "people" in fields:
            self._write_people(workshop, fields["people"])
        if "accepted_papers" in fields:
            self._write_accepted(workshop, fields["accepted_papers"])
        if "schedule" in fields:
            self._write_schedule(workshop, fields["schedule"])
        if {"schedule", "accepted_papers", "people"} & set(fields):
            self._write_talks(workshop)

    def _link_previous(self, workshop: Workshop, slug: str) -> None:
        workshop.previous_edition = Workshop.objects.filter(slug=slug).first() if slug else None
        if slug and workshop.previous_edition is None:
            self.later[workshop.slug] = slug

    def _link_followers(self, workshop: Workshop) -> None:
        for follower, previous in list(self.later.items()):
            if previous == workshop.slug:
                Workshop.objects.filter(slug=follower).update(previous_edition=workshop)
                del self.later[follower]

    def _write_dates(self, workshop: Workshop, entries: list[Fields]) -> None:
        workshop.dates.all().delete()
        for place, entry in enumerate(entries):
            date = dt.date.fromisoformat(entry["date"]) if entry.get("date") else None
            clock, zone = entry.get("time") or "", entry.get("zone") or ""
            note = ", ".join(
                filter(None, (entry.get("note") or "", f"{clock} {shown_zone(zone)}".strip()))
            )
            WorkshopDate.objects.create(
                workshop=workshop,
                position=place,
                code=entry.get("code") or "",
                kind=entry.get("kind") or "",
                label=entry["label"],
                date=date,
                note=note,
                ends_at=_end(date, clock, zone, note),
                previous=entry.get("previous_dates") or [],
            )

    def _write_people(self, workshop: Workshop, entries: list[Fields]) -> None:
        workshop.roles.all().delete()
        self.spellings.learn(entry["name"] for entry in entries)
        WorkshopRole.objects.bulk_create(
            WorkshopRole(
                workshop=workshop,
                position=place,
                role=entry["role"],
                printed_name=tidy(entry["name"]),
                person_id=self.spellings.person_id(entry["name"]),
                affiliation=entry.get("affiliation") or "",
                affiliation_note=entry.get("affiliation_note") or "",
                url=entry.get("url") or "",
                status=entry.get("status") or "",
                biography=entry.get("biography") or "",
                photo=entry.get("photo") or "",
                photo_words=entry.get("photo_words") or "",
            )
            for place, entry in enumerate(entries)
        )

    def _write_accepted(self, workshop: Workshop, entries: list[Fields]) -> None:
        touched = {entry.paper for entry in workshop.accepted.select_related("paper")}
        workshop.accepted.all().delete()
        self.spellings.learn(name for entry in entries for name in entry.get("authors") or [])
        for place, entry in enumerate(entries):
            accepted = AcceptedPaper.objects.create(
                workshop=workshop,
                position=place,
                number=str(entry.get("id") or ""),
                title=tidy(entry["title"]),
                paper=_paper_of(workshop, entry),
                **{
                    name: entry.get(name) or ""
                    for name in (
                        *("presentation", "track", "award", "pdf", "poster", "video"),
                        "supplement",
                    )
                },
            )
            self._write_authors(accepted, entry)
            touched.add(accepted.paper)
        refresh_versions(*(paper for paper in touched if paper))

    def _write_authors(self, accepted: AcceptedPaper, entry: Fields) -> None:
        affiliations = entry.get("author_affiliations") or []
        AcceptedAuthor.objects.bulk_create(
            AcceptedAuthor(
                accepted=accepted,
                position=place,
                printed_name=tidy(name),
                person_id=self.spellings.person_id(name),
                affiliation=(affiliations[place] or "") if place < len(affiliations) else "",
                corresponding=name in (entry.get("corresponding") or []),
            )
            for place, name in enumerate(entry.get("authors") or [])
        )

    def _write_schedule(self, workshop: Workshop, entries: list[Fields]) -> None:
        workshop.schedule.all().delete()
        ScheduleItem.objects.bulk_create(
            ScheduleItem(
                workshop=workshop,
                position=place,
                start=entry.get("start") or None,
                end=entry.get("end") or None,
                streamed=entry.get("streamed"),
                links=entry.get("links") or [],
                day=entry.get("day") or None,
                withdrawn=bool(entry.get("withdrawn")),
                **{
                    name: entry.get(name) or ""
                    for name in (
                        *("raw_time", "kind", "label", "title", "link", "code", "room"),
                        "abstract",
                    )
                },
            )
            for place, entry in enumerate(entries)
        )

    def _write_talks(self, workshop: Workshop) -> None:
        """One row a talk, from the programme and the list of speakers.

        A talk that was here keeps its row, and with it what members added to it.
        """
        here = {(fold(talk.title), fold(talk.speaker)): talk for talk in workshop.talks.all()}
        workshop.talks.update(slot=None)  # so that two talks may change places
        written = []
        for place, talk in enumerate(self._talks(workshop)):
            known = here.pop((fold(talk.title), fold(talk.speaker)), None)
            talk.pk, talk.position = (known.pk if known else None), place
            talk.save()
            talk.speakers.set(self.spellings.person_id(name) for name in names_in(talk.speaker))
            written.append(talk.pk)
        workshop.talks.exclude(pk__in=written).delete()

    def _talks(self, workshop: Workshop) -> list[Talk]:
        """The talks as the file tells them, not saved."""
        accepted = {entry.number: entry for entry in workshop.accepted.all()}
        entries = workshop.imported.get("schedule", [])
        talks = [
            Talk(
                workshop=workshop,
                slot=slot,
                kind=slot.kind,
                title=slot.title,
                speaker=entry.get("speaker") or "",
                accepted=accepted.get(str(entry.get("paper") or "")),
            )
            for slot, entry in zip(workshop.schedule.all(), entries, strict=True)
            if entry.get("speaker") or entry.get("paper")
        ]
        speaking = {
            self.spellings.person_id(name)
            for talk in talks
            if talk.kind in SPEAKING
            for name in names_in(talk.speaker)
        }
        return talks + [
            Talk(
                workshop=workshop,
                kind=role["role"],
                title=role.get("title") or "",
                speaker=tidy(role["name"]),
            )
            for role in workshop.imported.get("people", [])
            if role["role"] in SPEAKING and self.spellings.person_id(role["name"]) not in speaking
        ]


def _end(date: dt.date | None, clock: str, zone: str, note: str) -> dt.datetime | None:
    """When a deadline has passed: by its own zone, else by what its note says."""
    if date is None:
        return None
    return instant_of(date, clock, zone) if zone else end_of(date, note)


def _paper_of(workshop: Workshop, entry: Fields) -> Paper | None:
    """The paper here that an accepted paper is, if that is beyond doubt."""
    authors = tuple(entry.get("authors") or [])
    match = find_same(Work(entry["title"], authors, workshop.year)) if authors else None
    return match.paper if match and match.is_sure else None
