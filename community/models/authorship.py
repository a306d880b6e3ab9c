"""Who wrote a paper, as far as accounts were confirmed or claim to be its authors.

And so who may not judge what others say about it: its authors, and who declared a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Q, QuerySet, Value

from accounts.models import Visitor
from community.models.profile import PersonClaim
from papers.models import Authorship, Paper, Person

DECLARED = "some"
"""Review.Conflict.SOME; that model is defined later."""


def with_merged(person_pks: Iterable[int]) -> set[int]:
    """These persons, and all who were merged into them, however often."""
    known = set(person_pks)
    newest = known
    while newest:
        merged = Person.objects.filter(merged_into__in=newest).values_list("pk", flat=True)
        newest = set(merged) - known
        known |= newest
    return known


def confirmed() -> QuerySet[PersonClaim]:
    """Confirmed claims of accounts in use."""
    return PersonClaim.objects.filter(state=PersonClaim.State.CONFIRMED, user__is_active=True)


def claimed(paper: object) -> Q:
    """Claims to be an author of the paper, or of a record that was merged into it, which may list
    others; also through a person that was merged, twice at most: merging leads earlier merges on to
    the record that stays."""
    ways = ("person", "person__merged_into", "person__merged_into__merged_into")
    which = Q(pk__in=[])
    for way in ways:
        which |= Q(**{f"{way}__authorships__paper": paper})
        which |= Q(**{f"{way}__authorships__paper__merged_into": paper})
    return which


def authors_of(paper: Paper) -> set[int]:
    """Accounts that were confirmed to be authors of the paper."""
    return set(confirmed().filter(claimed(paper)).values_list("user", flat=True))


def once_confirmed() -> QuerySet[PersonClaim]:
    """Claims that were confirmed at any time, also those taken back and of closed accounts."""
    state = PersonClaim.State
    by_somebody = Q(by_orcid=True) | ~Q(decided_by=None)
    return PersonClaim.objects.filter(
        Q(state=state.CONFIRMED) | Q(by_somebody, state=state.WITHDRAWN)
    )


def once_authors_of(paper: Paper) -> set[int]:
    """Accounts that were ever confirmed to be authors of the paper: they do not review it, or
    taking the claim back would open what it closed."""
    return set(once_confirmed().filter(claimed(paper)).values_list("user", flat=True))


def papers_not_to_judge(user: Visitor) -> set[int]:
    """Papers about which `user` decides nothing: their own, and those of a declared conflict.

    A claim that still waits counts as well: whoever says to be an author is one here. So does one
    that its member took back, or taking it back would open what it closed; a declined one does not.
    """
    if user is None or not user.is_authenticated:
        return set()
    persons, papers = _claimed_and_declared(user.pk)
    if persons:
        leading = Person.objects.filter(pk__in=persons).values_list("merged_into", flat=True)
        persons |= {person for person in leading if person is not None}
        wrote = Authorship.objects.filter(person__in=with_merged(persons))
        for pair in wrote.values_list("paper", "paper__merged_into"):
            papers |= {paper for paper in pair if paper is not None}
    return papers


def _claimed_and_declared(account: int) -> tuple[set[int], set[int]]:
    """Persons that the account says to be, and papers of its declared conflicts; one query."""
    said = PersonClaim.objects.filter(user=account)
    claims = said.exclude(state=PersonClaim.State.DECLINED).order_by()
    reviews = apps.get_model("community", "Review")._default_manager.filter(author=account)
    declared = reviews.filter(versions__conflict=DECLARED).order_by()
    rows = claims.values_list("person", Value(True)).union(
        declared.values_list("paper", Value(False))
    )
    ids: dict[bool, set[int]] = {True: set(), False: set()}
    for pk, is_person in rows:
        ids[is_person].add(pk)
    return ids[True], ids[False]
