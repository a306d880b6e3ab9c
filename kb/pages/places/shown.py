"""What pages of labs, organisations, courses and books show: records behind names and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Authorship, Book, Course, Lab, Organisation, Paper, Person
from papers.models.place import Place
from papers.places.export import keys_in
from papers.places.pointing import (
    PrintedName,
    papers_by_key,
    people_at,
    people_called,
    sponsorships,
    topics_by_slug,
)
from taxonomy.models import Topic

Context = dict[str, Any]


# --- lists ---


@dataclass(frozen=True)
class Listed:
    """A record in a list. facts: what tells it from others, in a few words."""

    place: Place
    facts: str
    topics: Sequence[Topic] = ()
    note: str = ""


Group = tuple[str, list[Listed]]
ROLES = (
    *(Words("a work of"), Words("read in"), Words("leads"), Words("member of"), Words("teaches")),
    *(Words("wrote"), Words("works on it"), Words("teaches it"), Words("has it in")),
)
"""As what records point to others, which templates say in the language of the page."""


def _works_in_words(number: int) -> str:
    return ngettext("{n} work", "{n} works", number).format(n=number) if number else ""


def _lectures(number: int) -> str:
    return ngettext("{n} lecture", "{n} lectures", number).format(n=number) if number else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _grouped(entries: Iterable[tuple[str, Listed]]) -> list[Group]:
    """Under headings in the order of their letters; what has none comes last."""
    groups: dict[str, list[Listed]] = {}
    for heading, entry in entries:
        groups.setdefault(heading, []).append(entry)
    return sorted(groups.items(), key=lambda group: (not group[0], group[0]))


def _topics_of(places: Sequence[Place]) -> dict[str, Topic]:
    return topics_by_slug([slug for place in places for slug in place.topics])


def _paper_counts(places: Sequence[Place], user: Visitor) -> dict[int, int]:
    """Papers that each of them names and `user` may see."""
    seen = papers_by_key([key for place in places for key in keys_in(place)], user)
    return {place.pk: sum(key in seen for key in keys_in(place)) for place in places}


def _labs(labs: Sequence[Lab], user: Visitor) -> list[Group]:
    topics, counts = _topics_of(labs), _paper_counts(labs, user)
    return _grouped(
        (
            lab.country,
            Listed(
                lab,
                _joined(lab.affiliation, ", ".join(lab.leads), _works_in_words(counts[lab.pk])),
                [topics[slug] for slug in lab.topics if slug in topics][:4],
                Words("unconfirmed affiliation") if "affiliation" in lab.doubts else "",
            ),
        )
        for lab in labs
    )


def _organisations(organisations: Sequence[Organisation], user: Visitor) -> list[Group]:
    counts = _paper_counts(organisations, user)
    words = {
        "company": Words("Companies"),
        "institute": Words("Institutes"),
        "university": Words("Universities"),
    }
    words |= {"project": Words("Open-source projects"), "": Words("Kind not known")}
    return [
        (words[kind], entries)
        for kind, entries in _grouped(
            (
                organisation.kind,
                Listed(
                    organisation,
                    _joined(
                        _works_in_words(counts[organisation.pk]),
                        ", ".join(product["name"] for product in organisation.products),
                    ),
                ),
            )
            for organisation in organisations
        )
    ]


def _courses(courses: Sequence[Course], user: Visitor) -> list[Group]:
    topics = _topics_of(courses)
    return _grouped(
        (
            course.provider,
            Listed(
                course,
                _joined(
                    ", ".join(course.lecturers),
                    course.term,
                    _lectures(len(course.lectures)),
                ),
                [topics[slug] for slug in course.topics if slug in topics][:4],
                Words("unconfirmed title") if "name" in course.doubts else "",
            ),
        )
        for course in courses
    )


def _books(books: Sequence[Book], user: Visitor) -> list[Group]:
    topics = _topics_of(books)
    newest = sorted(books, key=lambda book: (-(book.year or 0), book.name))
    entries = [
        Listed(
            book,
            _joined(", ".join(book.authors), book.publisher, str(book.year or "")),
            [topics[slug] for slug in book.topics if slug in topics][:4],
            Words("unconfirmed year") if "year" in book.doubts else "",
        )
        for book in newest
    ]
    return [("", entries)] if entries else []


LISTED: dict[str, Callable[[Any, Visitor], list[Group]]] = {
    "lab": _labs,
    "organisation": _organisations,
    "course": _courses,
    "book": _books,
}


# --- pages ---


def _people(names: Sequence[str], user: Visitor) -> list[PrintedName]:
    """The names in their order, each with its person here and that person's papers."""
    people = people_called(names, user)
    counts = _paper_count_of(people.values(), user)
    return [
        PrintedName(name, people.get(name), counts.get(people[name].pk, 0) if name in people else 0)
        for name in names
    ]


def _paper_count_of(people: Iterable[Person], user: Visitor) -> dict[int, int]:
    written = Authorship.objects.filter(
        person__in=list(people), paper__in=Paper.objects.visible_to(user)
    )
    counted = written.order_by().values("person").annotate(papers=Count("paper", distinct=True))
    return {row["person"]: row["papers"] for row in counted}


def _works(place: Place, user: Visitor) -> list[Paper]:
    """Papers that the record names, newest first."""
    papers = {paper.pk: paper for paper in papers_by_key(keys_in(place), user).values()}
    return sorted(papers.values(), key=lambda paper: (-paper.year, paper.title))


def _chips(place: Place) -> list[Topic]:
    topics = topics_by_slug(place.topics)
    return [topics[slug] for slug in place.topics if slug in topics]


def _lab(lab: Lab, user: Visitor) -> Context:
    return {
        "leads": _people(lab.leads, user),
        "members": _people(lab.members, user),
        "works": _works(lab, user),
        "topics": _chips(lab),
    }


def _organisation(organisation: Organisation, user: Visitor) -> Context:
    return {
        "works": _works(organisation, user),
        "affiliated": people_at(organisation, user),
        "sponsorships": sponsorships([organisation])[organisation.pk],
        "topics": _chips(organisation),
    }


@dataclass(frozen=True)
class ShownLecture:
    """A lecture with its papers and topics here."""

    title: str
    url: str
    video: str
    papers: list[Paper]
    topics: list[Topic]


def _course(course: Course, user: Visitor) -> Context:
    papers = papers_by_key(keys_in(course), user)
    named = [slug for entry in course.lectures for slug in entry.get("topics", [])]
    topics = topics_by_slug(named)
    lectures = [
        ShownLecture(
            entry["title"],
            entry.get("url", ""),
            entry.get("video", ""),
            [papers[key] for key in entry.get("papers", []) if key in papers],
            [topics[slug] for slug in entry.get("topics", []) if slug in topics],
        )
        for entry in course.lectures
    ]
    return {
        "lecturers": _people(course.lecturers, user),
        "lectures": lectures,
        "topics": _chips(course),
    }


def _book(book: Book, user: Visitor) -> Context:
    named = [slug for chapter in book.chapters for slug in chapter.get("topics", [])]
    topics = topics_by_slug(named)
    chapters = [
        (chapter["title"], [topics[s] for s in chapter.get("topics", []) if s in topics])
        for chapter in book.chapters
    ]
    return {
        "authors": _people(book.authors, user),
        "chapters": chapters,
        "topics": _chips(book),
    }


SHOWN: dict[str, Callable[[Any, Visitor], Context]] = {
    "lab": _lab,
    "organisation": _organisation,
    "course": _course,
    "book": _book,
}
