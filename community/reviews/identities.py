"""Who wrote what, as far as others may know: the one place that turns accounts into names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Q

from accounts.models import Visitor
from accounts.roles import key_of
from community.members.profiles import shown_name
from community.models import PersonClaim
from community.models.authorship import once_authors_of
from papers.models import Paper, Person

_CONFIRMED = Q(state=PersonClaim.State.CONFIRMED, user__is_active=True)


@dataclass(frozen=True)
class Identity:
    """How a member is shown: a name, and the person of the literature they were confirmed to be."""

    name: str
    person: Person | None = None

    @property
    def url(self) -> str:
        return self.person.get_absolute_url() if self.person else ""


def identities(user_ids: Iterable[int]) -> dict[int, Identity]:
    """Names of accounts, in two queries; closed accounts have none."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    users = get_user_model()._default_manager.filter(pk__in=wanted).select_related("profile")
    claims = PersonClaim.objects.filter(_CONFIRMED, user__in=wanted).select_related("person")
    people = {claim.user_id: claim.person for claim in claims}
    return {user.pk: Identity(shown_name(user), people.get(user.pk)) for user in users}


def is_author_of(user: Visitor, paper: Paper) -> bool:
    """Whether the account is or was confirmed to be one of the paper's authors."""
    return key_of(user) in once_authors_of(paper)


def members_who_are(person: Person) -> set[int]:
    """Accounts that were confirmed to be this person, or a record that was merged into it."""
    claims = PersonClaim.objects.filter(
        _CONFIRMED, Q(person=person) | Q(person__merged_into=person)
    )
    return set(claims.values_list("user", flat=True))
