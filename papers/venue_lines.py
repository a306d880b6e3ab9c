"""Which venue a printed line names, if any: "Proc. 35th ICML", "Submitted to ICLR 2025". Pure.

A line names a venue when, without its trimmings (proceedings of, ordinals, years, publishers), the
whole of it or one of its parts *is* a name of the venue. A name inside a longer one is another
venue: ICMLA is the "International Conference on Machine Learning and Applications".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from papers.names import fold


@dataclass(frozen=True)
class VenueNames:
    """A venue as lines may print it; `kind` in the words of Venue.Kind."""

    slug: str
    kind: str
    short: str
    others: tuple[str, ...] = ()


_NOT_PUBLISHED = re.compile(
    r"\b(?:submitted|submission|submissions|under (?:double[- ]blind )?review|in review|"
    r"in preparation|to be submitted|review pending|pending (?:review|decision)|"
    r"rejected|reject|withdrawn|desk[- ]reject(?:ed)?|not accepted|"
    r"in submission|late[- ]breaking)\b",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\b(CVPR|ICCV|ECCV|WACV|ICML|NeurIPS|ICLR)W\b", re.IGNORECASE)
_WORD = r"\bworkshops?\b"
_WORKSHOP = re.compile(rf"{_WORD}|{_GLUED.pattern}", re.IGNORECASE)
_FROM_WORD = re.compile(rf"{_WORD}.*$", re.IGNORECASE)
_TO_WORD = re.compile(rf"^.*?{_WORD}(?: at| of| on)?", re.IGNORECASE)
_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_OF_ACL = re.compile(r"\bassociation for computational linguistics\b", re.IGNORECASE)
_ORDINAL_WORDS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    "fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|"
    "(?:twenty|thirty|forty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
)
_TRIMMINGS = re.compile(
    r"^(?:in\b|to appear in\b|accepted (?:at|by|to)\b|published (?:at|in)\b|"
    r"(?:presented|appeared|(?:oral|poster|spotlight|talk)(?: presentation)?) (?:at|in)\b|"
    r"(?:published )?as an? (?:\w+ )?paper (?:at|in)\b|"
    r"(?:the )?(?:conference )?proc(?:eedings)?\b\.?(?: of)?(?: the)?|the\b|annual\b|"
    rf"advances in(?= (?:NeurIPS|NIPS)\b)|"
    rf"\d+(?:st|nd|rd|th)\b|(?:{_ORDINAL_WORDS})\b|(?:19|20)\d\d\b|'\d\d\b|ieee/cvf\b|ieee/acm\b|"
    r"acm/ieee\b|ieee\b|acm\b|cvf\b|usenix\b|international(?= acm)|aaai/acm\b|[\W_]+)",
    re.IGNORECASE,
)
_ENDINGS = re.compile(
    r"(?:[\W_]+|\b(?:as|for|with) an? (?:\w+ )?(?:poster|oral|spotlight|talk|paper|presentation)|"
    r"\b(?:19|20)\d\d|'\d\d|\b(?:oral|poster|posters|spotlight|notable|top|accept|accepted|"
    r"paper|papers|long|short|main|track|conference track|conference|regular|proceedings|online|"
    r"talk|datasets and benchmarks|volume|vol|abs)|\b\d{1,4})$",
    re.IGNORECASE,
)
_ARXIV_ID = re.compile(r"\s*(?:arxiv:?\s?|abs/)\d{4}\.\d{4,5}(?:v\d+)?.*$", re.IGNORECASE)
_GLUED_YEAR = re.compile(r"\b([A-Z][A-Za-z]{2,8})(?=(?:19|20)\d\d\b)")
_TRACK_FIRST = re.compile(r"\btrack on datasets and benchmarks\b", re.IGNORECASE)
_INVERTED = re.compile(
    r"^(?P<name>[^,]+), (?P<before>IEEE(?:/ACM)? Transactions on)$", re.IGNORECASE
)
_SPELT_OUT = (
    (_INVERTED, r"\g<before> \g<name>"),  # as IEEE Xplore files its journals
    (_GLUED_YEAR, r"\1 "),
    (_TRACK_FIRST, "datasets and benchmarks"),
    (re.compile(r"\bInt(?:'?l)?\.? (?=Conf)"), "International "),
    (re.compile(r"\bConf\. (?=on|of)"), "Conference "),
)
_SMALL_WORDS = {"in", "on", "of", "the", "and", "for", "&"}
_SUBTITLE = re.compile(r"\s*:\s*(?!vol|no\b|pp|issue)[A-Za-z]", re.IGNORECASE)
_GATHERING = re.compile(r"\([A-Z]{3,}|\b(?:[Cc]onference|[Ss]ymposium|[Mm]eeting)\b")
_PARTS = re.compile(r"[,;:()\[\]|–—]|--|\s-\s|\. (?=[A-Z])|/(?=[A-Z]{3})")

_LONG_PARTS = re.compile(r"[,;:()\[\]|–—]")


def is_unpublished(line: str) -> bool:
    """Whether the line says that the work was not (or not yet) published where it names a venue."""
    return bool(_NOT_PUBLISHED.search(line))


def venue_named(line: str, venues: Iterable[VenueNames]) -> str | None:
    """The slug of the venue that the line names; None for none, or for one that is not among them.

    A workshop, and the Findings of a conference, are venues of their own: the conference is not
    taken for them.
    """
    if not line.strip() or is_unpublished(line):
        return None
    line = _ARXIV_ID.sub("", line) or "arXiv"
    known = list(venues)
    if _FINDINGS.search(line):
        return _findings_of(line, known)
    if _WORKSHOP.search(line):
        return _workshop(line, known)
    return _plain(line, known)


def _plain(line: str, venues: list[VenueNames]) -> str | None:
    by_name = _index(venues)
    if slug := _of(_trimmed(line), by_name, first=True):
        return slug
    for part, first in _parts_of(line, _PARTS):
        if slug := _of(_trimmed(part), by_name, first=first):
            return slug
    for part, first in _parts_of(line, _LONG_PARTS):
        if slug := _abbreviated(_trimmed(part), venues, first=first):
            return slug
    return None


def _parts_of(line: str, separator: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """The parts of a line, and whether a journal's plain name may be meant there: at its start."""
    parts = [part for part in separator.split(line) if part.strip()]
    for number, part in enumerate(parts):
        rest = line[line.find(part) + len(part) :]
        yield part, number == 0 and not _names_another(rest)


def _names_another(rest: str) -> bool:
    """Whether what follows a journal's name makes it a piece of another one: "Machine Learning:
    Science and Technology", "Pattern Recognition (ICPR), 2016 International Conference on"."""
    return bool(_SUBTITLE.match(rest) or _GATHERING.search(rest))


def _abbreviated(part: str, venues: list[VenueNames], *, first: bool) -> str | None:
    """The one venue whose name `part` abbreviates word by word: "Int. Conf. Mach. Learn."."""
    words = _telling_words(part)
    if len(words) < 2:
        return None
    slugs = {
        venue.slug
        for venue in venues
        if first or venue.kind != "journal"
        for printed in (venue.short, *venue.others)
        for name in (_telling_words(printed), _telling_words(_trimmed(printed)))
        if words != name and _shortens(words, name)
    }
    return slugs.pop() if len(slugs) == 1 else None


def _telling_words(name: str) -> list[str]:
    return [word for word in re.findall(r"[\w'-]+\.?", name.lower()) if word not in _SMALL_WORDS]


def _shortens(words: list[str], name: list[str]) -> bool:
    """Whether each word is one of the name or begins it; the full stop of the last one is lost."""
    *before, last = words
    return (
        len(words) == len(name)
        and name[-1].startswith(last.rstrip("."))
        and all(
            whole.startswith(word[:-1]) if word.endswith(".") else whole.rstrip(".") == word
            for word, whole in zip(before, name, strict=False)
        )
    )


def _index(venues: list[VenueNames]) -> dict[str, list[tuple[str, VenueNames]]]:
    """Names in one spelling, each with how it is printed and whose it is."""
    index: dict[str, list[tuple[str, VenueNames]]] = {}
    for venue in venues:
        for name in (venue.short, *venue.others):
            if key := fold(_trimmed(name)) or fold(name):
                index.setdefault(key, []).append((name, venue))
            index.setdefault(fold(name), []).append((name, venue))
    return index


def _of(part: str, by_name: dict[str, list[tuple[str, VenueNames]]], *, first: bool) -> str | None:
    """The venue whose name `part` is. Acronyms count when printed as such ("MICRO", not "micro");
    journals, which have plain names, only at the beginning of a line."""
    for name, venue in by_name.get(fold(part), ()):
        if " " not in name.strip() and name not in part and name.lower() == name:
            continue
        if " " not in name.strip() and _is_acronym(name) and name not in part:
            continue
        if venue.kind == "journal" and not first:
            continue
        return venue.slug
    return None


def _is_acronym(name: str) -> bool:
    return sum(char.isupper() for char in name) >= 2


def _trimmed(text: str) -> str:
    """Without what stands around the name of a venue."""
    before = None
    text = text.strip(" {}")
    for pattern, word in _SPELT_OUT:
        text = pattern.sub(word, text)
    while before != text:
        before = text
        text = _ENDINGS.sub("", _TRIMMINGS.sub("", text)).strip()
    return text or before or ""


def _findings_of(line: str, venues: list[VenueNames]) -> str | None:
    """ "Findings of the Association for Computational Linguistics: EMNLP", "EMNLP (Findings)"."""
    findings = [venue for venue in venues if "findings" in venue.short.casefold()]
    words = set(re.findall(r"[A-Z]{3,}", line))
    for venue in findings:
        conference = venue.short.split()[0]
        if conference != "ACL" and conference in words:
            return venue.slug
    acl = next((venue.slug for venue in findings if venue.short.split()[0] == "ACL"), None)
    return acl if "ACL" in words or _OF_ACL.search(line) else None


def _workshop(line: str, venues: list[VenueNames]) -> str | None:
    """A workshop by its own name, else the workshops of the conference that the line names."""
    workshops = [venue for venue in venues if venue.kind == "workshop"]
    if slug := _plain(line, workshops):
        return slug
    line = _GLUED.sub(r"\1 Workshops", line)
    bare = _FROM_WORD.sub("", line)
    rest = _TO_WORD.sub("", line)
    conferences = [venue for venue in venues if venue.kind == "conference"]
    for text in (bare, rest):
        slug = _plain(text, conferences) or _acronym_in(text, conferences)
        conference = next((venue for venue in conferences if venue.slug == slug), None)
        if conference is not None:
            return _workshops_of(conference, workshops)
    return None


def _acronym_in(text: str, venues: list[VenueNames]) -> str | None:
    words = set(re.findall(r"[A-Za-z]+", text))
    for venue in venues:
        if words & {name for name in (venue.short, *venue.others) if _is_acronym(name)}:
            return venue.slug
    return None


def _workshops_of(conference: VenueNames, workshops: list[VenueNames]) -> str | None:
    names = {f"{conference.short} Workshops", f"{conference.short} Workshop"}
    return next((venue.slug for venue in workshops if venue.short in names), None)
