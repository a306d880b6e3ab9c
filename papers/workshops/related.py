"""Which workshops go together, computed from the people and papers that they share."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from papers.models import AcceptedAuthor, AcceptedPaper, Person, Workshop, WorkshopRole


@dataclass
class Related:
    """Another workshop with the people and papers in common."""

    workshop: Workshop
    people: dict[int, Person] = field(default_factory=dict)
    titles: dict[str, AcceptedPaper] = field(default_factory=dict)

    def meet(self, person: Person | None) -> None:
        """Count somebody who took part in both, once."""
        if person is not None:
            self.people[person.pk] = person

    @property
    def people_by_name(self) -> list[Person]:
        return sorted(self.people.values(), key=lambda person: person.name)


def related_workshops(workshop: Workshop) -> list[Related]:
    """Workshops outside the series of `workshop` that share people or papers, most shared first.

    A paper weighs as much as three people. Takes five queries.
    """
    own = set(workshop.roles.exclude(person=None).values_list("person", flat=True)) | set(
        AcceptedAuthor.objects.filter(accepted__workshop=workshop)
        .exclude(person=None)
        .values_list("person", flat=True)
    )
    related: dict[int, Related] = {}

    def at(other: Workshop) -> Related:
        return related.setdefault(other.pk, Related(other))

    siblings = Workshop.objects.filter(Q(pk=workshop.pk) | Q(series=workshop.series, series__gt=""))
    for role in (
        WorkshopRole.objects.filter(person__in=own)
        .exclude(workshop__in=siblings)
        .select_related("person", "workshop")
    ):
        at(role.workshop).meet(role.person)
    for author in (
        AcceptedAuthor.objects.filter(person__in=own)
        .exclude(accepted__workshop__in=siblings)
        .select_related("person", "accepted__workshop")
    ):
        at(author.accepted.workshop).meet(author.person)
    mine = workshop.accepted.all()
    same = Q(title__in=mine.values("title")) | Q(paper__in=mine.exclude(paper=None).values("paper"))
    others = AcceptedPaper.objects.filter(same).exclude(workshop__in=siblings)
    for accepted in others.select_related("workshop"):
        at(accepted.workshop).titles[accepted.title] = accepted
    return sorted(
        related.values(),
        key=lambda r: (-3 * len(r.titles) - len(r.people), -r.workshop.year, r.workshop.slug),
    )
