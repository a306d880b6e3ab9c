"""Printed names become people: the one place where records of people are made.

A printed name is not a person. Each exact spelling leads to one person; a spelling that nobody
bears yet makes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F, Func, Value

from papers.models import (
    AcceptedAuthor,
    Authorship,
    Person,
    PersonAlias,
    Talk,
    WorkshopRole,
)
from papers.names import fold, slug, tidy

_LOCK = 0x70656F70  # one maker of people at a time, across processes: a spelling leads to one


class Spellings:
    """Spellings and the people they lead to, remembered for as long as a load or import takes."""

    def __init__(self) -> None:
        self._people: dict[str, int] = {}

    def person_id(self, printed: str) -> int:
        """The person of a spelling; made when the spelling is new."""
        name = tidy(printed)
        self.learn([name])
        return self._people[name]

    def learn(self, names: Iterable[str]) -> None:
        """Look up the person of each spelling, all at once; new spellings make new people."""
        spelled = [tidy(name) for name in names]
        self._look_up(spelled)
        if self._unknown(spelled):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                self._look_up(spelled)  # somebody else may have made them until now
                self._make(self._unknown(spelled))

    def lead_to(self, person: Person, names: Iterable[str]) -> None:
        """Make `names` spellings of `person`, taking them from whom they led to before."""
        for name in dict.fromkeys(map(tidy, names)):
            PersonAlias.objects.update_or_create(
                name=name, defaults={"person": person, "folded": fold(name)}
            )
            self._people[name] = person.pk

    def _unknown(self, names: Iterable[str]) -> list[str]:
        return [name for name in dict.fromkeys(names) if name not in self._people]

    def _look_up(self, names: Iterable[str]) -> None:
        if unknown := self._unknown(names):
            aliases = PersonAlias.objects.filter(name__in=unknown)
            self._people.update(aliases.values_list("name", "person_id"))

    def _make(self, names: list[str]) -> None:
        slugs = _free_slugs(names)
        people = Person.objects.bulk_create(
            Person(name=name, slug=free) for name, free in zip(names, slugs, strict=True)
        )
        PersonAlias.objects.bulk_create(
            PersonAlias(person=person, name=person.name, folded=fold(person.name))
            for person in people
        )
        self._people.update({person.name: person.pk for person in people})


def person_at(key: str) -> Person:
    """The person at this address; a new one, not yet saved, where there is none."""
    return Person.objects.filter(slug=key).first() or Person(slug=key)


def keep_spelling(person: Person, name: str) -> None:
    """Let a spelling lead to `person`, unless it leads to somebody already."""
    PersonAlias.objects.get_or_create(
        name=tidy(name), defaults={"person": person, "folded": fold(name)}
    )


def _free_slugs(names: list[str]) -> list[str]:
    """A slug for each name; numbered for namesakes and names without Latin letters."""
    stems = [slug(name, longest=120) or "person" for name in names]
    taken = set(Person.objects.filter(slug__in=stems).values_list("slug", flat=True))
    shared = taken | {stem for stem, number in Counter(stems).items() if number > 1}
    if shared:
        plain = Func(F("slug"), Value("-[0-9]+$"), Value(""), function="regexp_replace")
        numbered = Person.objects.annotate(plain=plain).filter(plain__in=shared)
        taken.update(numbered.values_list("slug", flat=True))
    free = []
    for stem in stems:
        candidate, number = stem, 2
        while candidate in taken:
            candidate, number = f"{stem}-{number}", number + 1
        taken.add(candidate)
        free.append(candidate)
    return free


def follow_spellings(person: Person, names: list[str]) -> None:
    """Give every printed appearance of `names` to `person`; emptied records are merged."""
    spelled = [tidy(name) for name in names]
    left: set[int] = set()
    for model in (Authorship, WorkshopRole, AcceptedAuthor):
        printed = model.objects.filter(printed_name__in=spelled).exclude(person=person)
        left |= set(printed.exclude(person=None).values_list("person_id", flat=True))
        printed.update(person=person)
    for talk in Talk.objects.filter(speakers__in=left):
        if {tidy(name) for name in talk.speaker.split(",")} & set(spelled):
            talk.speakers.remove(*left)
            talk.speakers.add(person)
    Person.objects.filter(
        pk__in=left, authorships=None, workshop_roles=None, accepted_authorships=None
    ).update(merged_into=person)
