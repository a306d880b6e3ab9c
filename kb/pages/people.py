"""People: the index of names, and one page a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left
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
from kb.site.kept_parts import Later, kept
from papers.curation.people import same_person_suggestions
from papers.models import (
    AcceptedPaper,
    Authorship,
    Paper,
    Person,
    PersonAlias,
    Talk,
    WorkshopRole,
)
from papers.names import fold
from papers.places.pointing import naming_person
from papers.workshops.programme import links_at
from taxonomy.models import Topic

PAGE_LENGTH = 90
LETTERS = "abcdefghijklmnopqrstuvwxyz"
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
        letter = letter if letter and letter in (*LETTERS, "other") and not q else ""
        default = "name" if letter else "papers"
        return cls(q, letter, sort if sort in dict(SORTS) else default, get("page", "1"))


@dataclass(frozen=True)
class Listed:
    """A person in the index: a spelling that fits, works here, roles at workshops."""

    person: Person
    paper_count: int
    workshop_count: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody, by papers or by name; the search folds accents and knows other spellings."""
    choice = PeopleChoice.of(request)
    letters = Later(
        lambda: {"letters": kept(request, "first letters", lambda: _letters(request.user))}
    )
    context = {
        "section": "people",
        "choice": choice,
        "chosen": Later(lambda: _page(choice, request.user, letters)),
        "first_letters": letters,
        "sorts": SORTS,
    }
    return render_part(
        request,
        page="people/index.html",
        part="people/_people.html",
        target="people",
        context=context,
    )


def _page(choice: PeopleChoice, user: Visitor, letters: Later) -> dict[str, Any]:
    people = _chosen(choice, user)
    if choice.q or choice.letter:
        page = Paginator(people, PAGE_LENGTH).get_page(choice.page)
        return {"page": page, "people": _with_counts(page)}
    everybody = sum(number for _, _, number in letters.values()["letters"])
    page = _Counted(people, everybody).get_page(choice.page)
    return {"page": page, "people": _with_counts(page)}


class _Counted(Paginator):
    """Pages of so many people as were counted for their letters: to count them takes long."""

    def __init__(self, people: QuerySet[Any], number: int) -> None:
        super().__init__(people, PAGE_LENGTH)
        self.number = number

    @property
    def count(self) -> int:
        return self.number


def _named(user: Visitor) -> QuerySet[Any]:
    """People that `user` may see, with `family`: the folded last word of the name they go by."""
    family = Func(
        F("aliases__folded"),
        Value("[^ ]+$"),
        function="substring",
        template="%(function)s(%(expressions)s)",
    )
    return (
        Person.objects.visible_to(user)
        .filter(aliases__name=F("name"))
        .annotate(family=family, folded=F("aliases__folded"))
    )


def _chosen(choice: PeopleChoice, user: Visitor) -> QuerySet[Any]:
    people = _named(user)
    if choice.letter == "other":
        people = people.exclude(family__regex="^[a-z]")
    elif choice.letter:
        people = people.filter(family__startswith=choice.letter)
    for word in fold(choice.q).split():
        spelled = PersonAlias.objects.filter(folded__contains=word)
        people = people.filter(pk__in=spelled.values("person"))
    if choice.q and not fold(choice.q):
        people = people.none()
    people = people.annotate(paper_count=_paper_count(user))
    if choice.sort == "name":
        return people.order_by("family", "folded", "pk")
    return people.order_by("-paper_count", "family", "folded", "pk")


def _paper_count(user: Visitor) -> Coalesce:
    """Papers of each person that `user` may see.

    A subquery: PostgreSQL takes the join of people with their own name for a single row, and
    would go through all authorships for each of them.
    """
    written = Authorship.objects.filter(
        person=OuterRef("pk"), paper__in=Paper.objects.visible_to(user)
    )
    counted = written.order_by().values("person").annotate(papers=Count("paper", distinct=True))
    return Coalesce(Subquery(counted.values("papers")), 0)


def _with_counts(people: Iterable[Any]) -> list[Listed]:
    """Adds the number of workshops in which each took part in any way."""
    shown = list(people)
    workshops: dict[int, set[int]] = {person.pk: set() for person in shown}
    took_part = WorkshopRole.objects.filter(person__in=shown).values_list("person", "workshop")
    wrote = AcceptedPaper.objects.filter(authors__person__in=shown)
    for person_id, workshop_id in (*took_part, *wrote.values_list("authors__person", "workshop")):
        if person_id in workshops:
            workshops[person_id].add(workshop_id)
    return [Listed(person, person.paper_count, len(workshops[person.pk])) for person in shown]


def _letters(user: Visitor) -> list[tuple[str, str, int]]:
    """(value, label, people) for each first letter of a family name that occurs."""
    rows = _named(user).annotate(letter=Left("family", 1)).values("letter").order_by()
    counts = {row["letter"]: row["people"] for row in rows.annotate(people=Count("pk"))}
    plain = [(x, x.upper(), counts[x]) for x in LETTERS if x in counts]
    other = sum(number for letter, number in counts.items() if letter not in LETTERS)
    return [*plain, ("other", "other", other)] if other else plain


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
