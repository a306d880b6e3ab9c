"""Members that tests act as."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User
from accounts.tokens import make_token
from community.following.follows import follow, subscription_of
from community.lists import add_paper, change_list, make_list, set_mark
from community.members.identity import claim_person, decide_claim
from community.models import Profile
from tests import make
from tests.community.test_moderation import user

PASSWORD = "correct horse battery"


def signed_in(name: str = "mia", *groups: str, **fields: Any) -> tuple[Client, User]:
    who = User.objects.filter(username=name).first() or user(name, *groups, **fields)
    client = Client()
    client.force_login(who)
    return client, who


def sure(client: Client, who: User) -> None:
    """As if the member had just typed the password again."""
    who.set_password(PASSWORD)
    who.save()
    client.force_login(who)
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def full_member() -> User:
    """Somebody with a row of every kind that this area knows."""
    who = user("mia")
    who.set_password(PASSWORD)
    who.first_name = "Mia"
    who.save()
    EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    SocialAccount.objects.create(user=who, provider="orcid", uid="0000-0002-1825-0097")
    Profile.objects.create(user=who, name="Mia Canary", is_public=True)
    paper = make.paper("Skip RNN", key="skip")
    private, shared = make_list(who, name="private"), make_list(who, name="shared")
    add_paper(private, paper, note="my note")
    change_list(shared, is_shared=True)
    set_mark(who, paper, "read")
    follow(who, "paper", "skip")
    subscription_of(who)
    make_token(who, name="laptop", scopes=["read"], days=30)
    decide_claim(
        claim_person(make.person("Gao Huang"), by=who, statement="see my page"),
        confirm=True,
        by=user("moe", "moderators"),
    )
    return who
