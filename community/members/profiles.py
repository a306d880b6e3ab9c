"""Who a member is: the name to show, the profile, the person of the literature."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount

from accounts.models import User
from community.models import PersonClaim, Profile
from papers.models import Person
from papers.survivors import survivor

FORMER_MEMBER = "a former member"


def person_of(user: User) -> Person | None:
    """The person of the literature that this account was confirmed to be."""
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    claim = (
        PersonClaim.objects.filter(user=user, state=PersonClaim.State.CONFIRMED)
        .select_related("person")
        .first()
    )
    return survivor(claim.person) if claim else None


def profile_of(user: User) -> Profile:
    """The member's profile, unsaved while they told nothing."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)


def shown_name(user: User) -> str:
    """How a page names the author of something signed; closed accounts have no name.

    Costs no query where `profile` was selected along with the user.
    """
    if user is None or not user.is_active:
        return FORMER_MEMBER
    profile = getattr(user, "profile", None)
    return (profile.name if profile else "") or str(user.get_username())


def connected_orcid(user: User) -> str:
    """The ORCID iD that the member proved to be theirs by signing in there, or nothing."""
    account = SocialAccount.objects.filter(user=user, provider="orcid").first()
    return account.uid if account else ""
