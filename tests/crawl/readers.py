"""Who opens the addresses: nobody signed in, a member who keeps things, a curator."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from community.lists import add_paper, make_list
from community.models import Follow, Mark
from papers.models import Paper
from taxonomy.models import Topic
from tests.crawl.visiting import ANONYMOUS, CURATOR, MEMBER

KEPT = 40
"""Papers in the member's list, more than one page shows, so that a query for each is seen."""


def clients() -> dict[str, Client]:
    """One client a role; the accounts of members are made."""
    member = get_user_model()._default_manager.create_user("crawling-member", "m@example.org")
    curator = get_user_model()._default_manager.create_user("crawling-curator", "c@example.org")
    curator.groups.set(Group.objects.filter(name__in=("curators", "moderators")))
    for user in (member, curator):
        _keep(user)
    signed_in = {}
    for role, user in ((MEMBER, member), (CURATOR, curator)):
        signed_in[role] = Client(raise_request_exception=False)
        signed_in[role].force_login(user)
    return {ANONYMOUS: Client(raise_request_exception=False)} | signed_in


def _keep(user: object) -> None:
    """A shared list, marks and follows of `user`."""
    papers = list(Paper.objects.visible_to(None).order_by("key")[:KEPT])
    chosen = make_list(user, name="To be opened")
    chosen.is_shared = True
    chosen.save()
    for paper in papers:
        add_paper(chosen, paper)
    Mark.objects.bulk_create(Mark(user=user, paper=paper, kind="read") for paper in papers)
    Follow.objects.bulk_create(
        Follow(user=user, kind="topic", topic=topic) for topic in Topic.objects.all()[:KEPT]
    )
