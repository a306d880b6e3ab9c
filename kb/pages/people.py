"""People: the index of names, and one page a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from accounts.words import Words
from community.reviews.deciding import review_summary
from community.reviews.pages import by_person as reviews_by
from kb.pages.papers import linked_data
from kb.pages.rendering import render_part
from kb.site.kept_parts import Later
from papers.curation.people import same_person_suggestions
from papers.models import (
    AcceptedPaper,
    Authorship,
    Paper,
    Person,
    Talk,
    WorkshopRole,
)
from papers.people_index import LETTERS, OTHER, Letter, PeopleIndex
from papers.places.pointing import naming_person
from papers.workshops.programme import links_at
from taxonomy.models import Topic

PAGE_LENGTH = 90
_PARTS = (
    ("papers", Words("Papers"), "works"),
    ("accepted", Words("At workshops"), "accepted"),
    ("talks", Words("Talks"), "talks"),
    ("roles", Words("Roles"), "roles"),
    ("reviews", Words("Reviews"), "reviews"),
)
ROLE_WORDS = {
    "pc": Words("programme committee"),
    "keynote": Words("keynote speaker"),
    "invited": Words("invited speaker"),
    "contact": Words("contact person"),
    "organizer": Words("organizer"),
    "panelist": Words("panelist"),
    "panel_chair": Words("panel chair"),
    "area_chair": Words("area chair"),
    "reviewer": Words("reviewer"),
    "volunteer": Words("volunteer"),
}
SORTS = (("papers", Words("Most papers")), ("name", Words("Family name")))


@dataclass(frozen=True)
class PeopleChoice:
    """What the reader asked of the index; anything odd falls back to everybody."""

    q: str
    letter: str
    sort: str
    page: str

    @classmethod
    def of(cls, request: HttpRequest) -> PeopleChoice:
        get = request.GET.get
        letter, sort = get("letter", "").lower(), get("sort", "")
        q = get("q", "").strip()[:100]
        letter = letter if letter and letter in (*LETTERS, OTHER) and not q else ""
        default = "name" if letter else "papers"
        return cls(q, letter, sort if sort in dict(SORTS) else default, get("page", "1"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody, by papers or by name; the search folds accents and knows other spellings."""
    choice = PeopleChoice.of(request)
    everybody = cache(lambda: PeopleIndex(request.user))
    letters = cache(lambda: everybody().letters())
    context = {
        "section": "people",
        "choice": choice,
        "chosen": Later(lambda: _chosen(choice, everybody(), letters)),
        "first_letters": Later(lambda: {"letters": letters()}),
        "sorts": SORTS,
    }
    return render_part(
        request,
        page="people/index.html",
        part="people/_people.html",
        target="people",
        context=context,
    )


def _chosen(
    choice: PeopleChoice, everybody: PeopleIndex, letters: Callable[[], list[Letter]]
) -> dict[str, Any]:
    """A page of the people asked for; they are counted once, by their letters where that can be."""
    named = {"letter": choice.letter, "words": choice.q}
    if choice.q:
        number = everybody.count(**named)
    else:
        number = sum(n for letter, _, n in letters() if choice.letter in ("", letter))
    page = _Counted(number).get_page(choice.page)
    first = (page.number - 1) * PAGE_LENGTH
    people = everybody.page(first=first, most=PAGE_LENGTH, sort=choice.sort, **named)
    return {"page": page, "people": people, "read": (number, page.number, people)}


class _Counted(Paginator):
    """Pages of so many people: which ones is asked for apart."""

    def __init__(self, number: int) -> None:
        super().__init__(range(number), PAGE_LENGTH)


@dataclass(frozen=True)
class Work:
    """A paper of this person with their place in its author list."""

    paper: Paper
    place: str  # sole, first, last or between
    position: str


@dataclass(frozen=True)
class Role:
    """What this person did at a workshop, in words."""

    held: WorkshopRole
    words: str


@dataclass(frozen=True)
class Told:
    """A talk of a person. links: those of the programme that are valid now."""

    talk: Talk
    links: list[dict[str, str]]


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One person: works, roles, talks, the people around them."""
    if survivor := Person.objects.filter(merged__slug=slug).first():
        return HttpResponsePermanentRedirect(survivor.get_absolute_url())
    person = get_object_or_404(Person.objects.visible_to(request.user), slug=slug)
    papers = list(
        Paper.objects.visible_to(request.user)
        .filter(authorships__person=person)
        .distinct()
        .for_cards()
    )
    works = [Work(paper, *_position(paper, person)) for paper in papers]
    spellings = [alias.name for alias in person.aliases.all() if alias.name != person.name]
    context: dict[str, Any] = {
        "section": "people",
        "person": person,
        "spellings": spellings,
        "mentions": naming_person([person.name, *spellings]),
        "works": works,
        "places": _places(works),
        "years": dict(Counter(paper.year for paper in papers)),
        "topics": _topics(papers),
        "co_authors": _co_authors(papers, person),
        "roles": _roles(person),
        "talks": _talks(person, now()),
        "accepted": _accepted(person, request.user),
        "reviews": [(review, review_summary(review)) for review in reviews_by(person)],
        "suggestions": same_person_suggestions(person, request.user),
        "linked_data": linked_data.person(request, person, spellings),
    }
    context["parts"] = [
        (anchor, name, len(context[key])) for anchor, name, key in _PARTS if len(context[key])
    ]
    return render(request, "people/detail.html", context)


def _position(paper: Paper, person: Person) -> tuple[str, str]:
    """Place in the author list, and the same in words: "first of 5 authors", "3rd of 5 authors"."""
    authors: Sequence[Authorship] = paper.authorships.all()  # type: ignore[assignment]
    count = len(authors)
    place = next(i for i, a in enumerate(authors, start=1) if a.person_id == person.pk)
    if count == 1:
        return "sole", Words("sole author")
    if place in (1, count):
        if place == 1:
            return "first", gettext("first of {count} authors").format(count=count)
        return "last", gettext("last of {count} authors").format(count=count)
    return "between", gettext("{place} of {count} authors").format(
        place=_ordinal(place), count=count
    )


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return gettext("{number}{ending}").format(number=number, ending=ending)


def _places(works: Iterable[Work]) -> list[tuple[str, int]]:
    """How often this person stands alone, first, last or in between."""
    named = {
        "sole": Words("Sole author"),
        "first": Words("First author"),
        "last": Words("Last author"),
    }
    counts = Counter(named.get(work.place, "In between") for work in works)
    return [(name, counts[name]) for name in (*named.values(), Words("In between")) if counts[name]]


def _topics(papers: Iterable[Paper]) -> list[tuple[Topic, int]]:
    """Topics of these papers with the number of papers, most frequent first."""
    topics: dict[int, Topic] = {}
    counts: Counter[int] = Counter()
    for paper in papers:
        for placement in paper.placements.all():
            topics[placement.topic_id] = placement.topic
            counts[placement.topic_id] += 1
    ranked = sorted(topics.values(), key=lambda topic: (-counts[topic.pk], topic.position))
    return [(topic, counts[topic.pk]) for topic in ranked[:12]]


def _co_authors(papers: Iterable[Paper], person: Person) -> list[tuple[Person, int]]:
    """People in the same author lists with the number of papers together."""
    people: dict[int, Person] = {}
    counts: Counter[int] = Counter()
    for paper in papers:
        beside = {a.person for a in paper.authorships.all() if a.person is not None} - {person}
        people |= {other.pk: other for other in beside}
        counts.update(other.pk for other in beside)
    ranked = sorted(people.values(), key=lambda other: (-counts[other.pk], other.name))
    return [(other, counts[other.pk]) for other in ranked]


def _roles(person: Person) -> list[Role]:
    held = person.workshop_roles.select_related("workshop").order_by(
        "-workshop__year", "-workshop__date", "workshop__slug", "position"
    )
    return [Role(role, ROLE_WORDS.get(role.role, role.role.replace("_", " "))) for role in held]


def _talks(person: Person, moment: dt.datetime) -> list[Told]:
    talks = person.talks.select_related("workshop", "slot").order_by(
        "-workshop__year", "-workshop__date", "position"
    )
    return [Told(talk, links_at(talk.links, talk.workshop, moment)) for talk in talks]


def _accepted(person: Person, user: Visitor) -> QuerySet[AcceptedPaper]:
    """Entries in workshops' lists that are no paper of the base."""
    here = Paper.objects.visible_to(user)
    return (
        AcceptedPaper.objects.filter(authors__person=person)
        .exclude(paper__in=here)
        .select_related("workshop")
        .distinct()
        .order_by("-workshop__year", "workshop__slug", "position")
    )
