"""Workshops of the world: drafts, waiting ones, and public ones with parts that are not."""

from __future__ import annotations

from typing import Any

from community.models import State, WorkshopRequest
from papers.models import Workshop, WorkshopBlock, WorkshopNotice, WorkshopOrganiser
from tests import make
from tests.leaks.canaries import ADMIN, CURATOR, MODERATOR, OWNER

# Organisers' drafts are theirs; whoever edits a public workshop reads its drafts.
ORGANISERS = {
    Workshop.State.DRAFT: (OWNER,),
    Workshop.State.WAITING: (OWNER, MODERATOR, ADMIN),
    Workshop.State.PUBLIC: (OWNER, CURATOR, ADMIN),
}
REQUESTS = {
    Workshop.State.DRAFT: State.DRAFT,
    Workshop.State.WAITING: State.PENDING,
    Workshop.State.PUBLIC: State.PUBLISHED,
}


def plant(world: Any) -> list[str]:
    """One workshop in each state, organised by the owner; returns their slugs."""
    return [_workshop(world, state) for state in Workshop.State.values]


def _workshop(world: Any, state: str) -> str:
    def word(place: str, *readers: str, **more: Any) -> str:
        return world.cage.plant(f"{place} of a {state} workshop", *readers, **more)

    readers = ORGANISERS[Workshop.State(state)]
    is_public = state == Workshop.State.PUBLIC
    workshop = make.workshop(
        "An open workshop" if is_public else word("name", *readers),
        slug=f"made-{state}",
        state=state,
        series="made",
        location="Vienna" if is_public else word("place", *readers),
    )
    WorkshopOrganiser.objects.create(workshop=workshop, user=world.owner)
    invited = WorkshopOrganiser.objects.create(
        workshop=workshop,
        email=word(
            "invited address",
            OWNER,
            *(r for r in readers if r != MODERATOR and is_public),
            markup=False,
            shown=is_public,
        )
        + "@example.org",
    )
    WorkshopRequest.objects.create(
        workshop=workshop, author=world.owner, state=REQUESTS[Workshop.State(state)]
    )
    contents = {
        "overview": {"summary": word("draft overview", *readers)},
        "people": {"people": [{"name": word("draft speaker", *readers), "role": "keynote"}]},
        "papers": {
            "accepted_papers": [
                {
                    "title": word("draft paper", *readers),
                    "authors": [word("draft author", *readers)],
                }
            ]
        },
        "programme": {
            "schedule": [
                {"title": word("scheduled talk", *readers), "start": "09:00", "end": "10:00"}
            ]
        },
    }
    for code, content in contents.items():
        scheduled = code == "programme"
        WorkshopBlock.objects.create(
            workshop=workshop,
            code=code,
            state="scheduled" if scheduled else "draft",
            show_from="2099-01-01T00:00:00Z" if scheduled else None,
            content=content,
        )
    held = {"news": [{"date": "2099-01-01", "title": word("coming news", *readers)}]}
    WorkshopBlock.objects.create(workshop=workshop, code="news", content=held)
    WorkshopNotice.objects.create(workshop=workshop, block="dates", text="A date moved.")
    world.examples.give("workshops/<slug:slug>/proceedings.", "suffix", "csv")
    world.queries += [f"/workshops/{workshop.slug}/proceedings.{kind}" for kind in ("bib", "json")]
    if is_public:  # who holds a letter reads what they are invited to
        world.examples.give("workshops/invitations/", "token", invited.token)
    return workshop.slug
