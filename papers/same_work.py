"""Is this the same work? The one rule, for uploads, imports, data files and workshops' lists.

A preprint and the paper it became are one work; two works may bear one title. Identifiers speak
first, then the title with the authors. Where they speak against each other a person is asked, and
nothing is merged until somebody says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product

from django.db.models import Q, Value
from rapidfuzz import fuzz

from papers.formats.citation import author_of
from papers.identifiers import Scheme
from papers.models import FoldTitle, Paper
from papers.models.paper import PaperQuerySet
from papers.names import fold, tidy
from papers.survivors import survivor
from papers.versions import arxiv_year

SCHEME_NAMES = {
    Scheme.ARXIV: "arXiv id",
    Scheme.DOI: "DOI",
    Scheme.OPENREVIEW: "OpenReview id",
    Scheme.ACL: "ACL id",
}
LONG_TITLE = 25
"""Letters from which a title is unlikely to be borne by two works that share an author."""
SHORTEST_TITLE = 4
"""Letters below which a title says nothing."""
LIKE_TITLES = 60.0
"""Likeness (0 to 100) from which two titles may be wordings of one: a preprint is renamed."""
YEARS_APART = 2
"""A preprint is often one or two years older than the paper it became; more is told apart."""
_REPEATED = re.compile(
    r"(?:guest |from the |note from the |letter from the )?editors?(?:ials?)?(?: s)?"
    r"(?: (?:introduction|preface|foreword|notes?|column|message|overview|comments?))?"
    r"|(?:preface|foreword|introduction|overview|summary)"
    r"(?: (?:to|of|for) (?:the|this) (?:special |theme |themed )?(?:issue|section|volume|track)"
    r"(?: (?:on|of|for|about) .{1,120})?)?"
    r"|(?:message|welcome)(?: message)? from the .{1,60}"
    r"|erratum|corrigendum|correction|corrections|discussion|reply|response|comments?|book reviews?"
    r"|in this issue|front matter|back matter|table of contents|author index|list of reviewers"
    r"|call for papers|in memoriam|obituary|前言|编者按|卷首语|目录"
)
"""Titles that one author may give to a new work each year, folded."""
_SIGNED = re.compile(r"\b\w+[+#]+(?![\w+#])|\d+\.\d+(?![\d.])")
"""What folding makes one of two things: "C++" and "C#" become "C", "2.0" becomes "20"."""
_MOST = 20  # papers of one title that are looked at


class Answer(StrEnum):
    SAME = "same"
    ASK = "ask"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Verdict:
    """`reason`: what showed that they are the same, what speaks against it, or how they differ."""

    answer: Answer
    reason: str


@dataclass(frozen=True)
class Work:
    """What is known of a work where it is told apart from others; empty is "not known".

    authors: as printed, in order. ids: in their normal forms, by scheme.
    """

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def title_key(self) -> str:
        return fold(self.title).replace(" ", "")

    @property
    def years(self) -> set[int]:
        """Years of its appearances, as far as they are known."""
        arxiv = self.ids.get(Scheme.ARXIV)
        return {year for year in (self.year, arxiv_year(arxiv) if arxiv else None) if year}


def same_work(first: Work, second: Work) -> Verdict:
    """Whether two descriptions are of one work. Symmetric, and decided by them alone."""
    shared = [s for s in Scheme if _id(first, s) and _id(first, s) == _id(second, s)]
    if shared:
        return _by_identifier(first, second, SCHEME_NAMES[shared[0]])
    if first.title_key != second.title_key or len(first.title_key) < SHORTEST_TITLE:
        return Verdict(Answer.DIFFERENT, "another title")
    return _by_title(first, second)


def _id(work: Work, scheme: Scheme) -> str:
    return work.ids.get(scheme, "").casefold()


def _clash(first: Work, second: Work) -> str:
    """The first scheme in which both have an identifier, and not the same; empty for none."""
    for scheme, name in SCHEME_NAMES.items():
        if _id(first, scheme) and _id(second, scheme) and _id(first, scheme) != _id(second, scheme):
            return name
    return ""


def _by_identifier(first: Work, second: Work, name: str) -> Verdict:
    """An identifier may be mistyped, or stand on a page as that of another work."""
    titles = fold(first.title), fold(second.title)
    if not all(titles) or fuzz.token_set_ratio(*titles) >= LIKE_TITLES:
        return Verdict(Answer.SAME, name)
    if not _common_authors(first, second):
        return Verdict(Answer.ASK, f"the same {name}, but another title and no author in common")
    if clash := _clash(first, second):
        return Verdict(Answer.ASK, f"the same {name}, but another title and another {clash}")
    return Verdict(Answer.SAME, name)


def _by_title(first: Work, second: Work) -> Verdict:
    """Titles are alike; authors, years and identifiers must not speak against it."""
    is_long = len(first.title_key) >= LONG_TITLE
    pairs = product(first.years, second.years)
    apart = min((abs(year - other) for year, other in pairs), default=None)
    is_near = apart is None or apart <= YEARS_APART
    fewest = min(len(_named(first)), len(_named(second)))
    common = _common_authors(first, second)
    if fewest and not common:
        if is_long and is_near and not _clash(first, second):
            return Verdict(Answer.ASK, "the same title, but no author in common")
        return Verdict(Answer.DIFFERENT, "other authors")
    if _REPEATED.fullmatch(fold(first.title)) and apart != 0:
        if apart is None:
            return Verdict(Answer.ASK, "a title that returns from year to year")
        return Verdict(Answer.DIFFERENT, "another year of a title that returns")
    if not is_near:
        if fewest or (is_long and not _clash(first, second)):
            return Verdict(Answer.ASK, f"the same title, but {apart} years apart")
        return Verdict(Answer.DIFFERENT, "another year")
    if clash := _clash(first, second):
        return Verdict(Answer.ASK, f"the same title, but another {clash}")
    if _signed_words(first.title) != _signed_words(second.title):
        return Verdict(Answer.ASK, "the same title but for a sign in it")
    if not fewest:
        return Verdict(
            *((Answer.SAME, "title") if is_long else (Answer.ASK, "a short title alone"))
        )
    return _by_authors(first, second, is_long, common, fewest)


def _signed_words(title: str) -> list[str]:
    return sorted(word.casefold() for word in _SIGNED.findall(tidy(title)))


def _by_authors(first: Work, second: Work, is_long: bool, common: int, fewest: int) -> Verdict:
    """Title and year fit, and somebody stands in both lists."""
    leading = _named(first)[0], _named(second)[0]
    if compatible_names(*leading):
        is_full = any(len(word) > 1 for word in _given_words(author_of(leading[0]).given))
        is_telling = is_long and is_full and fold(leading[0]) == fold(leading[1])
        if fewest > 1 and common == 1 and not is_telling:
            return Verdict(Answer.ASK, "the same title and first author, but other co-authors")
        return Verdict(Answer.SAME, "title and first author")
    if is_long and 2 * common >= fewest:
        return Verdict(Answer.SAME, "title and an author")
    return Verdict(Answer.ASK, "the same title and an author, but another first author")


def _named(work: Work) -> list[str]:
    """The authors, without the words that stand for more of them."""
    others = {"et al", "others", "and others", "等"}
    return [name for name in work.authors if fold(name) and fold(name) not in others]


def _common_authors(first: Work, second: Work) -> int:
    """How many names of the shorter list may be those of somebody in the longer one."""
    short, long = sorted((_named(first), _named(second)), key=len)
    return sum(any(compatible_names(name, other) for other in long) for name in short)


# --- names ---


def compatible_names(name: str, other: str) -> bool:
    """Whether nothing in two printed names speaks against their being one person's.

    Initials fit full names, a missing middle name fits any, family and given name may have changed
    places ("Huang, G.", "HUANG G", "Huang Gao"), and suffixes (Jr., III) are no names.
    """
    folded = sorted(fold(name).split()), sorted(fold(other).split())
    if folded[0] == folded[1] or "".join(fold(name).split()) == "".join(fold(other).split()):
        return True
    return any(
        _families_fit(family, other_family) and _givens_fit(given, other_given)
        for (family, given), (other_family, other_given) in product(
            _readings(name), _readings(other)
        )
    )


def _readings(name: str) -> Iterator[tuple[str, list[str]]]:
    """Family and given names as they may be meant: "Chen DX" is also D. X. Chen."""
    author = author_of(name)
    yield _plain(author.family), _given_words(author.given)
    words = tidy(name).split()
    if "," not in name and len(words) > 1 and re.fullmatch(r"[A-Z]{1,3}", words[-1]):
        yield _plain(" ".join(words[:-1])), [letter.lower() for letter in words[-1]]


def _plain(name: str) -> str:
    """Folded, with "ue" for "ü" and the like made one with the bare vowel."""
    return re.sub(r"(?<=[aou])e", "", fold(name))


def _given_words(given: str) -> list[str]:
    """Folded, initials that stand together ("JG") taken apart."""
    words: list[str] = []
    for word in re.split(r"[\s.\-‐–]+", given):
        glued = re.fullmatch(r"[A-Z]{2,3}", word)
        words += [letter.lower() for letter in word] if glued else _plain(word).split()
    return words


def _families_fit(family: str, other: str) -> bool:
    """Alike, but for particles and the first part of a double name."""
    return bool(family and other) and (
        family == other or family.endswith(f" {other}") or other.endswith(f" {family}")
    )


def _givens_fit(given: list[str], other: list[str]) -> bool:
    if not given or not other or "".join(given) == "".join(other):
        return True
    short, long = sorted((given[1:], other[1:]), key=len)
    return _one_given(given[0], other[0]) and all(
        any(_one_given(word, there) for there in long) for word in short
    )


def _one_given(name: str, other: str) -> bool:
    return name == other or (min(len(name), len(other)) == 1 and name[0] == other[0])


# --- the works that are here ---


@dataclass(frozen=True)
class Match:
    """A paper that is the same work, or about which somebody must be asked."""

    paper: Paper
    verdict: Verdict

    @property
    def is_sure(self) -> bool:
        return self.verdict.answer == Answer.SAME

    @property
    def by(self) -> str:
        """What showed it, or what speaks against it."""
        return self.verdict.reason


def find_same(work: Work, among: PaperQuerySet | None = None) -> Match | None:
    """The paper here that is this work, following merges; else one to ask about; else None.

    among: papers that count; None for all, whatever their state.
    """
    return _first_fitting(work, candidates(work, among))


def find_same_of(works: Sequence[Work], among: PaperQuerySet | None = None) -> list[Match | None]:
    """The same for many works, in four queries whatever their number."""
    by_id: dict[tuple[str, str], list[Paper]] = {}
    by_title: dict[str, list[Paper]] = {}
    wanted = Q(pk=None)
    for scheme in Scheme:
        values = {value for work in works if (value := work.ids.get(scheme))}
        if scheme is Scheme.DOI:
            values |= {value.lower() for value in values}
        wanted |= Q(**{f"{scheme}__in": values})
    titles = {work.title for work in works if len(work.title_key) >= SHORTEST_TITLE}
    everything = Paper.objects.all() if among is None else among
    papers = everything.select_related("merged_into").prefetch_related("authorships")
    for paper in papers.filter(wanted).order_by("pk"):
        for name, value in ids_of(paper).items():
            by_id.setdefault((name, value.lower()), []).append(paper)
    folded = [FoldTitle(Value(title)) for title in sorted(titles)]
    titled = papers.annotate(title_key=FoldTitle("title")).filter(title_key__in=folded)  # type: ignore[misc]
    for paper in titled.order_by("pk") if folded else ():
        by_title.setdefault(work_of(paper).title_key, []).append(paper)
    matches = []
    for work in works:
        holders = [p for key in work.ids.items() for p in by_id.get((key[0], key[1].lower()), [])]
        matches.append(_first_fitting(work, [*holders, *by_title.get(work.title_key, [])[:_MOST]]))
    return matches


def _first_fitting(work: Work, papers: Iterable[Paper]) -> Match | None:
    doubtful = None
    for paper in papers:
        verdict = same_work(work, work_of(paper))
        if verdict.answer == Answer.SAME:
            return Match(survivor(paper), verdict)
        if verdict.answer == Answer.ASK and doubtful is None:
            doubtful = Match(survivor(paper), verdict)
    return doubtful


def candidates(work: Work, among: PaperQuerySet | None = None) -> Iterable[Paper]:
    """Papers that may be `work`: holders of its identifiers, then those of its title."""
    holders = Q()
    for scheme in Scheme:
        if value := work.ids.get(scheme):
            holders |= Q(**{f"{scheme}__iexact" if scheme is Scheme.DOI else scheme: value})
    everything = Paper.objects.all() if among is None else among
    papers = everything.select_related("merged_into").prefetch_related("authorships")
    if holders:
        yield from papers.filter(holders).order_by("pk")
    if len(work.title_key) >= SHORTEST_TITLE:
        titled = papers.annotate(title_key=FoldTitle("title"))
        yield from titled.filter(title_key=FoldTitle(Value(work.title))).order_by("pk")[:_MOST]


def work_of(paper: Paper) -> Work:
    """A paper here, as it is told apart from others."""
    return Work(
        title=paper.title,
        authors=tuple(row.printed_name for row in paper.authorships.all()),
        year=paper.year,
        ids=ids_of(paper),
    )


def ids_of(record: object) -> dict[str, str]:
    """The identifiers of anything with a field for each scheme."""
    return {scheme: getattr(record, scheme) for scheme in Scheme if getattr(record, scheme)}
