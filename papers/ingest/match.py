"""Which paper here a source speaks of, and where the two disagree.

Identifiers first, then the folded title together with an author. A machine that read an identifier
off a page may have read that of another work, so there the title must speak for it too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Value
from rapidfuzz import fuzz

from papers.ingest.candidate import IDENTIFIERS, Candidate
from papers.models import FoldTitle, Paper, Venue
from papers.models.evidence import in_words
from papers.names import family_name, fold, may_be_same

LONG_TITLE = 25
"""Letters from which a title is unlikely to be borne by two works that share an author."""
LIKELY_SAME_TITLE = 60.0
SURE_ENOUGH = 0.5
SURE_OF_IDENTIFIER = 0.8
_NAMES = {"arxiv": "arXiv id", "doi": "DOI", "openreview": "OpenReview id", "acl": "ACL id"}


class Verdict(StrEnum):
    """What a field of a source is to the record."""

    SAME = "same"
    FILLS = "fills"
    DIFFERS = "differs"
    SILENT = "silent"


@dataclass(frozen=True)
class Match:
    """The paper that a source speaks of, and what showed it."""

    paper: Paper
    by: str


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
        return _NAMES.get(self.field, self.field)

    @property
    def here_in_words(self) -> str:
        return in_words(self.here)

    @property
    def there_in_words(self) -> str:
        return in_words(self.there)


def find_match(candidate: Candidate) -> Match | None:
    """The paper here, following merges; None when it is new."""
    for name in IDENTIFIERS:
        value = getattr(candidate, name)
        holder = paper_with(name, value) if value else None
        if holder is not None and _title_allows(candidate, holder):
            return Match(_survivor(holder), _NAMES[name])
    return _by_title(candidate)


def paper_with(identifier: str, value: str) -> Paper | None:
    """The paper that has this identifier, in any case, whatever its state."""
    lookup = f"{identifier}__iexact" if identifier == "doi" else identifier
    return Paper.objects.filter(**{lookup: value}).first()


def _survivor(paper: Paper) -> Paper:
    seen = {paper.pk}
    while paper.merged_into is not None and paper.merged_into_id not in seen:
        paper = paper.merged_into
        seen.add(paper.pk)
    return paper


def _title_allows(candidate: Candidate, holder: Paper) -> bool:
    """An identifier that was read off a page needs a title or an author that speaks for it."""
    if candidate.origin != "pdf" or not candidate.title:
        return True
    alike = fuzz.token_set_ratio(fold(candidate.title), fold(holder.title))
    return alike >= LIKELY_SAME_TITLE or _first_authors_agree(candidate, holder)


def _by_title(candidate: Candidate) -> Match | None:
    if len(fold(candidate.title)) < 4:
        return None
    same_title = (
        Paper.objects.annotate(title_key=FoldTitle("title"))
        .filter(title_key=FoldTitle(Value(candidate.title)))
        .prefetch_related("authorships")
        .order_by("pk")
    )
    long = len(fold(candidate.title).replace(" ", "")) >= LONG_TITLE
    for paper in same_title[:20]:
        if _first_authors_agree(candidate, paper):
            return Match(_survivor(paper), "title and first author")
        if long and (not candidate.authors or _share_author(candidate, paper)):
            return Match(_survivor(paper), "title and an author" if candidate.authors else "title")
    return None


def _families(names: Iterable[str]) -> list[str]:
    return [fold(family_name(name)) for name in names if fold(name)]


def _printed(paper: Paper) -> list[str]:
    return [row.printed_name for row in paper.authorships.all()]


def _first_authors_agree(candidate: Candidate, paper: Paper) -> bool:
    theirs, ours = _families(candidate.authors[:1]), _families(_printed(paper)[:1])
    return bool(theirs) and theirs == ours


def _share_author(candidate: Candidate, paper: Paper) -> bool:
    return bool(set(_families(candidate.authors)) & set(_families(_printed(paper))))


# --- where record and source disagree ---


def compare(candidate: Candidate, paper: Paper | None) -> list[Comparison]:
    """Field by field; every field that one of the two has. paper: None for a new one."""
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
    found = [_compared(name, here.get(name), there[name], candidate, paper) for name in there]
    return [row for row in found if row.here or row.there]


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
    name: str, here: Any, there: Any, candidate: Candidate, paper: Paper | None
) -> Comparison:
    sure = round(candidate.sure_of(name), 3)
    if not there:
        return Comparison(name, here, there, Verdict.SILENT, sure)
    if name in IDENTIFIERS:
        owner = paper_with(name, there)
        if owner is not None and (paper is None or owner.pk != paper.pk):
            note = f"belongs to “{owner.title}” here"
            return Comparison(name, here or "", there, Verdict.DIFFERS, sure, note)
    if not here:
        enough = SURE_OF_IDENTIFIER if name in IDENTIFIERS else SURE_ENOUGH
        verdict = Verdict.FILLS if paper is None or sure >= enough else Verdict.DIFFERS
        return Comparison(name, here, there, verdict, sure)
    same = _SAME.get(name, _same_text)(here, there, candidate, paper)  # type: ignore[operator]
    return Comparison(name, here, there, Verdict.SAME if same else Verdict.DIFFERS, sure)


def _same_text(here: str, there: str, candidate: Candidate, paper: Paper | None) -> bool:
    return fold(here).replace(" ", "") == fold(there).replace(" ", "")


def _same_authors(
    here: list[str], there: list[str], candidate: Candidate, paper: Paper | None
) -> bool:
    """The same people in the same order; initials and accents make no difference."""
    if len(here) != len(there):
        return False
    pairs = zip(here, there, strict=True)
    return all(fold(one) == fold(other) or may_be_same(one, other) for one, other in pairs)


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


def known_venue(text: str) -> Venue | None:
    """The venue that a line names: the longest full name or acronym that stands in it."""
    words = fold(text)
    if not words:
        return None
    best, length = None, 0
    for venue in Venue.objects.all():
        for name in (venue.full_name, venue.name):
            plain = fold(name)
            if len(plain) > length and _names_venue(text, words, name, plain, venue):
                best, length = venue, len(plain)
    return best


def _names_venue(text: str, words: str, name: str, plain: str, venue: Venue) -> bool:
    """Journals have plain names ("Machine Learning"), so theirs must begin the line, and volume or
    year follow. An acronym counts when it is printed as one: "MICRO", not "micro"."""
    if venue.kind == Venue.Kind.JOURNAL and " " in plain:
        rest = words.removeprefix(plain)
        return rest != words and (not rest or rest.lstrip()[:1].isdigit())
    return f" {plain} " in f" {words} " and (" " in plain or name in text)
