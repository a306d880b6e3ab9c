"""Claiming to be a person of the literature."""

from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts.roles import NotPossible
from community.members.identity import claim_person, decide_claim, withdraw_claim
from community.members.profiles import person_of, shown_name
from community.models import PersonClaim, Profile
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db
GAO = "0000-0002-1825-0097"


def test_a_claim_counts_only_when_a_moderator_has_confirmed_it() -> None:
    mia, moe, gao = user("mia"), user("moe", "moderators"), make.person("Gao Huang")

    claim = claim_person(gao, by=mia, statement="my page says so")
    before = person_of(mia)
    decide_claim(claim, confirm=True, by=moe)

    assert before is None
    assert person_of(mia) == gao
    assert person_of(None) is None


def test_the_connected_orcid_confirms_at_once_and_a_typed_one_never() -> None:
    gao = make.person("Gao Huang", orcid=GAO)
    typed, proved = user("typed"), user("proved")
    Profile.objects.create(user=typed, orcid=GAO)
    SocialAccount.objects.create(user=proved, provider="orcid", uid=GAO)

    waiting = claim_person(gao, by=typed)
    done = claim_person(gao, by=proved)

    assert (waiting.state, done.state, done.by_orcid) == ("open", "confirmed", True)
    assert person_of(typed) is None
    assert person_of(proved) == gao


def test_of_two_moderators_the_second_is_told() -> None:
    moe, max_ = user("moe", "moderators"), user("max", "moderators")
    claim = claim_person(make.person(), by=user("mia"))
    seen_by_max = PersonClaim.objects.get(pk=claim.pk)
    decide_claim(claim, confirm=True, by=moe)

    with pytest.raises(NotPossible, match="first"):
        decide_claim(seen_by_max, confirm=False, by=max_, reason="a namesake")

    assert PersonClaim.objects.get().decided_by == moe


@pytest.mark.parametrize(("name", "groups"), [("mia", ()), ("cam", ("curators",))])
def test_members_and_curators_decide_nothing(name: str, groups: tuple[str, ...]) -> None:
    claim = claim_person(make.person(), by=user("claimant"))

    with pytest.raises(NotPossible, match="moderators"):
        decide_claim(claim, confirm=True, by=user(name, *groups))


def test_nobody_confirms_themselves() -> None:
    moe = user("moe", "moderators")
    claim = claim_person(make.person(), by=moe)

    with pytest.raises(NotPossible, match="Another moderator"):
        decide_claim(claim, confirm=True, by=moe)


def test_one_person_is_one_account_and_one_account_one_person() -> None:
    moe, first, second = user("moe", "moderators"), user("first"), user("second")
    gao, le = make.person("Gao Huang"), make.person("Le Yang")
    both = [claim_person(gao, by=one) for one in (first, second)]
    decide_claim(both[0], confirm=True, by=moe)

    with pytest.raises(NotPossible, match="Another account"):
        decide_claim(both[1], confirm=True, by=moe)
    with pytest.raises(NotPossible, match="one account is one person"):
        claim_person(le, by=first)
    withdraw_claim(both[0], by=first)

    assert person_of(first) is None
    assert claim_person(le, by=first).state == "open"


def test_a_claim_follows_the_person_into_a_merged_record() -> None:
    moe, mia = user("moe", "moderators"), user("mia")
    kept, double = make.person("Gao Huang"), make.person("G. Huang")
    decide_claim(claim_person(double, by=mia), confirm=True, by=moe)
    double.merged_into = kept
    double.save()

    assert person_of(mia) == kept


def test_a_closed_account_has_no_name() -> None:
    mia = user("mia")
    Profile.objects.create(user=mia, name="Mia M.")
    named = shown_name(mia)
    mia.is_active = False

    assert (named, shown_name(mia)) == ("Mia M.", "a former member")
