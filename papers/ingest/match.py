"""Which paper here a source speaks of, and where the two disagree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from rapidfuzz import fuzz

from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.models import Paper, Venue
from papers.models.evidence import in_words
from papers.models.paper import PaperQuerySet
from papers.names import fold, may_be_same
from papers.same_work import SCHEME_NAMES, Match, Work, find_same, ids_of
from papers.venue_lines import VenueNames, venue_named

SURE_ENOUGH = 0.5
SURE_OF_IDENTIFIER = 0.8
SAME_AS = "same_as"
"""Not a field of papers but a question about one: is it the paper with this key?"""
RETRACTED = "retracted"
"""Not a field either: whether the paper was taken back, in its source's words."""
_LABELS = {scheme.value: name for scheme, name in SCHEME_NAMES.items()}


class Verdict(StrEnum):
    """What a field of a source is to the record."""

    SAME = "same"
    FILLS = "fills"
    DIFFERS = "differs"
    SILENT = "silent"


@dataclass(frozen=True)
class Comparison:
    """One field: what the record says, what the source says. Values are JSON values."""

    field: str
    here: Any
    there: Any
    verdict: Verdict
    confidence: float
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Names this proposal, so that one that was declined is not made again."""
        plain = json.dumps([self.field, self.there], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()

    @property
    def label(self) -> str:
        return _LABELS.get(self.field, self.field)

    @property
    def here_in_words(self) -> str:
        return in_words(self.here)

    @property
    def there_in_words(self) -> str:
        return in_words(self.there)


def find_match(candidate: Candidate, among: PaperQuerySet | None = None) -> Match | None:
    """The paper here, following merges, or one that it may be; None when it is new.

    among: papers that count; None for all, whatever their state.
    """
    return find_same(work_in(candidate), among)


def work_in(candidate: Candidate) -> Work:
    """The work that a source describes, as it is told apart from others."""
    return Work(candidate.title, candidate.authors, candidate.year, ids_of(candidate))


def paper_with(identifier: str, value: str, among: PaperQuerySet | None = None) -> Paper | None:
    """The paper that has this identifier, in any case. among: as for find_match."""
    lookup = f"{identifier}__iexact" if identifier == "doi" else identifier
    papers = Paper.objects.all() if among is None else among
    return papers.filter(**{lookup: value}).first()


def _printed(paper: Paper) -> list[str]:
    return [row.printed_name for row in paper.authorships.all()]


# --- where record and source disagree ---


def compare(
    candidate: Candidate, paper: Paper | None, among: PaperQuerySet | None = None
) -> list[Comparison]:
    """Field by field; every field that one of the two has. paper: None for a new one.

    among: papers whose identifiers are told to be theirs, as for find_match.
    """
    venue = known_venue(candidate.venue)
    there: dict[str, Any] = {
        "title": candidate.title,
        "authors": list(candidate.authors),
        "year": candidate.year,
        "venue": venue.name if venue else "",
        "abstract": candidate.abstract,
        **{name: getattr(candidate, name) for name in IDENTIFIERS},
    }
    here = values_of(paper)
    owners = {name: paper_with(name, there[name], among) for name in IDENTIFIERS if there[name]}
    rows = [
        _compared(name, here.get(name), there[name], candidate, paper, owners.get(name))
        for name in there
    ]
    return [row for row in rows if row.here or row.there]


def values_of(paper: Paper | None) -> dict[str, Any]:
    """The fields that sources speak of, as JSON values."""
    if paper is None:
        return {}
    return {
        "title": paper.title,
        "authors": _printed(paper),
        "year": paper.year,
        "venue": paper.venue.name if paper.venue else "",
        "abstract": paper.abstract,
        **{name: getattr(paper, name) or "" for name in IDENTIFIERS},
    }


def _compared(
    name: str,
    here: Any,
    there: Any,
    candidate: Candidate,
    paper: Paper | None,
    owner: Paper | None,
) -> Comparison:
    sure = round(candidate.sure_of(name), 3)
    if not there:
        return Comparison(name, here, there, Verdict.SILENT, sure)
    if owner is not None and (paper is None or owner.pk != paper.pk):
        note = f"belongs to “{owner.title}” here"
        return Comparison(name, here or "", there, Verdict.DIFFERS, sure, note)
    if not here:
        enough = SURE_OF_IDENTIFIER if name in IDENTIFIERS else SURE_ENOUGH
        verdict = Verdict.FILLS if paper is None or sure >= enough else Verdict.DIFFERS
        return Comparison(name, here, there, verdict, sure)
    if name == "authors" and _goes_on(here, there, candidate, paper):
        return Comparison(name, here, [*here, *there[len(here) :]], Verdict.FILLS, sure)
    same = _SAME.get(name, _same_text)(here, there, candidate, paper)  # type: ignore[operator]
    return Comparison(name, here, there, Verdict.SAME if same else Verdict.DIFFERS, sure)


def _same_text(here: str, there: str, candidate: Candidate, paper: Paper | None) -> bool:
    return fold(here).replace(" ", "") == fold(there).replace(" ", "")


def _same_authors(
    here: list[str], there: list[str], candidate: Candidate, paper: Paper | None
) -> bool:
    """The same people in the same order; initials and accents make no difference. Where the source
    names the first ones only, those."""
    if candidate.and_others:
        here = here[: len(there)]
    return len(here) == len(there) and _same_people(here, there)


def _goes_on(here: list[str], there: list[str], candidate: Candidate, paper: Paper | None) -> bool:
    """Whether the source goes on where the list of the record is known to break off."""
    return (
        paper is not None
        and paper.authors_incomplete
        and not candidate.and_others
        and candidate.sure_of("authors") >= SURE_ENOUGH
        and len(there) > len(here)
        and _same_people(here, there)
    )


def _same_people(here: list[str], there: list[str]) -> bool:
    """Whether the lists agree as far as both go."""
    pairs = zip(here, there, strict=False)
    return all(fold(name) == fold(other) or may_be_same(name, other) for name, other in pairs)


def _same_year(here: int, there: int, candidate: Candidate, paper: Paper | None) -> bool:
    """A preprint is often one or two years older than the paper it became."""
    preprint = candidate.origin in ("pdf", "arxiv", "openreview")
    return here == there or (preprint and 0 < here - there <= 2)


def _same_venue(here: str, there: str, candidate: Candidate, paper: Paper | None) -> bool:
    """A preprint server is where a published paper stands as well."""
    venue = known_venue(there)
    return here == there or bool(venue and venue.kind == Venue.Kind.PREPRINT)


def _same_abstract(here: str, there: str, candidate: Candidate, paper: Paper | None) -> bool:
    return fuzz.token_sort_ratio(fold(here)[:5000], fold(there)[:5000]) >= 90


_SAME = {
    "authors": _same_authors,
    "year": _same_year,
    "venue": _same_venue,
    "abstract": _same_abstract,
}


def known_venue(line: str) -> Venue | None:
    """The venue here that a printed line names; None for submissions and for unknown ones."""
    if not line.strip():
        return None
    return known_venues()(line)


def known_venues() -> Callable[[str], Venue | None]:
    """The same for many lines: the venues are read once."""
    venues = {venue.slug: venue for venue in Venue.objects.all()}
    names = [_names_of(venue) for venue in venues.values()]

    @cache
    def named(line: str) -> Venue | None:
        slug = venue_named(line, names) if line.strip() else None
        return venues[slug] if slug else None

    return named


def _names_of(venue: Venue) -> VenueNames:
    others = [name for name in (venue.full_name, *venue.aliases) if name]
    return VenueNames(venue.slug, venue.kind, venue.name, tuple(others))
