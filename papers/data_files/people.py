"""Printed names become people: each exact spelling leads to one person, found or made."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from papers.models import Person, PersonAlias
from papers.names import fold, slug, tidy


class Spellings:
    """Every known spelling and the person it leads to, kept in memory during a load."""

    @cached_property
    def _people(self) -> dict[str, int]:
        return dict(PersonAlias.objects.values_list("name", "person_id"))

    @cached_property
    def _slugs(self) -> set[str]:
        return set(Person.objects.values_list("slug", flat=True))

    def person_id(self, printed: str) -> int:
        """The person of a spelling; made when the spelling is new."""
        name = tidy(printed)
        if name not in self._people:
            self.learn([name])
        return self._people[name]

    def learn(self, names: Iterable[str]) -> None:
        """Make a person for each new spelling, all at once."""
        fresh = [name for name in dict.fromkeys(map(tidy, names)) if name not in self._people]
        if not fresh:
            return
        people = Person.objects.bulk_create(
            [Person(name=name, slug=self.free_slug(name)) for name in fresh]
        )
        PersonAlias.objects.bulk_create(
            [PersonAlias(person=p, name=p.name, folded=fold(p.name)) for p in people]
        )
        self._people.update({person.name: person.pk for person in people})

    def lead_to(self, person: Person, names: Iterable[str]) -> None:
        """Make `names` spellings of `person`, taking them from whom they led to before."""
        for name in dict.fromkeys(map(tidy, names)):
            PersonAlias.objects.update_or_create(
                name=name, defaults={"person": person, "folded": fold(name)}
            )
            self._people[name] = person.pk

    def free_slug(self, name: str) -> str:
        """A slug nobody has yet; numbered for namesakes and names without Latin letters."""
        stem = slug(name, longest=120) or "person"
        candidate, number = stem, 2
        while candidate in self._slugs:
            candidate, number = f"{stem}-{number}", number + 1
        self._slugs.add(candidate)
        return candidate
