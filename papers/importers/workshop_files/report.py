"""What an import says of itself as JSON: the command, the page and the API give the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from papers.importers.workshop_files.changes import Change
from papers.importers.workshop_files.shapes import Fields, Told, WorkshopFiles


def as_json(slug: str, read: WorkshopFiles, changes: Sequence[Change]) -> Fields:
    """Everything that was read, by role and list, what would change, and what was told."""
    people: dict[str, list[Fields]] = defaultdict(list)
    for person in read.people:
        people[person["role"]].append({k: v for k, v in person.items() if k not in ("role", "key")})
    return {
        "slug": slug,
        "details": read.details,
        "people": people,
        "papers": [_paper(paper) for paper in read.papers],
        "talks": read.schedule,
        "dates": read.dates,
        "news": read.news,
        "sponsors": read.sponsors,
        "drafts": read.drafts,
        "told": [asdict(problem) for problem in read.told],
        "changes": [_change(change) for change in changes],
    }


def _change(change: Change) -> Fields:
    row: Fields = {
        "part": change.part,
        "status": change.status,
        "shown": change.shown,
        "fields": list(change.fields),
    }
    if change.differences:
        row |= {"key": change.key, "differences": [asdict(d) for d in change.differences]}
    return row


def _paper(paper: Fields) -> Fields:
    """With each author's own affiliation."""
    places = paper.get("author_affiliations") or []
    starred = paper.get("corresponding") or []
    authors = [
        {
            "name": name,
            "affiliation": places[place] if place < len(places) else "",
            "corresponding": name in starred,
        }
        for place, name in enumerate(paper["authors"])
    ]
    aside = ("authors", "author_affiliations", "corresponding")
    return {k: v for k, v in paper.items() if k not in aside} | {"authors": authors}


def kept(read: WorkshopFiles) -> Fields:
    """The lists as they are kept between preview and import."""
    whole: Fields = json.loads(json.dumps(asdict(read)).replace(r"\u0000", ""))
    return whole  # PostgreSQL keeps no NUL


def from_kept(fields: Fields) -> WorkshopFiles:
    """What `kept` gave, read again."""
    return WorkshopFiles(**fields | {"told": [Told(**row) for row in fields["told"]]})
