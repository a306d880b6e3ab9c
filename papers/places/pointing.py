"""What labs, organisations, courses and books point to here, and which of them point to a record.

Their rows hold printed names, keys and slugs. A name leads to the person who was printed so, a key
also to the paper it was merged into or renamed to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, Value

from accounts.models import Visitor
from papers.models import (
    AcceptedAuthor,
    Book,
    Course,
    Lab,
    OldKey,
    Organisation,
    Paper,
    Person,
    PersonAlias,
    Workshop,
    WorkshopRole,
)
from papers.models.asked_often import AskedOften
from papers.names import fold
from papers.places.naming import NamedPlace
from taxonomy.models import Topic

MOST_PEOPLE = 80


@dataclass(frozen=True)
class PrintedName:
    """A name as a record prints it, the person here who is printed so, and their papers here."""

    name: str
    person: Person | None
    paper_count: int = 0


def people_called(names: Iterable[str], user: Visitor = None) -> dict[str, Person]:
    """The person that each of the names leads to; only of those there are and `user` may see."""
    aliases = PersonAlias.objects.filter(
        name__in=list(names), person__in=Person.objects.visible_to(user).values("pk")
    )
    return {alias.name: alias.person for alias in aliases.select_related("person")}


def papers_by_key(keys: Collection[str], user: Visitor = None) -> dict[str, Paper]:
    """The papers that the keys name today, as `user` may see them, with their venues."""
    moved = dict(OldKey.objects.filter(key__in=keys).values_list("key", "paper__key"))
    merged = Paper.objects.filter(key__in=keys).exclude(merged_into=None)
    moved |= dict(merged.values_list("key", "merged_into__key"))
    wanted = {moved.get(key, key) for key in keys}
    seen = Paper.objects.visible_to(user).filter(key__in=wanted).select_related("venue")
    papers = {paper.key: paper for paper in seen}
    return {key: papers[moved.get(key, key)] for key in keys if moved.get(key, key) in papers}


def topics_by_slug(slugs: Collection[str]) -> dict[str, Topic]:
    """The topics of these slugs that are here."""
    return {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}


@dataclass(frozen=True)
class Sponsorship:
    """A workshop that prints the organisation among its sponsors. tier: as printed, or ""."""

    workshop: Workshop
    tier: str


def sponsorships(organisations: Iterable[Organisation]) -> dict[int, list[Sponsorship]]:
    """Workshops here that each of them sponsors, by its id: what their public pages print."""
    owners = {
        fold(name): organisation.pk
        for organisation in organisations
        for name in (organisation.name, *organisation.aliases)
    }
    sponsored: dict[int, list[Sponsorship]] = {pk: [] for pk in owners.values()}
    workshops = Workshop.objects.visible_to().exclude(sponsors=[]) if owners else ()
    for workshop in workshops:
        for sponsor in workshop.sponsors_by_tier:
            if pk := owners.get(fold(sponsor["name"])):
                sponsored[pk].append(Sponsorship(workshop, sponsor["tier"]))
    return sponsored


def sponsors_here(workshop: Workshop) -> dict[str, str]:
    """Addresses of the organisations here that a workshop names as sponsors, by printed name."""
    if not workshop.sponsors:
        return {}
    addresses = {
        fold(name): organisation.get_absolute_url()
        for organisation in Organisation.objects.only("slug", "name", "aliases")
        for name in (organisation.name, *organisation.aliases)
    }
    printed = [sponsor["name"] for sponsor in workshop.sponsors_by_tier]
    return {name: addresses[fold(name)] for name in printed if fold(name) in addresses}


@dataclass(frozen=True)
class Affiliated:
    """Somebody whom workshops here print with an organisation. where: as printed there."""

    person: Person
    where: str
    workshop: Workshop


def people_at(organisation: Organisation, user: Visitor = None) -> list[Affiliated]:
    """People whom public pages of workshops print with it, each once, of the newest workshop.

    An affiliation is of its day: who stands here may have moved on since.
    """
    names = "|".join(re.escape(name) for name in (organisation.name, *organisation.aliases))
    printed = {"affiliation__iregex": rf"(^|[^[:alnum:]])({names})([^[:alnum:]]|$)"}
    seen = Person.objects.visible_to(user).values("pk")
    public = Workshop.objects.visible_to().values("pk")
    roles = WorkshopRole.objects.filter(workshop__in=public, person__in=seen, **printed)
    authors = AcceptedAuthor.objects.filter(
        accepted__workshop__in=public, person__in=seen, **printed
    )
    rows: list[Affiliated] = [
        Affiliated(role.person, role.affiliation, role.workshop)
        for role in roles.select_related("person", "workshop")
        if role.person
    ]
    rows += [
        Affiliated(author.person, author.affiliation, author.accepted.workshop)
        for author in authors.select_related("person", "accepted__workshop")
        if author.person
    ]
    rows.sort(key=lambda row: (fold(row.person.name), -row.workshop.year))
    return list({row.person.pk: row for row in reversed(rows)}.values())[::-1]


# --- which of them point to a record ---


@dataclass(frozen=True)
class Mention:
    """A record that points to a paper, person or topic. role: what as, in words; "" for papers."""

    place: NamedPlace
    role: str


def naming_paper(paper: Paper) -> list[Mention]:
    """Labs and organisations among whose works it is, and courses that read it; one query.

    Also under keys that it once had, and those of records that were merged into it.
    """
    return _mentions(_NAMING_PAPER.of(paper.pk), ["a work of", "read in"])


def _naming_paper(paper: int) -> QuerySet[Any, Any]:
    read = Func(F("lectures"), template="jsonb_path_query_array(%(expressions)s, '$[*].papers[*]')")
    return _united(
        (Lab.objects.filter(_holds_key_of(paper, F("papers"))), "a work of"),
        (Organisation.objects.filter(_holds_key_of(paper, F("papers"))), "a work of"),
        (Course.objects.filter(_holds_key_of(paper, read)), "read in"),
    )


_NAMING_PAPER: AskedOften[dict[str, str]] = AskedOften(_naming_paper)


def _holds_key_of(paper: int, keys: F | Func) -> Q:
    """Whether a list of keys has one of the paper's. paper: its id."""
    own = Paper.objects.filter(Q(pk=paper) | Q(merged_into=paper)).order_by()
    old = OldKey.objects.filter(paper=paper).order_by()
    holds = partial(Func, function="jsonb_exists_any", output_field=BooleanField())
    return Q(holds(keys, ArraySubquery(own.values("key")))) | Q(
        holds(keys, ArraySubquery(old.values("key")))
    )


def naming_person(spellings: Collection[str]) -> list[Mention]:
    """Labs, courses and books that print one of the names; one query."""
    names = list(spellings)
    return _asked(
        (Lab.objects.filter(leads__has_any_keys=names), "leads"),
        (Lab.objects.filter(members__has_any_keys=names), "member of"),
        (Course.objects.filter(lecturers__has_any_keys=names), "teaches"),
        (Book.objects.filter(authors__has_any_keys=names), "wrote"),
    )


_UNDER_TOPIC = """
SELECT 'lab' AS of_kind, slug, name, name_zh, 'works on it' AS role FROM papers_lab
WHERE topics ? %(topic)s
UNION ALL
SELECT 'course', slug, name, name_zh, 'teaches it' FROM papers_course
WHERE topics ? %(topic)s
   OR lectures @> jsonb_build_array(jsonb_build_object('topics', ARRAY[%(topic)s]))
UNION ALL
SELECT 'book', slug, name, name_zh, 'has it in' FROM papers_book
WHERE topics ? %(topic)s
   OR chapters @> jsonb_build_array(jsonb_build_object('topics', ARRAY[%(topic)s]))
"""


def under_topic(topic: Topic) -> list[Mention]:
    """Labs, courses and books of a topic, by what they name themselves; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_TOPIC, {"topic": topic.slug})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _mentions(rows, ["works on it", "teaches it", "has it in"])


def _asked(*asked: tuple[QuerySet[Any], str]) -> list[Mention]:
    return _mentions(_united(*asked), [role for _, role in asked])


def _united(*asked: tuple[QuerySet[Any], str]) -> QuerySet[Any, Any]:
    """One question of several kinds of records, each with the role in which they point."""
    first, *others = (
        rows.order_by()
        .annotate(
            of_kind=Value(rows.model._meta.model_name, CharField()), role=Value(role, CharField())
        )
        .values("of_kind", "slug", "name", "name_zh", "role")
        for rows, role in asked
    )
    return first.union(*others, all=True)


def _mentions(rows: Iterable[dict[str, str]], order: Sequence[str]) -> list[Mention]:
    """The mentions that were found. order: of their roles."""
    mentions = [
        Mention(NamedPlace(r["of_kind"], r["slug"], r["name"], r["name_zh"], (), ""), r["role"])
        for r in rows
    ]
    return sorted(mentions, key=lambda one: (order.index(one.role), fold(one.place.name)))
