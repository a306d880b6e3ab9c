"""Claiming to be a person of the literature: by a moderator's word, or by ORCID at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_member, is_moderator
from community.members.profiles import connected_orcid
from community.models import PersonClaim
from papers.models import Person
from papers.survivors import survivor

_LIVING = (PersonClaim.State.OPEN, PersonClaim.State.CONFIRMED)


def claim_person(person: Person, *, by: User, statement: str = "") -> PersonClaim:
    """Say that `person` is the account's owner. Said again, it is the same claim.

    Confirmed at once when the connected ORCID iD is the person's. Raises NotPossible.
    """
    if not is_member(by):
        raise NotPossible(gettext("Sign in to claim a person."))
    person = survivor(person)
    living = PersonClaim.objects.filter(user=by, state__in=_LIVING).select_related("person").first()
    if living and living.person_id == person.pk:
        return living
    if living:
        raise NotPossible(
            gettext(
                "You already claim to be {person}. Withdraw that claim first: one account "
                "is one person."
            ).format(person=living.person)
        )
    if PersonClaim.objects.filter(person=person, state=PersonClaim.State.CONFIRMED).exists():
        raise NotPossible(
            gettext("Another account was confirmed to be {person}. Tell a moderator.").format(
                person=person
            )
        )
    try:
        with transaction.atomic():
            made = PersonClaim.objects.create(user=by, person=person, statement=statement[:2000])
    except IntegrityError:
        raise NotPossible(gettext("You have just made a claim in another window.")) from None
    confirm_by_orcid(by)
    made.refresh_from_db()
    return made


def confirm_by_orcid(user: User) -> bool:
    """Confirm the member's open claim if the person carries the ORCID iD they connected."""
    orcid = connected_orcid(user)
    if not orcid:
        return False
    waiting = PersonClaim.objects.filter(
        user=user, state=PersonClaim.State.OPEN, person__orcid=orcid, person__merged_into=None
    )
    try:
        with transaction.atomic():
            done = waiting.update(
                state=PersonClaim.State.CONFIRMED, decided_at=timezone.now(), by_orcid=True
            )
    except IntegrityError:  # somebody else was confirmed to be this person: a moderator decides
        return False
    return bool(done)


def decide_claim(claim: PersonClaim, *, confirm: bool, by: User, reason: str = "") -> PersonClaim:
    """Confirm or decline an open claim. Two moderators: one wins, the other is told.

    Raises NotPossible.
    """
    if not is_moderator(by):
        raise NotPossible(gettext("Only moderators decide about claims."))
    if claim.user_id == by.pk:
        raise NotPossible(gettext("Another moderator has to decide about your own claim."))
    if not confirm and not reason.strip():
        raise NotPossible(gettext("Give the member a reason."))
    state = PersonClaim.State.CONFIRMED if confirm else PersonClaim.State.DECLINED
    try:
        with transaction.atomic():
            done = _open(claim).update(
                state=state, decided_at=timezone.now(), decided_by=by, reason=reason.strip()
            )
    except IntegrityError:
        raise NotPossible(
            gettext("Another account was confirmed to be {person}.").format(person=claim.person)
        ) from None
    claim.refresh_from_db()
    if not done:
        raise NotPossible(
            gettext("Somebody was first: the claim is {get_state_display}.").format(
                get_state_display=claim.get_state_display()
            )
        )
    return claim


def withdraw_claim(claim: PersonClaim, *, by: User) -> None:
    """Take back one's own claim, open or confirmed."""
    if claim.user_id != by.pk:
        raise NotPossible(gettext("This is not your claim."))
    done = PersonClaim.objects.filter(pk=claim.pk, state__in=_LIVING).update(
        state=PersonClaim.State.WITHDRAWN, decided_at=timezone.now()
    )
    if not done:
        raise NotPossible(gettext("This claim was decided already."))


def waiting_claims() -> QuerySet[PersonClaim]:
    """Claims that moderators have to decide, the longest waiting first."""
    return PersonClaim.objects.filter(state=PersonClaim.State.OPEN).select_related("user", "person")


def _open(claim: PersonClaim) -> QuerySet[PersonClaim]:
    return PersonClaim.objects.filter(pk=claim.pk, state=PersonClaim.State.OPEN)
