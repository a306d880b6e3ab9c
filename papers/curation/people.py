"""People as records: which may be the same person, and the curated act of merging two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext

from accounts.models import User, Visitor
from papers.history import act
from papers.history.moving import move_all
from papers.models import (
    AcceptedAuthor,
    Authorship,
    Person,
    PersonAlias,
    Talk,
    WorkshopRole,
)
from papers.names import fold, given_names, may_be_same
from papers.persons import keep_spelling

_TALKS = Talk.speakers.through


class CannotMerge(Exception):
    """The two records must not become one; the text says why."""


@dataclass(frozen=True)
class Suggestion:
    """Somebody whose name is spelt so that it may be the same person, and what speaks for it."""

    person: Person
    difference: str
    shared: tuple[Person, ...]

    @property
    def shared_count(self) -> int:
        """People who wrote with both."""
        return len(self.shared)


def same_person_suggestions(person: Person, user: Visitor = None) -> list[Suggestion]:
    """Records that may be `person` under another spelling, best supported first.

    Only those that `user` may see. A hint for a curator, never a decision. Spellings that differ
    only by an initial are common among different people, so these need a co-author in common. Two
    names in one author list are two people. Takes four queries, whatever the number of candidates.
    """
    own = list(person.aliases.values_list("name", flat=True)) or [person.name]
    candidates = _same_family(own, person, user)
    if not candidates:
        return []
    circle = _co_authors([person.pk, *candidates])
    suggestions = []
    for candidate, spelling in candidates.values():
        if candidate.pk in circle[person.pk]:
            continue
        shared = circle[person.pk].keys() & circle[candidate.pk].keys()
        difference = difference_of(own[0], spelling)
        if shared or difference != "initials":
            people = sorted((circle[person.pk][pk] for pk in shared), key=lambda p: p.name)
            suggestions.append(Suggestion(candidate, difference, tuple(people)))
    return sorted(suggestions, key=lambda s: (-s.shared_count, s.person.name))


def _same_family(own: list[str], person: Person, user: Visitor) -> dict[int, tuple[Person, str]]:
    """By id: other living people with a spelling that may name the same person."""
    same_family = Q()
    for family in {fold(name).split()[-1] for name in own if fold(name)}:
        same_family |= Q(folded=family) | Q(folded__endswith=" " + family)
    if not same_family:
        return {}
    aliases = PersonAlias.objects.exclude(person=person).filter(
        person__in=Person.objects.visible_to(user)
    )
    candidates: dict[int, tuple[Person, str]] = {}
    for alias in aliases.filter(same_family).select_related("person"):
        if any(may_be_same(name, alias.name) for name in own):
            candidates.setdefault(alias.person_id, (alias.person, alias.name))
    return candidates


def _co_authors(people: Iterable[int]) -> dict[int, dict[int, Person]]:
    """For each person: those who stand in an author list with them, by id."""
    wanted = set(people)
    circle: dict[int, dict[int, Person]] = defaultdict(dict)
    for model, list_of in ((Authorship, "paper"), (AcceptedAuthor, "accepted")):
        lists = model.objects.filter(person__in=wanted).values(list_of)
        rows = model.objects.filter(**{f"{list_of}__in": lists})
        together: dict[int, list[Person]] = defaultdict(list)
        for row in rows.select_related("person"):
            if row.person is not None:
                together[getattr(row, f"{list_of}_id")].append(row.person)
        for group in together.values():
            for member in group:
                if member.pk in wanted:
                    circle[member.pk] |= {p.pk: p for p in group if p.pk != member.pk}
    return circle


def difference_of(spelling: str, other: str) -> str:
    """How two spellings that may name one person differ: accents, initials, or middle names."""
    if fold(spelling) == fold(other):
        return "accents or punctuation"
    first, second = fold(given_names(spelling)).split(), fold(given_names(other)).split()
    if first and second and first[0] != second[0]:
        return "initials"
    return "middle names"


def merge_people(
    *, survivor: Person, other: Person, by: User | None = None, reason: str = ""
) -> Person:
    """Make `other` a spelling of `survivor`, who takes all works, roles, talks and aliases.

    The address of `other` leads to `survivor` from then on. Doing it again changes nothing.
    by: the user who decided; the survivor's sources keep the name.
    Raises CannotMerge when the two are one record, have different ORCIDs, or `other` or
    `survivor` was merged into somebody else before.
    """
    with transaction.atomic(), act(by=by, reason=reason):
        rows = Person.objects.select_for_update().order_by("pk")
        locked = {row.pk: row for row in rows.filter(pk__in=[survivor.pk, other.pk])}
        keeping, leaving = locked[survivor.pk], locked[other.pk]
        if leaving.merged_into_id == keeping.pk:
            return keeping
        _refuse_if_different(keeping, leaving)
        _move_works(keeping, leaving)
        _keep_what_was_known(keeping, leaving, by)
        Person.objects.filter(merged_into=leaving).update(merged_into=keeping)
        act(moved=move_all(leaving, keeping))
        Person.objects.filter(pk=leaving.pk).update(merged_into=keeping)
    survivor.refresh_from_db()
    other.refresh_from_db()
    return survivor


def _refuse_if_different(keeping: Person, leaving: Person) -> None:
    if keeping.pk == leaving.pk:
        raise CannotMerge(gettext("{name} is already one record.").format(name=keeping.name))
    for person in (keeping, leaving):
        if person.merged_into_id is not None:
            raise CannotMerge(
                gettext("{name} ({slug}) was merged into another record.").format(
                    name=person.name, slug=person.slug
                )
            )
    if keeping.orcid and leaving.orcid and keeping.orcid != leaving.orcid:
        raise CannotMerge(
            gettext("Different ORCIDs: {orcid} and {orcid2}.").format(
                orcid=keeping.orcid, orcid2=leaving.orcid
            )
        )


def _move_works(keeping: Person, leaving: Person) -> None:
    for model in (Authorship, WorkshopRole, AcceptedAuthor):
        model.objects.filter(person=leaving).update(person=keeping)
    spoken = _TALKS.objects.filter(person=keeping).values("talk")
    _TALKS.objects.filter(person=leaving, talk__in=spoken).delete()
    _TALKS.objects.filter(person=leaving).update(person=keeping)
    leaving.aliases.update(person=keeping)
    keep_spelling(keeping, leaving.name)


def _keep_what_was_known(keeping: Person, leaving: Person, by: User | None) -> None:
    """Fill the survivor's gaps from the other record and note who merged them, and when."""
    for name in ("name_zh", "affiliation", "url", "orcid"):
        if not getattr(keeping, name):
            setattr(keeping, name, getattr(leaving, name))
    who = f" by {by}" if by is not None else ""
    act = f"merged with {leaving.name} ({leaving.slug}){who} on {now():%Y-%m-%d}"
    keeping.sources = [*keeping.sources, *leaving.sources, act]
    keeping.curated = True
    keeping.save()
